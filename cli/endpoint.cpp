#include "cli/endpoint.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "cli/address_parts.h"
#include "cli/did_you_mean.h"

namespace meshproof {
namespace {

using Ends = Result<std::vector<FlowEnd>>;

Ends failure(std::string code, std::string message) {
  return tl::make_unexpected(
      Diagnostics{{{}, Severity::Error, std::move(code), std::move(message), {}, "command line"}});
}

Ends found(std::vector<FlowEnd> ends, std::string_view text) {
  if (!ends.empty()) return ends;
  return failure("empty-end", fmt::format("'{}' selects no pod", text));
}

NamespaceId namespace_named(std::string_view name, const Cluster& cluster, Ends& problem) {
  const NamespaceId ns = cluster.find_namespace(name);
  if (ns.is_valid()) return ns;
  std::vector<std::string> names;
  for (const Namespace& each : cluster.namespaces) names.push_back(each.name);
  problem = failure("unknown-namespace",
                    fmt::format("there is no namespace '{}'{}", name, did_you_mean(name, names)));
  return {};
}

std::vector<FlowEnd> pods_of_workloads(const Cluster& cluster, NamespaceId ns,
                                       std::string_view kind, std::string_view name) {
  std::vector<FlowEnd> ends;
  for (const Workload& workload : cluster.workloads) {
    if (workload.ns != ns || workload.name != name) continue;
    if (!kind.empty() && workload.kind != kind) continue;
    ends.insert(ends.end(), workload.pods.begin(), workload.pods.end());
  }
  return ends;
}

Ends parse_workload(NamespaceId ns, std::string_view kind, std::string_view name,
                    const Cluster& cluster) {
  std::vector<FlowEnd> ends = pods_of_workloads(cluster, ns, kind, name);
  if (!ends.empty()) return ends;
  std::vector<std::string> names;
  for (const Workload& workload : cluster.workloads) {
    if (workload.ns == ns) names.push_back(workload.kind + "/" + workload.name);
  }
  const std::string wanted = fmt::format("{}/{}", kind, name);
  return failure("unknown-workload",
                 fmt::format("namespace '{}' has no '{}'{}", cluster.at(ns).name, wanted,
                             did_you_mean(wanted, names)));
}

Ends parse_pod(NamespaceId ns, std::string_view name, const Cluster& cluster) {
  const PodId pod = cluster.find_pod(ns, name);
  if (pod.is_valid()) return std::vector<FlowEnd>{pod};
  std::vector<FlowEnd> ends = pods_of_workloads(cluster, ns, {}, name);
  if (!ends.empty()) return ends;
  std::vector<std::string> names;
  for (const PodId id : cluster.at(ns).pods) names.push_back(cluster.at(id).name);
  for (const Workload& workload : cluster.workloads) {
    if (workload.ns == ns) names.push_back(workload.name);
  }
  return failure("unknown-pod", fmt::format("namespace '{}' has no pod '{}'{}", cluster.at(ns).name,
                                            name, did_you_mean(name, names)));
}

Ends parse_named(std::string_view text, std::size_t slash, const Cluster& cluster) {
  Ends problem;
  const NamespaceId ns = namespace_named(text.substr(0, slash), cluster, problem);
  if (!ns.is_valid()) return problem;
  const std::string_view rest = text.substr(slash + 1);
  const std::size_t second = rest.find('/');
  if (second == std::string_view::npos) return parse_pod(ns, rest, cluster);
  return parse_workload(ns, rest.substr(0, second), rest.substr(second + 1), cluster);
}

Ends parse_service(std::string_view text, const Cluster& cluster) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return failure("bad-end",
                   fmt::format("'svc:{}' names no Service; write svc:NAMESPACE/NAME", text));
  }
  Ends problem;
  const NamespaceId ns = namespace_named(text.substr(0, slash), cluster, problem);
  if (!ns.is_valid()) return problem;
  const std::string_view name = text.substr(slash + 1);
  const ServiceId service = cluster.find_service(ns, name);
  if (service.is_valid()) return std::vector<FlowEnd>{service};
  std::vector<std::string> names;
  for (const Service& each : cluster.services) {
    if (each.ns == ns) names.push_back(each.name);
  }
  return failure("unknown-service",
                 fmt::format("namespace '{}' has no Service '{}'{}", cluster.at(ns).name, name,
                             did_you_mean(name, names)));
}

