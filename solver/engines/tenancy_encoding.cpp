#include "solver/engines/tenancy_encoding.h"

#include <algorithm>
#include <set>

#include "model/mesh/mesh.h"
#include "solver/engines/tenancy_builder.h"

namespace meshproof {

namespace {

constexpr std::string_view kNameLabel = "kubernetes.io/metadata.name";
constexpr std::uint16_t kReadablePort = 8080;

bool is_sdn(const Cluster& cluster) { return cluster.network.dialect == Dialect::OpenShiftSdn; }

/// A free name for the namespace that a solution needs and nobody names.
std::string invented_name(const Cluster& cluster, const LabelVariables& labels) {
  std::string name = "outsider";
  const std::size_t position = labels.domains.find(cluster.symbols.find(kNameLabel));
  const auto is_taken = [&] {
    if (cluster.find_namespace(name).is_valid()) return true;
    if (position == labels.domains.all().size()) return false;
    const auto& named = labels.domains.all()[position].values;
    return std::ranges::binary_search(named, cluster.symbols.find(name));
  };
  for (unsigned number = 2; is_taken(); ++number) name = "outsider-" + std::to_string(number);
  return name;
}

}  // namespace

TenancyEncoder::TenancyEncoder(const Cluster& cluster) : cluster_(cluster), plan_(cluster) {
  for (const Namespace& ns : cluster.namespaces) {
    const bool has_id = ns.net_namespace.is_valid();
    global_.push_back(is_sdn(cluster) &&
                      (has_id ? cluster.at(ns.net_namespace).netid == 0 : ns.name == "default"));
    restricted_.push_back(std::ranges::any_of(
        ns.policies, [&](PolicyId id) { return cluster.at(id).isolates_egress; }));
  }
  if (!is_sdn(cluster)) return;
  stand_in_for_hosts_ = cluster.find_namespace(kHostNetworkNamespace);
  for (std::uint32_t i = 0; i < cluster.namespaces.size(); ++i) {
    const bool speaks = global_[i] || NamespaceId{i} == stand_in_for_hosts_;
    if (speaks) speaks_for_hosts_.push_back({i});
  }
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    const Pod& pod = cluster.pods[i];
    if (pod.is_completed() && !pod.host_network && !pod.addresses.empty()) {
      completed_.push_back({i});
    }
  }
}

bool TenancyEncoder::is_outsider(NamespaceId ns, const TenancyQuestion& question) const {
  if (question.addition) return true;
  const Namespace& candidate = cluster_.at(ns);
  if (ns == question.destination || candidate.name == question.mesh) return false;
  const Symbol mesh = cluster_.symbols.find(question.mesh);
  const Symbol member_of = candidate.labels.find(cluster_.symbols.find(kMemberOfLabel));
  return !member_of.is_valid() || member_of != mesh;
}

/// Outsiders that a future namespace can stand in for are left out if they have egress policies:
/// with its labels and without policies it reaches whatever they reach. The others are grouped.
const TenancyEncoder::Groups& TenancyEncoder::outsiders(const TenancyQuestion& question,
                                                        const LabelDomains& domains) {
  const NamespaceId destination = question.destination;
  const bool is_in_mesh =
      cluster_.at(destination).name == question.mesh ||
      cluster_.at(destination).labels.find(cluster_.symbols.find(kMemberOfLabel)) ==
          cluster_.symbols.find(question.mesh);
  const bool tells_destination = !is_in_mesh || question.addition;
  const std::uint32_t left_out = tells_destination ? destination.value : NamespaceId::kNone;
  const auto [entry, is_new] = outsiders_.try_emplace(std::tuple{question.mesh, left_out, domains});
  Groups& groups = entry->second;
  if (!is_new) return groups;

  const std::size_t name_key = domains.find(cluster_.symbols.find(kNameLabel));
  const auto before = [](const OutsiderGroup& a, const OutsiderGroup& b) {
    return a.key() < b.key();
  };
  std::set<OutsiderGroup, decltype(before)> found(before);
  for (std::uint32_t i = 0; i < cluster_.namespaces.size(); ++i) {
    if (!is_outsider({i}, question)) continue;
    OutsiderGroup group{
        domains.project(cluster_.namespaces[i].labels), global_[i], {}, {i}, false, false};
    group.stands_for_hosts = NamespaceId{i} == stand_in_for_hosts_;
    group.is_destination = NamespaceId{i} == destination;
    const bool is_named = name_key < domains.all().size() &&
                          group.labels[name_key] != domains.all()[name_key].other();
    const bool is_special =
        is_named || group.global || group.stands_for_hosts || group.is_destination;
    if (restricted_[i] && !is_special) continue;
    if (restricted_[i]) group.restricted = {i};
    found.insert(std::move(group));
  }
  groups.assign(found.begin(), found.end());
  return groups;
}

