#include <algorithm>

#include "solver/engines/tenancy_encoding.h"

/// Pods of the input in the place of hypothetical ones: an assignment that a pod satisfies is the
/// statement broken today.
namespace meshproof {

namespace {

bool takes_part(const Pod& pod) { return !pod.is_completed() && !pod.host_network; }

/// The atom of the pod's first address; the one that is assigned if it has none.
std::optional<std::uint32_t> atom_of(const TenancyProblem& problem, const Pod& pod,
                                     std::uint32_t assigned) {
  if (pod.addresses.empty()) return assigned;
  const IpAddress& address = pod.addresses.front();
  const auto after = std::ranges::upper_bound(problem.addresses, address, {}, &AddressAtom::first);
  if (after == problem.addresses.begin()) return std::nullopt;
  const auto atom = std::prev(after);
  if (atom->first.is_v4() != address.is_v4() || !atom->pod) return std::nullopt;
  return static_cast<std::uint32_t>(atom - problem.addresses.begin());
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

void assign_port_names(const TenancyProblem& problem, const Pod& pod, Protocol protocol,
                       std::uint16_t number, Problem::Assignment& assignment) {
  for (const auto& [name, variable] : problem.port_names) {
    const std::string& wanted = name;
    assignment.at(variable.index) = std::ranges::any_of(pod.ports, [&](const ContainerPort& port) {
      return port.name == wanted && port.protocol == protocol && port.port == number;
    });
  }
}

}  // namespace

Counterexample TenancyEncoder::prefer_existing(const TenancyProblem& problem,
                                               const TenancyQuestion& question,
                                               Problem::Assignment assignment) const {
  Counterexample usual = decode(problem, assignment);
  PodId target;
  std::uint16_t number = usual.port;
  const PortAtom& ports = problem.ports.at(assignment.at(problem.port.index));
  for (const PodId id : cluster_.at(question.destination).pods) {
    const Pod& pod = cluster_.at(id);
    Problem::Assignment tried = assignment;
    std::uint32_t& atom = tried.at(problem.destination_address.index);
    const std::optional<std::uint32_t> own = atom_of(problem, pod, atom);
    if (!takes_part(pod) || !own || target.is_valid()) continue;
    atom = *own;
    problem.destination_pod.assign(pod.labels, tried);
    for (const std::uint16_t port : port_candidates(ports, pod, usual.port)) {
      assign_port_names(problem, pod, ports.protocol, port, tried);
      if (target.is_valid() || !problem.problem.satisfies(tried)) continue;
      target = id;
      number = port;
      assignment = tried;
    }
  }
  PodId source;
  for (std::uint32_t i = 0; i < cluster_.pods.size() && !source.is_valid(); ++i) {
    const Pod& pod = cluster_.pods[i];
    if (!takes_part(pod) || !is_outsider(pod.ns, question) || PodId{i} == target) continue;
    Problem::Assignment tried = assignment;
    std::uint32_t& atom = tried.at(problem.source_address.index);
    const std::optional<std::uint32_t> own = atom_of(problem, pod, atom);
    const std::optional<std::uint32_t> group = group_of(problem, pod.ns, question.destination);
    if (!own || !group) continue;
    atom = *own;
    tried.at(problem.source.index) = *group;
    problem.source_pod.assign(pod.labels, tried);
    if (!problem.problem.satisfies(tried)) continue;
    source = {i};
    assignment = tried;
  }
  Counterexample result = decode(problem, assignment);
  result.port = number;
  result.existing_destination = target;
  result.existing_source = source;
  if (source.is_valid()) result.source_namespace = cluster_.at(cluster_.at(source).ns).name;
  return result;
}

std::optional<std::uint32_t> TenancyEncoder::group_of(const TenancyProblem& problem, NamespaceId ns,
                                                      NamespaceId destination) const {
  const std::vector<std::uint32_t> labels =
      problem.future_namespace.domains.project(cluster_.at(ns).labels);
  for (std::uint32_t i = 0; i < problem.groups.size(); ++i) {
    const OutsiderGroup& group = problem.groups[i];
    const NamespaceId restricted = restricted_[ns.value] ? ns : NamespaceId{};
    if (group.labels == labels && group.global == global_[ns.value] &&
        group.restricted == restricted && group.stands_for_hosts == (ns == stand_in_for_hosts_) &&
        group.is_destination == (ns == destination)) {
      return i;
    }
  }
  return std::nullopt;
}

}  // namespace meshproof
