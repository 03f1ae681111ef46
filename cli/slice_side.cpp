#include "cli/slice_side.h"

#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "cli/endpoint.h"
#include "reports/text.h"

namespace meshproof {
namespace {

Result<SliceSide> failure(std::string code, std::string message) {
  return tl::make_unexpected(
      Diagnostics{{{}, Severity::Error, std::move(code), std::move(message), {}, "command line"}});
}

Result<SliceSide> parse_side(std::string_view text, const Cluster& cluster) {
  if (text == "outside") {
    SliceSide outside;
    outside.blocks = {Cidr::of(IpAddress::v4(0), 0), Cidr::of(IpAddress::of_bytes({}, false), 0)};
    return outside;
  }
  if (const auto address = IpAddress::parse(text)) return side_at(cluster, *address);
  if (const auto block = Cidr::parse(text)) return side_in(cluster, *block);
  const Result<EndpointParts> parsed = parse_endpoint(text, cluster);
  if (!parsed) return tl::make_unexpected(parsed.error());
  std::vector<PodId> pods;
  std::vector<ServiceId> services;
  for (const FlowEnd& end : parsed->ends) {
    if (const auto* pod = std::get_if<PodId>(&end)) pods.push_back(*pod);
    if (const auto* service = std::get_if<ServiceId>(&end)) services.push_back(*service);
  }
  SliceSide side = side_of(cluster, std::move(pods));
  side.services = std::move(services);
  if (!side.is_empty()) return side;
  return failure("empty-end", fmt::format("'{}' selects only pods that have completed", text));
}

}  // namespace

Result<SliceSide> parse_source(std::string_view text, const Cluster& cluster) {
  Result<SliceSide> side = parse_side(text, cluster);
  if (!side) return side;
  const bool has_services = !side->services.empty();
  side->services.clear();
  if (!has_services || !side->is_empty()) return side;
  return failure("bad-end", fmt::format("'{}' is a Service, which opens no connections", text));
}

Result<SliceSide> parse_destination(std::string_view text, const Cluster& cluster) {
  return parse_side(text, cluster);
}

std::string doubt_about(std::string_view text, const Cluster& cluster) {
  const auto block = Cidr::parse(text);
  const std::size_t count = block ? pods_perhaps_in(cluster, *block) : 0;
  if (count == 0) return {};
  return fmt::format("{} may lie in {} or not, for their addresses are not known: left out",
                     counted(count, "pod"), text);
}

}  // namespace meshproof