std::optional<std::string> TenancyEncoder::why_undefined(const TenancyQuestion& question) const {
  if (!is_sdn(cluster_)) return std::nullopt;
  // SEMANTICS T10: left over from Multitenant; the plugin's tables then overwrite each other.
  // Outsiders that share among themselves change nothing: who is let in by one of them is an
  // outsider already. A router is not, so its network must be its own.
  const Symbol group_key = cluster_.symbols.find("network.openshift.io/policy-group");
  std::map<std::uint32_t, std::vector<NamespaceId>> sharers;
  for (std::uint32_t i = 0; i < cluster_.namespaces.size(); ++i) {
    const NetNamespaceId own = cluster_.namespaces[i].net_namespace;
    if (own.is_valid()) {
      sharers[cluster_.at(own).netid].push_back({i});
    } else if (global_[i]) {
      sharers[0].push_back({i});
    }
  }
  // Every cluster has a `default` with VNID 0, in the input or not.
  const bool has_default = cluster_.find_namespace("default").is_valid();
  for (const auto& [netid, namespaces] : sharers) {
    const bool with_default = netid == 0 && !has_default;
    if (namespaces.size() + (with_default ? 1 : 0) < 2) continue;
    const bool matters = std::ranges::any_of(namespaces, [&](NamespaceId ns) {
      const bool is_router =
          group_key.is_valid() && netid != 0 && cluster_.at(ns).labels.find(group_key).is_valid();
      if (question.addition) return ns == question.destination;
      return is_router || !is_outsider(ns, question);
    });
    if (!matters) continue;
    return "namespaces " + cluster_.at(namespaces[0]).name + " and " +
           (with_default ? "default" : cluster_.at(namespaces[1]).name) + " share NetID " +
           std::to_string(netid) +
           "; in mode networkpolicy the SDN does not define what then holds";
  }
  return std::nullopt;
}

std::variant<TenancyProblem, std::string> TenancyEncoder::encode(const TenancyQuestion& question) {
  if (auto reason = why_undefined(question)) return *reason;
  return TenancyBuilder(*this, question).build();
}

Counterexample TenancyEncoder::decode(const TenancyProblem& problem,
                                      const Problem::Assignment& assignment) const {
  const auto value = [&](Variable variable) { return assignment.at(variable.index); };
  const SymbolTable& symbols = cluster_.symbols;
  Counterexample result;
  const AddressAtom& source_atom = problem.addresses.at(value(problem.source_address));
  if (value(problem.source) == problem.outside()) {
    result.source_address = source_atom.outside;
  } else {
    result.source_address = source_atom.pod;
    result.source_labels = problem.source_pod.decode(assignment, symbols);
    if (value(problem.source) == problem.future()) {
      result.source = Counterexample::Source::FutureNamespace;
      result.source_namespace = invented_name(cluster_, problem.future_namespace);
      result.source_namespace_labels = problem.future_namespace.decode(assignment, symbols);
    } else {
      result.source = Counterexample::Source::ExistingNamespace;
      const OutsiderGroup& group = problem.groups.at(value(problem.source));
      result.source_namespace = cluster_.at(group.example).name;
    }
  }
  const LabelVariables& future = problem.future_namespace;
  const std::size_t name_key = future.domains.find(symbols.find(kNameLabel));
  std::erase_if(result.source_namespace_labels,
                [](const auto& l) { return l.first == kNameLabel; });
  if (result.source == Counterexample::Source::FutureNamespace &&
      name_key < future.domains.all().size()) {
    const LabelDomain& names = future.domains.all()[name_key];
    const std::uint32_t name = value(future.variables[name_key]);
    if (name != names.other()) {
      result.source_namespace = symbols.text(names.values.at(name - 1));
    }
  }
  result.destination_labels = problem.destination_pod.decode(assignment, symbols);
  const AddressAtom& target_atom = problem.addresses.at(value(problem.destination_address));
  const bool is_taken = result.source_address == target_atom.pod;
  result.destination_address = is_taken ? target_atom.second_pod : target_atom.pod;
  for (const auto& [name, variable] : problem.port_names) {
    if (value(variable) == 1) result.port_names.push_back(name);
  }
  const PortAtom& port = problem.ports.at(value(problem.port));
  result.protocol = port.protocol;
  const bool readable = port.range.from <= kReadablePort && kReadablePort <= port.range.to;
  result.port = readable ? kReadablePort : port.range.from;
  return result;
}

}  // namespace meshproof
