#include "solver/engines/all_pairs/policy_forms.h"

#include <array>
#include <cstring>
#include <string_view>

namespace meshproof {

PolicyFormId PolicyForms::intern(const NetworkPolicy& policy) {
  text_.clear();
  text_.push_back((policy.isolates_ingress ? 1U : 0U) | (policy.isolates_egress ? 2U : 0U));
  for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
    text_.push_back(policy.rules(direction).size());
    for (const PolicyRule& rule : policy.rules(direction)) spell(rule);
  }
  const auto [number, is_new] = texts_.intern(text_);
  if (is_new) policies_.push_back(&policy);
  return {number};
}

/// Every list begins with its length, so that different rules have different texts.
void PolicyForms::spell(const PolicyRule& rule) {
  text_.push_back((std::uint64_t{rule.peers.size()} << 32U) | rule.ports.size());
  for (const PolicyPeer& peer : rule.peers) {
    text_.push_back((peer.namespaces ? 1U : 0U) | (peer.pods ? 2U : 0U) | (peer.block ? 4U : 0U));
    if (peer.namespaces) spell(*peer.namespaces);
    if (peer.pods) spell(*peer.pods);
    if (!peer.block) continue;
    spell(peer.block->cidr);
    text_.push_back(peer.block->except.size());
    for (const Cidr& except : peer.block->except) spell(except);
  }
  for (const PolicyPort& port : rule.ports) spell(port);
}

void PolicyForms::spell(const LabelSelector& selector) {
  text_.push_back(selector.requirements.size());
  for (const LabelRequirement& each : selector.requirements) {
    text_.push_back((std::uint64_t{each.key.value} << 32U) | each.values.size());
    text_.push_back(static_cast<std::uint64_t>(each.op));
    for (const Symbol value : each.values) text_.push_back(value.value);
  }
}

void PolicyForms::spell(const Cidr& block) {
  std::array<std::uint64_t, 2> words{};
  std::memcpy(words.data(), block.first().bytes().data(), sizeof words);
  text_.insert(text_.end(), words.begin(), words.end());
  text_.push_back((std::uint64_t{block.prefix()} << 1U) | (block.first().is_v4() ? 1U : 0U));
}

void PolicyForms::spell(const PolicyPort& port) {
  const PortRange range = port.range.value_or(PortRange{});
  text_.push_back((std::uint64_t{port.name.size()} << 32U) | (port.range ? 4U : 0U) |
                  static_cast<std::uint64_t>(port.protocol));
  text_.push_back((std::uint64_t{range.from} << 16U) | range.to);
  for (std::string_view rest = port.name; !rest.empty();) {
    const std::string_view some = rest.substr(0, sizeof(std::uint64_t));
    std::uint64_t word = 0;
    std::memcpy(&word, some.data(), some.size());
    text_.push_back(word);
    rest.remove_prefix(some.size());
  }
}

}  // namespace meshproof
