#include "solver/engines/tenancy_builder.h"

#include <algorithm>

#include "model/mesh/mesh.h"

namespace meshproof {

namespace {

constexpr std::string_view kNameLabel = "kubernetes.io/metadata.name";
constexpr std::string_view kExposeRouteLabel = "maistra.io/expose-route";
constexpr std::string_view kPolicyGroupLabel = "network.openshift.io/policy-group";
constexpr std::uint16_t kLastPort = 65535;

/// Ports that no range in `ranges` can tell apart.
std::vector<PortAtom> cut(Protocol protocol, const std::set<std::uint32_t>& starts) {
  std::vector<PortAtom> atoms;
  for (auto start = starts.begin(); start != starts.end(); ++start) {
    const auto next = std::next(start);
    const std::uint32_t last = next == starts.end() ? kLastPort : *next - 1;
    atoms.push_back(
        {protocol, {static_cast<std::uint16_t>(*start), static_cast<std::uint16_t>(last)}});
  }
  return atoms;
}

}  // namespace

TenancyBuilder::TenancyBuilder(TenancyEncoder& encoder, const TenancyQuestion& question)
    : encoder_(encoder),
      question_(question),
      cluster_(encoder.cluster_),
      problem_(result_.problem) {}

TenancyProblem TenancyBuilder::build() {
  collect_domains();
  collect_addresses();
  collect_ports();
  add_well_formedness();
  problem_.require(violation());
  add_preferences();
  return std::move(result_);
}

/// The policies of both ends that can matter in a direction.
std::vector<const NetworkPolicy*> TenancyBuilder::bearing(Direction direction) const {
  std::vector<const NetworkPolicy*> policies;
  const auto add = [&](NamespaceId ns) {
    for (const PolicyId id : cluster_.at(ns).policies) policies.push_back(&cluster_.at(id));
  };
  if (direction == Direction::Ingress) {
    add(question_.destination);
  } else {
    for (const OutsiderGroup& group : result_.groups) {
      if (group.restricted.is_valid()) add(group.restricted);
    }
  }
  return policies;
}

void TenancyBuilder::collect_domains() {
  const SymbolTable& symbols = cluster_.symbols;
  LabelDomains namespaces;
  LabelDomains source;
  LabelDomains target;
  if (question_.addition) {
    for (const KeptTerm& term : question_.addition->kept) {
      target.add(term.pods);
      namespaces.add(term.source_projects);
      source.add(term.source_pods);
    }
  } else {
    namespaces.add(symbols.find(kMemberOfLabel), symbols.find(question_.mesh));
    namespaces.add(symbols.find(kPolicyGroupLabel), symbols.find("ingress"));
    target.add(symbols.find(kExposeRouteLabel), symbols.find("true"));
  }
  for (const NetworkPolicy* policy : bearing(Direction::Ingress)) {
    target.add(policy->pods);
    for (const PolicyRule& rule : policy->ingress) {
      for (const PolicyPeer& peer : rule.peers) {
        if (peer.namespaces) namespaces.add(*peer.namespaces);
        if (peer.pods) source.add(*peer.pods);
      }
    }
  }
  result_.groups = encoder_.outsiders(question_, namespaces);
  for (const NetworkPolicy* policy : bearing(Direction::Egress)) {
    source.add(policy->pods);
    for (const PolicyRule& rule : policy->egress) {
      for (const PolicyPeer& peer : rule.peers) {
        if (peer.pods) target.add(*peer.pods);
      }
    }
  }
  result_.source = problem_.add_variable(result_.outside() + 1);
  result_.future_namespace = LabelVariables(std::move(namespaces), problem_);
  result_.source_pod = LabelVariables(std::move(source), problem_);
  result_.destination_pod = LabelVariables(std::move(target), problem_);
}

void TenancyBuilder::collect_addresses() {
  std::vector<Cidr> blocks;
  bool with_ipv6 = false;
  const auto add = [&](const IpBlock& block) {
    blocks.push_back(block.cidr);
    blocks.insert(blocks.end(), block.except.begin(), block.except.end());
    with_ipv6 = with_ipv6 || !block.cidr.first().is_v4();
  };
  if (question_.addition) {
    for (const KeptTerm& term : question_.addition->kept) {
      if (term.block) add(*term.block);
    }
  }
  for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
    for (const NetworkPolicy* policy : bearing(direction)) {
      for (const PolicyRule& rule : policy->rules(direction)) {
        for (const PolicyPeer& peer : rule.peers) {
          if (peer.block) add(*peer.block);
        }
      }
    }
  }
  for (const PodId id : encoder_.completed_) {
    for (const IpAddress& address : cluster_.at(id).addresses) {
      blocks.push_back(Cidr::of(address, address.width()));
    }
  }
  result_.addresses = encoder_.plan_.atoms(blocks, with_ipv6 && !is_sdn());
  const auto size = static_cast<std::uint32_t>(result_.addresses.size());
  result_.source_address = problem_.add_variable(size);
  result_.destination_address = problem_.add_variable(size);
}

