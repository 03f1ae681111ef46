#include "solver/engines/flows/flow_encoder.h"

#include <algorithm>

#include "solver/engines/flows/flow_terms.h"

namespace meshproof {

namespace {

constexpr std::string_view kNameLabel = "kubernetes.io/metadata.name";
constexpr std::uint16_t kReadablePort = 8080;

bool is_sdn(const Cluster& cluster) { return cluster.network.dialect == Dialect::OpenShiftSdn; }

}  // namespace

bool has_vnid_0(const Cluster& cluster, const Namespace& ns) {
  return ns.net_namespace.is_valid() ? cluster.at(ns.net_namespace).netid == 0
                                     : ns.name == "default";
}

FlowEncoder::FlowEncoder(const Cluster& cluster, FlowVersions versions)
    : cluster_(cluster), versions_(std::move(versions)), plan_(cluster) {
  for (const Namespace& ns : cluster.namespaces) {
    global_.push_back(is_sdn(cluster) && has_vnid_0(cluster, ns));
    restricted_.push_back(std::ranges::any_of(
        ns.policies, [&](PolicyId id) { return cluster.at(id).isolates_egress; }));
  }
  if (!is_sdn(cluster)) return;
  stand_in_for_hosts_ = cluster.find_namespace(kHostNetworkNamespace);
  for (std::uint32_t i = 0; i < cluster.namespaces.size(); ++i) {
    const bool speaks = global_[i] || NamespaceId{i} == stand_in_for_hosts_;
    if (speaks) speaks_for_hosts_.push_back({i});
  }
  if (!cluster.find_namespace("default").is_valid()) {
    const Symbol key = cluster.symbols.find("kubernetes.io/metadata.name");
    const Symbol value = cluster.symbols.find("default");
    absent_default_.emplace();
    // A value that no selector names is like any other: the key's own text will do.
    if (key.is_valid()) absent_default_->set(key, value.is_valid() ? value : key);
  }
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    const Pod& pod = cluster.pods[i];
    if (pod.is_completed() && !pod.host_network && !pod.addresses.empty()) {
      completed_.push_back({i});
    }
  }
  find_sharings();
}

/// SEMANTICS T10: left over from Multitenant; the plugin's tables then overwrite each other.
void FlowEncoder::find_sharings() {
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
  for (auto& [netid, namespaces] : sharers) {
    const bool with_default = netid == 0 && !has_default;
    if (namespaces.size() + (with_default ? 1 : 0) < 2) continue;
    const std::string sentence = "namespaces " + cluster_.at(namespaces[0]).name + " and " +
                                 (with_default ? "default" : cluster_.at(namespaces[1]).name) +
                                 " share NetID " + std::to_string(netid) +
                                 "; in mode networkpolicy the SDN does not define what then holds";
    sharings_.push_back({netid, std::move(namespaces), sentence});
  }
}

SourceGroup FlowEncoder::group(NamespaceId ns, NamespaceId destination,
                               const LabelDomains& domains) const {
  SourceGroup group{
      domains.project(cluster_.at(ns).labels), global_[ns.value], {}, ns, false, false};
  if (restricted_[ns.value] || versions_.changing.contains(ns)) group.own = ns;
  group.stands_for_hosts = ns == stand_in_for_hosts_;
  group.is_destination = ns == destination;
  return group;
}

/// Sources that a future namespace can stand in for are left out if they have egress policies and
/// the claim allows it: with its labels and without policies it reaches whatever they reach. The
/// others are grouped.
const FlowEncoder::Groups& FlowEncoder::sources(const FlowClaim& claim, NamespaceId destination,
                                                const LabelDomains& domains) {
  const bool tells_destination = destination.is_valid() && claim.has_source(destination);
  const std::uint32_t told = tells_destination ? destination.value : NamespaceId::kNone;
  const auto [entry, is_new] = sources_.try_emplace(std::tuple{claim.sources_key(), told, domains});
  Groups& groups = entry->second;
  if (!is_new) return groups;

  const std::size_t name_key = domains.find(cluster_.symbols.find(kNameLabel));
  const auto before = [](const SourceGroup& a, const SourceGroup& b) { return a.key() < b.key(); };
  std::set<SourceGroup, decltype(before)> found(before);
  for (std::uint32_t i = 0; i < cluster_.namespaces.size(); ++i) {
    if (!claim.has_source({i})) continue;
    SourceGroup one = group({i}, destination, domains);
    const bool is_named =
        name_key < domains.all().size() && one.labels[name_key] != domains.all()[name_key].other();
    const bool is_special = is_named || one.global || one.stands_for_hosts || one.is_destination ||
                            versions_.changing.contains({i});
    if (restricted_[i] && !is_special && claim.is_broken_by_reaching()) continue;
    found.insert(std::move(one));
  }
  groups.assign(found.begin(), found.end());
  return groups;
}

