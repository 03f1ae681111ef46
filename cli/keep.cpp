#include "cli/keep.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "cli/endpoint.h"
#include "cli/port_choice.h"

namespace meshproof {
namespace {

/// More pairs of ends are a slip of the pen, and would be asked one by one.
constexpr std::size_t kMostPairs = 100'000;

template <typename Value>
Result<Value> failure(std::string code, std::string message) {
  return tl::make_unexpected(
      Diagnostics{{{}, Severity::Error, std::move(code), std::move(message), {}, "--keep"}});
}

/// The words of one --keep.
struct KeepWords {
  std::string_view from;
  std::string_view to;
  std::string_view port;  ///< empty: none
};

/// Where the `=` between FROM and TO stands; npos if there is none.
std::size_t middle_of(std::string_view text) {
  std::size_t middle = text.npos;
  for (const std::string_view mark : {"=ns=", "=label="}) {
    const std::size_t found = text.rfind(mark);
    // `label=ns=…` is a source whose label has the key `ns`.
    const bool is_key =
        found != text.npos && (text.substr(0, found) == "label" || text.substr(0, found) == "ns");
    if (found == text.npos || found == 0 || is_key) continue;
    if (middle == text.npos || found > middle) middle = found;
  }
  return middle == text.npos ? text.rfind('=') : middle;
}

bool is_port(std::string_view text) {
  if (text == "ICMP" || text == "icmp") return true;
  const std::string_view digits = text.substr(0, text.find('/'));
  return !digits.empty() &&
         std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
}

KeepWords split(std::string_view text) {
  KeepWords words;
  const std::size_t middle = middle_of(text);
  if (middle == text.npos) return words;
  words.from = text.substr(0, middle);
  words.to = text.substr(middle + 1);
  if (IpAddress::parse(words.to)) return words;  // the colons of an IPv6 address
  const std::size_t colon = words.to.rfind(':');
  if (colon == words.to.npos || !is_port(words.to.substr(colon + 1))) return words;
  words.port = words.to.substr(colon + 1);
  words.to = words.to.substr(0, colon);
  return words;
}

bool is_gone(const FlowEnd& end, const Cluster& cluster) {
  const auto* pod = std::get_if<PodId>(&end);
  return pod != nullptr && cluster.at(*pod).is_completed();
}

/// The ends once each, without what has completed.
std::vector<FlowEnd> living(std::vector<FlowEnd> ends, const Cluster& cluster) {
  std::erase_if(ends, [&](const FlowEnd& end) { return is_gone(end, cluster); });
  std::ranges::sort(ends);
  const auto repeated = std::ranges::unique(ends);
  ends.erase(repeated.begin(), repeated.end());
  return ends;
}

std::vector<NamespaceId> projects_of(const std::vector<FlowEnd>& ends, const Cluster& cluster) {
  std::vector<NamespaceId> projects;
  for (const FlowEnd& end : ends) {
    if (const auto* pod = std::get_if<PodId>(&end)) projects.push_back(cluster.at(*pod).ns);
  }
  std::ranges::sort(projects);
  const auto repeated = std::ranges::unique(projects);
  projects.erase(repeated.begin(), repeated.end());
  return projects;
}

/// Everything outside of the cluster, of one family.
IpBlock outside(const Cluster& cluster, bool v4) {
  const IpAddress zero = v4 ? IpAddress::v4(0) : IpAddress::of_bytes({}, false);
  IpBlock block{Cidr::of(zero, 0), {}};
  const Network& network = cluster.network;
  for (const auto* inner : {&network.cluster_networks, &network.service_networks}) {
    std::ranges::copy_if(*inner, std::back_inserter(block.except),
                         [&](const Cidr& cidr) { return cidr.first().is_v4() == v4; });
  }
  return block;
}

Result<std::vector<FlowEnd>> parse_ends(std::string_view text, const Cluster& cluster) {
  auto parsed = parse_endpoint(text, cluster);
  if (!parsed) return tl::make_unexpected(std::move(parsed.error()));
  if (parsed->left_out > 0) {
    return failure<std::vector<FlowEnd>>(
        "keep-too-wide", fmt::format("'{}' stands for {} more parts than can be judged one by one; "
                                     "name a smaller block",
                                     text, parsed->left_out));
  }
  std::vector<FlowEnd> ends = living(std::move(parsed->ends), cluster);
  if (!ends.empty()) return ends;
  return failure<std::vector<FlowEnd>>(
      "empty-end", fmt::format("'{}' selects only pods that have completed", text));
}

Diagnostics read_source(std::string_view text, const Cluster& cluster, KeptFlow& flow) {
  auto ends = parse_ends(text, cluster);
  if (!ends) return std::move(ends.error());
  flow.sources = std::move(*ends);
  if (std::holds_alternative<ServiceId>(flow.sources.front())) {
    return failure<int>("bad-keep",
                        fmt::format("'{}' is a Service: it receives and opens no connection", text))
        .error();
  }
  if (text.starts_with("ns=")) flow.source_projects = projects_of(flow.sources, cluster);
  if (text == "outside") {
    const auto has_family = [&](bool v4) {
      return std::ranges::any_of(flow.sources, [&](const FlowEnd& end) {
        const auto* address = std::get_if<IpAddress>(&end);
        return address != nullptr && address->is_v4() == v4;
      });
    };
    flow.blocks_hold_pods = false;
    for (const bool v4 : {true, false}) {
      if (has_family(v4)) flow.source_blocks.push_back(outside(cluster, v4));
    }
  } else if (const auto address = IpAddress::parse(text)) {
    const PodId pod = cluster.find_pod_by_address(*address);
    if (pod.is_valid()) flow.sources = {pod};
  } else if (const auto block = Cidr::parse(text)) {
    flow.source_blocks.push_back({*block, {}});
  }
  return {};
}

ServiceId service_at(const IpAddress& address, const Cluster& cluster) {
  for (std::uint32_t i = 0; i < cluster.services.size(); ++i) {
    const auto& addresses = cluster.services[i].cluster_ips;
    if (std::ranges::find(addresses, address) != addresses.end()) return {i};
  }
  return {};
}

Diagnostics read_destination(std::string_view text, const Cluster& cluster, KeptFlow& flow) {
  const auto refuse = [&] {
    return failure<int>("bad-keep",
                        fmt::format("'{}' is no pod and no Service, and only pods are closed by "
                                    "the NetworkPolicies of a project",
                                    text))
        .error();
  };
  if (text == "outside" || Cidr::parse(text)) return refuse();
  auto ends = parse_ends(text, cluster);
  if (!ends) return std::move(ends.error());
  flow.destinations = std::move(*ends);
  if (text.starts_with("ns=")) flow.destination_projects = projects_of(flow.destinations, cluster);
  const auto* address = std::get_if<IpAddress>(&flow.destinations.front());
  if (address == nullptr) return {};
  const PodId pod = cluster.find_pod_by_address(*address);
  const ServiceId service = service_at(*address, cluster);
  if (!pod.is_valid() && !service.is_valid()) return refuse();
  flow.destinations = {pod.is_valid() ? FlowEnd{pod} : FlowEnd{service}};
  return {};
}

Diagnostics read_port(std::string_view text, KeptFlow& flow) {
  if (text.empty()) return {};
  const auto port = parse_port_choice(text);
  if (!port) {
    return failure<int>("bad-port", fmt::format("'{}' is no port; write NUMBER, NUMBER/TCP, "
                                                "NUMBER/UDP, NUMBER/SCTP or ICMP",
                                                text))
        .error();
  }
  flow.port = {port->protocol, port->port};
  return {};
}

}  // namespace

Result<KeptFlow> parse_keep(std::string_view text, const Cluster& cluster) {
  const KeepWords words = split(text);
  if (words.from.empty() || words.to.empty()) {
    return failure<KeptFlow>("bad-keep",
                             fmt::format("--keep '{}' is not FROM=TO[:PORT[/PROTOCOL]]", text));
  }
  KeptFlow flow;
  flow.from = words.from;
  flow.to = words.to;
  Diagnostics told = read_source(words.from, cluster, flow);
  for (Diagnostics more :
       {read_destination(words.to, cluster, flow), read_port(words.port, flow)}) {
    std::ranges::move(more, std::back_inserter(told));
  }
  if (!told.empty()) return tl::make_unexpected(std::move(told));
  if (flow.sources.size() * flow.destinations.size() > kMostPairs) {
    return failure<KeptFlow>(
        "keep-too-wide",
        fmt::format("--keep '{}' means {} sources and {} destinations, more than can be judged "
                    "pair by pair; name workloads",
                    text, flow.sources.size(), flow.destinations.size()));
  }
  return flow;
}

}  // namespace meshproof