void TenancyBuilder::collect_ports() {
  std::map<Protocol, std::set<std::uint32_t>> starts;
  std::set<std::string> names;
  const auto add = [&](Protocol protocol, PortRange range) {
    starts[protocol].insert(std::max<std::uint32_t>(range.from, 1));
    if (range.to < kLastPort) starts[protocol].insert(range.to + 1u);
  };
  for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
    for (const NetworkPolicy* policy : bearing(direction)) {
      for (const PolicyRule& rule : policy->rules(direction)) {
        for (const PolicyPort& port : rule.ports) {
          if (port.range) add(port.protocol, *port.range);
          if (!port.name.empty()) names.insert(port.name);
        }
      }
    }
  }
  if (question_.addition) {
    for (const KeptTerm& term : question_.addition->kept) {
      for (const Protocol protocol : kProtocols) {
        for (const PortRange range : term.ports.ranges(protocol)) add(protocol, range);
      }
    }
  }
  if (is_sdn()) add(Protocol::Udp, {cluster_.network.vxlan_port, cluster_.network.vxlan_port});
  for (const Protocol protocol : {Protocol::Tcp, Protocol::Udp, Protocol::Sctp}) {
    starts[protocol].insert(1);
    const std::vector<PortAtom> atoms = cut(protocol, starts[protocol]);
    result_.ports.insert(result_.ports.end(), atoms.begin(), atoms.end());
  }
  result_.ports.push_back({Protocol::Icmp, {0, 0}});
  result_.port = problem_.add_variable(static_cast<std::uint32_t>(result_.ports.size()));
  if (is_sdn() || is_ovn()) return;  // neither resolves names
  for (const std::string& name : names) {
    result_.port_names.emplace_back(name, problem_.add_variable(2));
  }
}

/// SEMANTICS T3, T7, T8: which cases there can be.
void TenancyBuilder::add_well_formedness() {
  const SymbolTable& symbols = cluster_.symbols;
  const LabelVariables& future = result_.future_namespace;
  if (!question_.addition) {
    problem_.require(problem_.negate(
        future.has(symbols.find(kMemberOfLabel), symbols.find(question_.mesh), problem_)));
  }
  const std::size_t name_key = future.domains.find(symbols.find(kNameLabel));
  if (name_key < future.domains.all().size()) {
    const LabelDomain& names = future.domains.all()[name_key];
    std::vector<std::uint32_t> free{names.other()};
    for (std::uint32_t i = 0; i < names.values.size(); ++i) {
      if (!cluster_.find_namespace(symbols.text(names.values[i])).is_valid()) {
        free.push_back(i + 1);
      }
    }
    problem_.require(problem_.is_any(future.variables[name_key], free));
  }
  std::vector<std::uint32_t> pods;
  std::vector<std::uint32_t> outside;
  std::vector<std::uint32_t> v4;
  for (std::uint32_t i = 0; i < result_.addresses.size(); ++i) {
    if (result_.addresses[i].pod) pods.push_back(i);
    if (result_.addresses[i].outside) outside.push_back(i);
    if (result_.addresses[i].first.is_v4()) v4.push_back(i);
  }
  const Variable source = result_.source_address;
  const Variable target = result_.destination_address;
  problem_.require(problem_.is_any(target, pods));
  problem_.require(problem_.any_of(
      {problem_.all_of({is_pod(), problem_.is_any(source, pods)}),
       problem_.all_of({problem_.negate(is_pod()), problem_.is_any(source, outside)})}));
  for (std::uint32_t i = 0; i < result_.addresses.size(); ++i) {
    if (result_.addresses[i].second_pod) continue;
    problem_.require(problem_.negate(
        problem_.all_of({is_pod(), problem_.is(source, i), problem_.is(target, i)})));
  }
  const Formula source_v4 = problem_.is_any(source, v4);
  const Formula target_v4 = problem_.is_any(target, v4);
  problem_.require(problem_.any_of({problem_.negate(source_v4), target_v4}));
  problem_.require(problem_.any_of({source_v4, problem_.negate(target_v4)}));
}

/// SEMANTICS T12: the smallest counterexample.
void TenancyBuilder::add_preferences() {
  const std::size_t name_key =
      result_.future_namespace.domains.find(cluster_.symbols.find(kNameLabel));
  const Formula is_future = problem_.is(result_.source, result_.future());
  for (std::size_t i = 0; i < result_.future_namespace.variables.size(); ++i) {
    if (i == name_key) continue;
    const Variable variable = result_.future_namespace.variables[i];
    problem_.avoid(problem_.all_of({is_future, problem_.negate(problem_.is(variable, 0))}));
  }
  for (const LabelVariables* labels : {&result_.source_pod, &result_.destination_pod}) {
    for (const Variable variable : labels->variables) {
      problem_.avoid(problem_.negate(problem_.is(variable, 0)));
    }
  }
  for (const auto& [name, variable] : result_.port_names) problem_.avoid(problem_.is(variable, 1));

  std::vector<std::uint32_t> existing;
  for (std::uint32_t i = 0; i < result_.future(); ++i) existing.push_back(i);
  problem_.prefer(problem_.is_any(result_.source, existing));
  problem_.prefer(is_pod());
  std::erase_if(existing, [&](std::uint32_t i) { return result_.groups[i].global; });
  problem_.prefer(problem_.is_any(result_.source, existing));
  if (name_key < result_.future_namespace.variables.size()) {
    problem_.prefer(problem_.is(result_.future_namespace.variables[name_key],
                                result_.future_namespace.domains.all()[name_key].other()));
  }
  problem_.prefer(numbers(Protocol::Tcp, {1, kLastPort}));
}

}  // namespace meshproof