FlowProblem FlowEncoder::encode(const FlowClaim& claim, NamespaceId destination) {
  FlowProblem result;
  result.flow = encode(claim, destination, result.problem);
  return result;
}

FlowVariables FlowEncoder::encode(const FlowClaim& claim, NamespaceId destination,
                                  Problem& problem) {
  return FlowTerms(*this, claim, destination, problem).build();
}

/// A free name for the namespace that a solution needs, or the one that it must have.
std::string FlowEncoder::future_name(const LabelVariables& labels,
                                     const Problem::Assignment& assignment,
                                     const std::string& stem) const {
  const std::vector<LabelDomain>& domains = labels.domains.all();
  const std::size_t position = labels.domains.find(cluster_.symbols.find(kNameLabel));
  if (position < domains.size()) {
    const std::uint32_t chosen = assignment.at(labels.variables[position].index);
    if (chosen != domains[position].other()) {
      return std::string(cluster_.symbols.text(domains[position].values.at(chosen - 1)));
    }
  }
  std::string name = stem;
  const auto is_taken = [&] {
    if (cluster_.find_namespace(name).is_valid()) return true;
    if (position == domains.size()) return false;
    return std::ranges::binary_search(domains[position].values, cluster_.symbols.find(name));
  };
  for (unsigned number = 2; is_taken(); ++number) name = stem + "-" + std::to_string(number);
  return name;
}

Counterexample FlowEncoder::decode(const FlowVariables& flow,
                                   const Problem::Assignment& assignment) const {
  const auto value = [&](Variable variable) { return assignment.at(variable.index); };
  const SymbolTable& symbols = cluster_.symbols;
  const auto labels_of = [&](const LabelVariables& labels) {
    LabelText text = labels.decode(assignment, symbols);
    std::erase_if(text, [](const auto& label) { return label.first == kNameLabel; });
    return text;
  };
  Counterexample result;
  const AddressAtom& source_atom = flow.addresses.at(value(flow.source_address));
  if (value(flow.source) == flow.outside()) {
    result.source_address = source_atom.outside;
  } else {
    result.source_address = source_atom.pod;
    result.source_labels = flow.source_pod.decode(assignment, symbols);
    if (value(flow.source) == flow.future()) {
      result.source = Counterexample::Source::FutureNamespace;
      result.source_namespace = future_name(flow.future_namespace, assignment, "outsider");
      result.source_namespace_labels = labels_of(flow.future_namespace);
    } else {
      result.source = Counterexample::Source::ExistingNamespace;
      result.source_namespace = cluster_.at(flow.groups.at(value(flow.source)).example).name;
    }
  }
  result.makes_destination_namespace = !flow.destination.is_valid();
  if (result.makes_destination_namespace) {
    result.destination_namespace = future_name(flow.destination_namespace, assignment, "newcomer");
    result.destination_namespace_labels = labels_of(flow.destination_namespace);
  } else {
    result.destination_namespace = cluster_.at(flow.destination).name;
  }
  result.destination_labels = flow.destination_pod.decode(assignment, symbols);
  const AddressAtom& target_atom = flow.addresses.at(value(flow.destination_address));
  const bool is_taken = result.source_address == target_atom.pod;
  result.destination_address = is_taken ? target_atom.second_pod : target_atom.pod;
  for (const auto& [name, variable] : flow.port_names) {
    if (value(variable) == 1) result.port_names.push_back(name);
  }
  for (const Variable variable : flow.own) result.own.push_back(value(variable));
  const PortAtom& port = flow.ports.at(value(flow.port));
  result.protocol = port.protocol;
  const bool readable = port.range.from <= kReadablePort && kReadablePort <= port.range.to;
  result.port = readable ? kReadablePort : port.range.from;
  return result;
}

}  // namespace meshproof
