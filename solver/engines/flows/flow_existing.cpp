#include <algorithm>

#include "solver/engines/flows/flow_encoder.h"

/// Pods of the input in the place of hypothetical ones: an assignment that a pod satisfies is the
/// statement broken today.
namespace meshproof {

namespace {

bool takes_part(const Pod& pod) { return !pod.is_completed() && !pod.host_network; }

/// The atom of the pod's first address; the one that is assigned if it has none.
std::optional<std::uint32_t> atom_of(const FlowVariables& flow, const Pod& pod,
                                     std::uint32_t assigned) {
  if (pod.addresses.empty()) return assigned;
  const IpAddress& address = pod.addresses.front();
  const auto after = std::ranges::upper_bound(flow.addresses, address, {}, &AddressAtom::first);
  if (after == flow.addresses.begin()) return std::nullopt;
  const auto atom = std::prev(after);
  if (atom->first.is_v4() != address.is_v4() || !atom->pod) return std::nullopt;
  return static_cast<std::uint32_t>(atom - flow.addresses.begin());
}

/// The ports of the assigned atom that the pod's named ports single out, and one that they do not.
std::vector<std::uint16_t> port_candidates(const PortAtom& atom, const Pod& pod,
                                           std::uint16_t usual) {
  std::vector<std::uint16_t> ports{usual};
  for (const ContainerPort& port : pod.ports) {
    const bool inside = atom.range.from <= port.port && port.port <= atom.range.to;
    if (port.protocol == atom.protocol && inside) ports.push_back(port.port);
  }
  return ports;
}

void assign_port_names(const FlowVariables& flow, const Pod& pod, Protocol protocol,
                       std::uint16_t number, Problem::Assignment& assignment) {
  for (const auto& [name, variable] : flow.port_names) {
    const std::string& wanted = name;
    assignment.at(variable.index) = std::ranges::any_of(pod.ports, [&](const ContainerPort& port) {
      return port.name == wanted && port.protocol == protocol && port.port == number;
    });
  }
}

}  // namespace

Counterexample FlowEncoder::prefer_existing(const FlowProblem& problem, const FlowClaim& claim,
                                            Problem::Assignment assignment) const {
  const FlowVariables& flow = problem.flow;
  Counterexample usual = decode(flow, assignment);
  PodId target;
  std::uint16_t number = usual.port;
  const PortAtom& ports = flow.ports.at(assignment.at(flow.port.index));
  const std::vector<PodId> no_pods;
  const bool is_there = flow.destination.is_valid();
  for (const PodId id : is_there ? cluster_.at(flow.destination).pods : no_pods) {
    const Pod& pod = cluster_.at(id);
    Problem::Assignment tried = assignment;
    std::uint32_t& atom = tried.at(flow.destination_address.index);
    const std::optional<std::uint32_t> own = atom_of(flow, pod, atom);
    if (!takes_part(pod) || !own || target.is_valid()) continue;
    atom = *own;
    flow.destination_pod.assign(pod.labels, tried);
    for (const std::uint16_t port : port_candidates(ports, pod, usual.port)) {
      assign_port_names(flow, pod, ports.protocol, port, tried);
      if (target.is_valid() || !problem.problem.satisfies(tried)) continue;
      target = id;
      number = port;
      assignment = tried;
    }
  }
  PodId source;
  for (std::uint32_t i = 0; i < cluster_.pods.size() && !source.is_valid(); ++i) {
    const Pod& pod = cluster_.pods[i];
    if (!takes_part(pod) || !claim.has_source(pod.ns) || PodId{i} == target) continue;
    Problem::Assignment tried = assignment;
    std::uint32_t& atom = tried.at(flow.source_address.index);
    const std::optional<std::uint32_t> own = atom_of(flow, pod, atom);
    const std::optional<std::uint32_t> group = group_of(flow, pod.ns);
    if (!own || !group) continue;
    atom = *own;
    tried.at(flow.source.index) = *group;
    flow.source_pod.assign(pod.labels, tried);
    if (!problem.problem.satisfies(tried)) continue;
    source = {i};
    assignment = tried;
  }
  Counterexample result = decode(flow, assignment);
  result.port = number;
  result.existing_destination = target;
  result.existing_source = source;
  if (source.is_valid()) result.source_namespace = cluster_.at(cluster_.at(source).ns).name;
  return result;
}

std::optional<std::uint32_t> FlowEncoder::group_of(const FlowVariables& flow,
                                                   NamespaceId ns) const {
  const SourceGroup wanted = group(ns, flow.destination, flow.future_namespace.domains);
  for (std::uint32_t i = 0; i < flow.groups.size(); ++i) {
    if (flow.groups[i].key() == wanted.key()) return i;
  }
  return std::nullopt;
}

}  // namespace meshproof
