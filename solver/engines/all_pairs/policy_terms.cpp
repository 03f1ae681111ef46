#include "solver/engines/all_pairs/policy_terms.h"

#include <algorithm>

namespace meshproof {
namespace {

constexpr std::uint16_t kLastPort = 65535;

std::size_t index_of(Direction direction) { return static_cast<std::size_t>(direction); }

bool has_number(const std::vector<PolicyPort>& ports, Protocol protocol) {
  return std::ranges::any_of(ports, [&](const PolicyPort& port) {
    return port.range.has_value() && port.protocol == protocol;
  });
}

/// SEMANTICS P10, SDN-P1, OVN-4: what needs nobody to give a name.
PortSet numbered_ports(const std::vector<PolicyPort>& all, Dialect dialect) {
  if (all.empty()) return PortSet::all();
  PortSet result;
  for (const PolicyPort& port : all) {
    const bool counts =
        dialect == Dialect::OvnKubernetes ? !has_number(all, port.protocol) : port.name.empty();
    if (port.range) {
      result.add(port.protocol, *port.range);
    } else if (counts) {
      result.add(port.protocol, {0, kLastPort});
    }
  }
  return result;
}

}  // namespace

PolicyTerms::PolicyTerms(const Cluster& cluster, PeerSets& peers, PortSets& ports, FlowLimit& limit)
    : dialect_(cluster.network.dialect), peers_(peers), ports_(ports), limit_(limit) {}

const std::vector<SelectorId>& PolicyTerms::find(const NetworkPolicy& policy, Terms& terms) {
  const PolicyFormId id = forms_.intern(policy);
  const Form& form = form_of(id);
  for (const std::size_t direction : {0U, 1U}) {
    terms.rows[direction].clear();
    terms.named[direction].clear();
  }
  if (limit_.is_exceeded(policy, id)) return form.sizing;
  terms = form.everywhere;
  for (const auto& [key, rule] : form.own) {
    PeerKey peer = key;
    peer.ns = policy.ns;
    add(peers_.intern(peer), rule, terms);
  }
  return form.sizing;
}

const PolicyTerms::Form& PolicyTerms::form_of(PolicyFormId id) {
  if (id.value >= by_form_.size()) by_form_.resize(forms_.size());
  Form& form = by_form_[id.value];
  if (form.is_known) return form;
  form.is_known = true;
  const NetworkPolicy& policy = forms_.at(id);
  for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
    // SEMANTICS OVN-3: there policyTypes do not limit the rules.
    if (dialect_ != Dialect::OvnKubernetes && !policy.isolates(direction)) continue;
    for (const PolicyRule& rule : policy.rules(direction)) read(rule, direction, form);
  }
  return form;
}

void PolicyTerms::read(const PolicyRule& text, Direction direction, Form& form) {
  const Rule rule{&text, direction, ports_.intern(numbered_ports(text.ports, dialect_))};
  if (text.peers.empty()) add(PeerSets::kEverybody, rule, form.everywhere);
  for (const PolicyPeer& peer : text.peers) {
    const PeerKey key = peers_.key_of(peer, direction);
    if (key.namespaces.is_valid() && dialect_ == Dialect::OpenShiftSdn) {
      form.sizing.push_back(key.namespaces);
    }
    if (key.is_of_namespace()) {
      form.own.emplace_back(key, rule);
    } else {
      add(peers_.intern(key), rule, form.everywhere);
    }
  }
}

void PolicyTerms::add(PeerId peer, const Rule& rule, Terms& terms) {
  const std::size_t direction = index_of(rule.direction);
  Row& row = terms.rows[direction];
  if (rule.ports != PortSets::kNone) row.push_back({peer, rule.ports});
  if (dialect_ != Dialect::Kubernetes) return;
  for (const PolicyPort& port : rule.text->ports) {
    if (port.name.empty() || port.range) continue;
    if (rule.direction == Direction::Ingress) {
      terms.named[direction].emplace_back(peer, port);
      continue;
    }
    for (const auto& [narrowed, number] : peers_.with_port(peer, port)) {
      row.push_back({narrowed, ports_.intern(PortSet::of(port.protocol, {number, number}))});
    }
  }
}

}  // namespace meshproof
