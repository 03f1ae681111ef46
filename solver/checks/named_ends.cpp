#include "solver/checks/named_ends.h"

#include <algorithm>

namespace meshproof {
namespace {

constexpr std::string_view kNode = "Node/";
constexpr std::string_view kService = "svc:";

}  // namespace

std::optional<NamedEnd> find_end(const Cluster& cluster, std::string_view name) {
  if (const auto address = IpAddress::parse(name)) return NamedEnd{*address, {}};
  if (name.starts_with(kNode)) {
    const auto at = std::ranges::find(cluster.nodes, name.substr(kNode.size()), &Node::name);
    if (at == cluster.nodes.end()) return std::nullopt;
    return NamedEnd{IpAddress{}, {static_cast<std::uint32_t>(at - cluster.nodes.begin())}};
  }
  const bool is_service = name.starts_with(kService);
  if (is_service) name.remove_prefix(kService.size());
  const auto slash = name.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const NamespaceId ns = cluster.find_namespace(name.substr(0, slash));
  if (!ns.is_valid()) return std::nullopt;
  const std::string_view rest = name.substr(slash + 1);
  if (is_service) {
    const ServiceId service = cluster.find_service(ns, rest);
    return service.is_valid() ? std::optional(NamedEnd{service, {}}) : std::nullopt;
  }
  const PodId pod = cluster.find_pod(ns, rest);
  return pod.is_valid() ? std::optional(NamedEnd{pod, {}}) : std::nullopt;
}

Decision decide(const Evaluator& evaluator, const NamedEnd& src, const NamedEnd& dst,
                Protocol protocol, std::uint16_t port) {
  if (src.node.is_valid()) return evaluator.evaluate_from_node(src.node, dst.end, protocol, port);
  if (dst.node.is_valid()) return evaluator.evaluate_to_node(src.end, dst.node, protocol, port);
  return evaluator.evaluate({src.end, dst.end, protocol, port});
}

}  // namespace meshproof
