#include "solver/moments/symbol_copy.h"

#include <algorithm>

namespace meshproof {

Symbol SymbolCopy::of(Symbol symbol) {
  if (!symbol.is_valid()) return symbol;
  const auto [at, is_new] = known_.try_emplace(symbol.value);
  if (is_new) at->second = into_.intern(from_.text(symbol));
  return at->second;
}

Labels SymbolCopy::of(const Labels& labels) {
  Labels result;
  for (const Label& label : labels.all()) result.set(of(label.key), of(label.value));
  return result;
}

LabelSelector SymbolCopy::of(const LabelSelector& selector) {
  LabelSelector result = selector;
  for (LabelRequirement& requirement : result.requirements) {
    requirement.key = of(requirement.key);
    for (Symbol& value : requirement.values) value = of(value);
    std::ranges::sort(requirement.values);
  }
  return result;
}

NetworkPolicy SymbolCopy::of(const NetworkPolicy& policy) {
  NetworkPolicy result = policy;
  result.pods = of(policy.pods);
  for (std::vector<PolicyRule>* rules : {&result.ingress, &result.egress}) {
    for (PolicyRule& rule : *rules) {
      for (PolicyPeer& peer : rule.peers) {
        if (peer.namespaces) peer.namespaces = of(*peer.namespaces);
        if (peer.pods) peer.pods = of(*peer.pods);
      }
    }
  }
  return result;
}

Namespace SymbolCopy::of(const Namespace& ns) {
  Namespace result = ns;
  result.labels = of(ns.labels);
  return result;
}

Pod SymbolCopy::of(const Pod& pod) {
  Pod result = pod;
  result.labels = of(pod.labels);
  return result;
}

}  // namespace meshproof
