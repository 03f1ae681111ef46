#include "solver/engines/flows/statement_claim.h"

#include <algorithm>

#include "model/mesh/mesh.h"
#include "solver/engines/flows/flow_terms.h"

namespace meshproof {

namespace {

constexpr std::string_view kNameLabel = "kubernetes.io/metadata.name";

/// The meshes whose membership the group asks for.
std::vector<std::string> meshes_of(const Group& group) {
  std::vector<std::string> meshes;
  for (const auto* mesh : {&group.member_of, &group.not_member_of, &group.mesh}) {
    if (*mesh) meshes.push_back(**mesh);
  }
  return meshes;
}

/// Whether pods are left out: of those that could be none is one of the input.
bool leaves_out(const GroupWords& excepted, const GroupWords& all) {
  return excepted.group->unbounded || !all.group->unbounded;
}

}  // namespace

void StatementClaim::add_group(const GroupWords& words, LabelDomains& pods, FlowWords& all) const {
  const SymbolTable& symbols = cluster_.symbols;
  const Group& group = *words.group;
  for (const std::string& mesh : meshes_of(group)) {
    all.namespaces.add(symbols.find(kMemberOfLabel), symbols.find(mesh));
    all.namespaces.add(symbols.find(kNameLabel), symbols.find(mesh));
  }
  for (const std::string& name : group.namespace_names) {
    all.namespaces.add(symbols.find(kNameLabel), symbols.find(name));
  }
  if (words.namespaces) all.namespaces.add(*words.namespaces);
  if (words.pods) pods.add(*words.pods);
  all.blocks.insert(all.blocks.end(), group.cidrs.begin(), group.cidrs.end());
  all.blocks.insert(all.blocks.end(), group.except_cidrs.begin(), group.except_cidrs.end());
  // So that a source with an IPv6 address has a place.
  for (const PodId id : words.existing) {
    for (const IpAddress& address : cluster_.at(id).addresses) {
      if (!address.is_v4()) all.blocks.push_back(Cidr::of(address, 0));
    }
  }
}

void StatementClaim::add_words(FlowWords& words) const {
  add_group(statement_.from, words.source, words);
  add_group(statement_.to, words.destination, words);
  for (const ExceptedWords& flows : statement_.excepted) {
    if (flows.from) add_group(*flows.from, words.source, words);
    if (flows.to) add_group(*flows.to, words.destination, words);
  }
  for (const Protocol protocol : kProtocols) {
    for (const PortRange range : statement_.ports.ranges(protocol)) {
      words.ports.emplace_back(protocol, range);
    }
  }
  for (const PodId id : statement_.to.existing) {
    for (const ContainerPort& port : cluster_.at(id).ports) {
      if (!port.name.empty())
        words.ports.emplace_back(port.protocol, PortRange{port.port, port.port});
    }
  }
}

/// The criteria for namespaces, of one that does not exist.
Formula StatementClaim::future(const GroupWords& words, const LabelVariables& labels,
                               Problem& problem) const {
  const SymbolTable& symbols = cluster_.symbols;
  const Group& group = *words.group;
  const auto has_name = [&](const std::string& name) {
    return labels.has(symbols.find(kNameLabel), symbols.find(name), problem);
  };
  const auto is_member = [&](const std::string& mesh) {
    return problem.all_of({labels.has(symbols.find(kMemberOfLabel), symbols.find(mesh), problem),
                           problem.negate(has_name(mesh))});
  };
  std::vector<Formula> all;
  if (group.member_of) all.push_back(is_member(*group.member_of));
  if (group.not_member_of) {
    all.push_back(problem.negate(
        problem.any_of({is_member(*group.not_member_of), has_name(*group.not_member_of)})));
  }
  if (group.mesh) all.push_back(problem.any_of({is_member(*group.mesh), has_name(*group.mesh)}));
  if (!group.namespace_names.empty()) {
    std::vector<Formula> names;
    for (const std::string& name : group.namespace_names) names.push_back(has_name(name));
    all.push_back(problem.any_of(std::move(names)));
  }
  if (words.namespaces) all.push_back(labels.matches(*words.namespaces, problem));
  return problem.all_of(std::move(all));
}

Formula StatementClaim::address(const GroupWords& words, Variable variable, bool of_pod,
                                FlowTerms& terms) const {
  const Group& group = *words.group;
  Problem& problem = terms.problem();
  if (group.cidrs.empty()) return Problem::constant(of_pod);
  if (of_pod ? group.except_cluster : !words.holds_outside) return Problem::falsehood();
  std::vector<Formula> inside;
  for (const Cidr& cidr : group.cidrs) {
    inside.push_back(terms.block_holds({cidr, group.except_cidrs}, variable));
  }
  return problem.any_of(std::move(inside));
}

Formula StatementClaim::source_in(const GroupWords& words, bool with_pods, FlowTerms& terms) const {
  Problem& problem = terms.problem();
  const FlowVariables& flow = terms.flow();
  std::vector<Formula> pod{
      Problem::constant(with_pods), terms.is_pod(),
      address(words, flow.source_address, true, terms),
      terms.source_namespace([&](NamespaceId ns) { return words.has_namespace.at(ns.value); },
                             future(words, flow.future_namespace, problem))};
  if (words.pods) pod.push_back(flow.source_pod.matches(*words.pods, problem));
  if (!words.group->unbounded) pod.push_back(terms.source_is_one_of(words.existing));
  return problem.any_of({problem.all_of(std::move(pod)),
                         problem.all_of({problem.negate(terms.is_pod()),
                                         address(words, flow.source_address, false, terms)})});
}

Formula StatementClaim::destination_in(const GroupWords& words, FlowTerms& terms) const {
  Problem& problem = terms.problem();
  const FlowVariables& flow = terms.flow();
  std::vector<Formula> all{address(words, flow.destination_address, true, terms)};
  all.push_back(flow.destination.is_valid()
                    ? Problem::constant(words.has_namespace.at(flow.destination.value))
                    : future(words, flow.destination_namespace, problem));
  if (words.pods) all.push_back(flow.destination_pod.matches(*words.pods, problem));
  if (!words.group->unbounded) all.push_back(terms.destination_is_one_of(words.existing));
  return problem.all_of(std::move(all));
}

Formula StatementClaim::broken(FlowTerms& terms) const {
  Problem& problem = terms.problem();
  const bool denies = statement_.violating == Access::Allowed;
  std::vector<Formula> all{source_in(statement_.from, true, terms),
                           destination_in(statement_.to, terms), terms.numbers(statement_.ports),
                           denies ? terms.open() : problem.negate(terms.open())};
  for (const ExceptedWords& flows : statement_.excepted) {
    std::vector<Formula> excepted;
    if (flows.from) {
      excepted.push_back(source_in(*flows.from, leaves_out(*flows.from, statement_.from), terms));
    }
    if (flows.to) {
      const bool has_pods = leaves_out(*flows.to, statement_.to);
      excepted.push_back(has_pods ? destination_in(*flows.to, terms) : Problem::falsehood());
    }
    all.push_back(problem.negate(problem.all_of(std::move(excepted))));
  }
  // What is closed to everybody breaks no `allow`.
  if (!denies) all.push_back(problem.negate(terms.dropped_for_all()));
  return problem.all_of(std::move(all));
}

}  // namespace meshproof