Ends parse_projects(std::string_view text, const Cluster& cluster) {
  std::vector<FlowEnd> ends;
  const NamespaceId named = cluster.find_namespace(text);
  if (named.is_valid()) {
    const std::vector<PodId>& pods = cluster.at(named).pods;
    return found({pods.begin(), pods.end()}, text);
  }
  const Result<LabelSelector> selector = parse_selector(text, cluster.symbols);
  if (!selector) return tl::make_unexpected(selector.error());
  for (const Namespace& ns : cluster.namespaces) {
    if (matches(*selector, ns.labels)) ends.insert(ends.end(), ns.pods.begin(), ns.pods.end());
  }
  return found(std::move(ends), text);
}

Ends parse_labelled(std::string_view text, const Cluster& cluster) {
  const Result<LabelSelector> selector = parse_selector(text, cluster.symbols);
  if (!selector) return tl::make_unexpected(selector.error());
  std::vector<FlowEnd> ends;
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    if (matches(*selector, cluster.pods[i].labels)) ends.emplace_back(PodId{i});
  }
  return found(std::move(ends), text);
}

/// Ends that are objects of the cluster.
Ends parse_objects(std::string_view text, const Cluster& cluster) {
  if (text.rfind("svc:", 0) == 0) return parse_service(text.substr(4), cluster);
  if (text.rfind("ns=", 0) == 0) return parse_projects(text.substr(3), cluster);
  if (text.rfind("label=", 0) == 0) return parse_labelled(text.substr(6), cluster);
  const std::size_t slash = text.find('/');
  if (IpAddress::parse(text.substr(0, slash))) {
    return failure("bad-end", fmt::format("'{}' is no block of addresses; one is written like "
                                          "10.128.0.0/14",
                                          text));
  }
  if (slash != std::string_view::npos) return parse_named(text, slash, cluster);
  return failure("bad-end",
                 fmt::format("'{}' is no end of a flow; write NAMESPACE/POD, NAMESPACE/KIND/NAME, "
                             "ns=SELECTOR, label=SELECTOR, svc:NAMESPACE/NAME, an address, a CIDR "
                             "or outside",
                             text));
}

Result<EndpointParts> whole(Ends ends) {
  if (!ends) return tl::make_unexpected(std::move(ends.error()));
  return EndpointParts{std::move(*ends), 0};
}

}  // namespace

Result<EndpointParts> parse_endpoint(std::string_view text, const Cluster& cluster) {
  if (text == "outside") return parts_outside(cluster);
  if (const auto address = IpAddress::parse(text)) return EndpointParts{{*address}, 0};
  if (const auto block = Cidr::parse(text)) return parts_of(*block, cluster);
  return whole(parse_objects(text, cluster));
}

Result<FlowEnd> parse_probe_end(std::string_view text, const Cluster& cluster) {
  const auto first = [](const Ends& ends) -> Result<FlowEnd> {
    if (!ends) return tl::make_unexpected(ends.error());
    return ends->front();
  };
  if (const auto address = IpAddress::parse(text)) return FlowEnd{*address};
  if (text.rfind("svc:", 0) == 0) return first(parse_service(text.substr(4), cluster));
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || IpAddress::parse(text.substr(0, slash))) {
    return first(failure("bad-end", fmt::format("'{}' is no end of a probe; write NAMESPACE/POD, "
                                                "an address or svc:NAMESPACE/NAME",
                                                text)));
  }
  Ends problem;
  const NamespaceId ns = namespace_named(text.substr(0, slash), cluster, problem);
  if (!ns.is_valid()) return first(problem);
  const std::string_view name = text.substr(slash + 1);
  const PodId pod = cluster.find_pod(ns, name);
  if (pod.is_valid()) return FlowEnd{pod};
  std::vector<std::string> names;
  for (const PodId id : cluster.at(ns).pods) names.push_back(cluster.at(id).name);
  return first(
      failure("unknown-pod", fmt::format("namespace '{}' has no pod '{}'{}", cluster.at(ns).name,
                                         name, did_you_mean(name, names))));
}

}  // namespace meshproof
