#include "solver/engines/flows/flow_terms.h"

#include <algorithm>
#include <set>

namespace meshproof {

namespace {

constexpr std::string_view kNameLabel = "kubernetes.io/metadata.name";
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

FlowTerms::FlowTerms(FlowEncoder& encoder, const FlowClaim& claim, NamespaceId destination,
                     Problem& problem)
    : encoder_(encoder), claim_(claim), cluster_(encoder.cluster_), problem_(problem) {
  flow_.destination = destination;
}

FlowVariables FlowTerms::build() {
  collect_words();
  add_well_formedness();
  problem_.require(claim_.broken(*this));
  add_preferences();
  return std::move(flow_);
}

/// The policies of both ends that can matter in a direction.
std::vector<const NetworkPolicy*> FlowTerms::bearing(Direction direction) const {
  std::vector<const NetworkPolicy*> policies;
  const auto add = [&](NamespaceId ns) {
    for (const PolicyId id : cluster_.at(ns).policies) policies.push_back(&cluster_.at(id));
  };
  if (direction == Direction::Ingress) {
    if (flow_.destination.is_valid()) add(flow_.destination);
  } else {
    for (const SourceGroup& group : flow_.groups) {
      if (group.own.is_valid()) add(group.own);
    }
  }
  return policies;
}

void FlowTerms::collect_words() {
  FlowWords words;
  claim_.add_words(words);
  for (const NetworkPolicy* policy : bearing(Direction::Ingress)) {
    words.destination.add(policy->pods);
    for (const PolicyRule& rule : policy->ingress) {
      for (const PolicyPeer& peer : rule.peers) {
        if (peer.namespaces) words.namespaces.add(*peer.namespaces);
        if (peer.pods) words.source.add(*peer.pods);
      }
    }
  }
  flow_.groups = encoder_.sources(claim_, flow_.destination, words.namespaces);
  LabelDomains destination_namespace;
  for (const NetworkPolicy* policy : bearing(Direction::Egress)) {
    words.source.add(policy->pods);
    for (const PolicyRule& rule : policy->egress) {
      for (const PolicyPeer& peer : rule.peers) {
        if (peer.pods) words.destination.add(*peer.pods);
        if (peer.namespaces) destination_namespace.add(*peer.namespaces);
      }
    }
  }
  flow_.source = problem_.add_variable(flow_.outside() + 1);
  flow_.future_namespace = LabelVariables(words.namespaces, problem_);
  flow_.source_pod = LabelVariables(words.source, problem_);
  flow_.destination_pod = LabelVariables(words.destination, problem_);
  if (!flow_.destination.is_valid()) {
    destination_namespace.add(words.namespaces);
    flow_.destination_namespace = LabelVariables(std::move(destination_namespace), problem_);
  }
  collect_addresses(words);
  collect_ports(words);
}

void FlowTerms::collect_addresses(const FlowWords& words) {
  std::vector<Cidr> blocks = words.blocks;
  for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
    for (const NetworkPolicy* policy : bearing(direction)) {
      for (const PolicyRule& rule : policy->rules(direction)) {
        for (const PolicyPeer& peer : rule.peers) {
          if (!peer.block) continue;
          blocks.push_back(peer.block->cidr);
          blocks.insert(blocks.end(), peer.block->except.begin(), peer.block->except.end());
        }
      }
    }
  }
  const bool with_ipv6 =
      std::ranges::any_of(blocks, [](const Cidr& block) { return !block.first().is_v4(); });
  find_completed(words, blocks);
  for (const PodId id : completed_) {
    for (const IpAddress& address : cluster_.at(id).addresses) {
      blocks.push_back(Cidr::of(address, address.width()));
    }
  }
  flow_.addresses = encoder_.plan_.atoms(blocks, with_ipv6 && !is_sdn());
  const auto size = static_cast<std::uint32_t>(flow_.addresses.size());
  flow_.source_address = problem_.add_variable(size);
  flow_.destination_address = problem_.add_variable(size);
}

/// Of completed pods that no policy and no block can tell apart one is enough: who takes over its
/// address fares as who takes over that of another.
void FlowTerms::find_completed(const FlowWords& words, const std::vector<Cidr>& blocks) {
  if (encoder_.completed_.empty()) return;
  LabelDomains namespaces = words.namespaces;
  for (const NetworkPolicy* policy : bearing(Direction::Egress)) {
    for (const PolicyRule& rule : policy->egress) {
      for (const PolicyPeer& peer : rule.peers) {
        if (peer.namespaces) namespaces.add(*peer.namespaces);
      }
    }
  }
  std::set<NamespaceId> named{flow_.destination};
  for (const SourceGroup& group : flow_.groups) named.insert(group.own);
  for (const auto& [ns, old] : encoder_.versions_.old_labels) named.insert(ns);
  std::set<std::vector<std::uint32_t>> found;
  for (const PodId id : encoder_.completed_) {
    const Pod& pod = cluster_.at(id);
    std::vector<std::uint32_t> looks{named.contains(pod.ns) ? pod.ns.value : NamespaceId::kNone};
    const auto add = [&](const std::vector<std::uint32_t>& more) {
      looks.insert(looks.end(), more.begin(), more.end());
    };
    add(namespaces.project(cluster_.at(pod.ns).labels));
    add(words.source.project(pod.labels));
    add(words.destination.project(pod.labels));
    for (std::uint32_t i = 0; i < blocks.size(); ++i) {
      const auto is_inside = [&](const IpAddress& one) { return blocks[i].contains(one); };
      if (std::ranges::any_of(pod.addresses, is_inside)) looks.push_back(i);
    }
    if (found.insert(std::move(looks)).second) completed_.push_back(id);
  }
}

void FlowTerms::collect_ports(const FlowWords& words) {
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
  for (const auto& [protocol, range] : words.ports) add(protocol, range);
  if (is_sdn()) add(Protocol::Udp, {cluster_.network.vxlan_port, cluster_.network.vxlan_port});
  for (const Protocol protocol : {Protocol::Tcp, Protocol::Udp, Protocol::Sctp}) {
    starts[protocol].insert(1);
    const std::vector<PortAtom> atoms = cut(protocol, starts[protocol]);
    flow_.ports.insert(flow_.ports.end(), atoms.begin(), atoms.end());
  }
  flow_.ports.push_back({Protocol::Icmp, {0, 0}});
  flow_.port = problem_.add_variable(static_cast<std::uint32_t>(flow_.ports.size()));
  if (is_sdn() || is_ovn()) return;  // neither resolves names
  for (const std::string& name : names) {
    flow_.port_names.emplace_back(name, problem_.add_variable(2));
  }
}

/// The name of a future namespace is none that exists.
void FlowTerms::require_free_name(const LabelVariables& labels) {
  const SymbolTable& symbols = cluster_.symbols;
  const std::size_t name_key = labels.domains.find(symbols.find(kNameLabel));
  if (name_key == labels.domains.all().size()) return;
  const LabelDomain& names = labels.domains.all()[name_key];
  std::vector<std::uint32_t> free{names.other()};
  for (std::uint32_t i = 0; i < names.values.size(); ++i) {
    if (!cluster_.find_namespace(symbols.text(names.values[i])).is_valid()) free.push_back(i + 1);
  }
  problem_.require(problem_.is_any(labels.variables[name_key], free));
}

/// SEMANTICS T3, T7, T8: which cases there can be.
void FlowTerms::add_well_formedness() {
  require_free_name(flow_.future_namespace);
  require_free_name(flow_.destination_namespace);
  std::vector<std::uint32_t> pods;
  std::vector<std::uint32_t> outside;
  std::vector<std::uint32_t> v4;
  for (std::uint32_t i = 0; i < flow_.addresses.size(); ++i) {
    if (flow_.addresses[i].pod) pods.push_back(i);
    if (flow_.addresses[i].outside) outside.push_back(i);
    if (flow_.addresses[i].first.is_v4()) v4.push_back(i);
  }
  const Variable source = flow_.source_address;
  const Variable target = flow_.destination_address;
  problem_.require(problem_.is_any(target, pods));
  problem_.require(problem_.any_of(
      {problem_.all_of({is_pod(), problem_.is_any(source, pods)}),
       problem_.all_of({problem_.negate(is_pod()), problem_.is_any(source, outside)})}));
  for (std::uint32_t i = 0; i < flow_.addresses.size(); ++i) {
    if (flow_.addresses[i].second_pod) continue;
    problem_.require(problem_.negate(
        problem_.all_of({is_pod(), problem_.is(source, i), problem_.is(target, i)})));
  }
  const Formula source_v4 = problem_.is_any(source, v4);
  const Formula target_v4 = problem_.is_any(target, v4);
  problem_.require(problem_.any_of({problem_.negate(source_v4), target_v4}));
  problem_.require(problem_.any_of({source_v4, problem_.negate(target_v4)}));
}

void FlowTerms::avoid_labels(const LabelVariables& labels, Formula where) {
  const std::size_t name_key = labels.domains.find(cluster_.symbols.find(kNameLabel));
  for (std::size_t i = 0; i < labels.variables.size(); ++i) {
    if (i == name_key) continue;
    problem_.avoid(problem_.all_of({where, problem_.negate(problem_.is(labels.variables[i], 0))}));
  }
}

/// SEMANTICS T12: the smallest counterexample.
void FlowTerms::add_preferences() {
  avoid_labels(flow_.future_namespace, problem_.is(flow_.source, flow_.future()));
  avoid_labels(flow_.destination_namespace, Problem::truth());
  avoid_labels(flow_.source_pod, Problem::truth());
  avoid_labels(flow_.destination_pod, Problem::truth());
  for (const auto& [name, variable] : flow_.port_names) problem_.avoid(problem_.is(variable, 1));

  std::vector<std::uint32_t> existing;
  for (std::uint32_t i = 0; i < flow_.future(); ++i) existing.push_back(i);
  problem_.prefer(problem_.is_any(flow_.source, existing));
  problem_.prefer(is_pod());
  std::erase_if(existing, [&](std::uint32_t i) { return flow_.groups[i].global; });
  problem_.prefer(problem_.is_any(flow_.source, existing));
  for (const LabelVariables* labels : {&flow_.future_namespace, &flow_.destination_namespace}) {
    const std::size_t name_key = labels->domains.find(cluster_.symbols.find(kNameLabel));
    if (name_key == labels->domains.all().size()) continue;
    problem_.prefer(
        problem_.is(labels->variables[name_key], labels->domains.all()[name_key].other()));
  }
  problem_.prefer(numbers(Protocol::Tcp, {1, kLastPort}));
}

}  // namespace meshproof
