#include <algorithm>

#include "solver/dialects/dialects.h"

/// OpenShift SDN: the virtual network ids that stand for namespaces.
namespace meshproof {
namespace {

constexpr std::uint32_t kGlobal = 0;
/// Above every id that the SDN gives (24 bits): for namespaces of inputs without NetNamespaces.
constexpr std::uint32_t kAssumed = 1U << 31U;

/// SEMANTICS SDN-P3: the labels of `default` where the input does not hold it, so that it stands
/// for hosts and outside all the same.
Labels labels_of_default(const EvaluationContext& context) {
  const SymbolTable& symbols = context.cluster.symbols;
  const Symbol key = symbols.find("kubernetes.io/metadata.name");
  Labels labels;
  if (!key.is_valid()) return labels;
  // No selector can ask for a value that no symbol has; the key itself will do for one.
  const Symbol value = symbols.find("default");
  labels.set(key, value.is_valid() ? value : key);
  return labels;
}

struct Occupants {
  std::vector<std::string> selected;
  std::vector<std::string> others;
};

/// The namespaces whose own id is the VNID, by whether the selector selects them.
Occupants occupants_of(const EvaluationContext& context, const LabelSelector& selector,
                       std::uint32_t vnid) {
  Occupants result;
  const auto found = context.namespaces_by_vnid.find(vnid);
  if (found != context.namespaces_by_vnid.end()) {
    for (const NamespaceId id : found->second) {
      const Namespace& ns = context.ns(id);
      if (ns.name == kHostNetworkNamespace) continue;
      (matches(selector, ns.labels) ? result.selected : result.others).push_back(ns.name);
    }
  }
  const bool has_default = context.cluster.find_namespace("default").is_valid();
  if (vnid == kGlobal && !has_default) {
    const bool selected = matches(selector, labels_of_default(context));
    (selected ? result.selected : result.others).emplace_back("default");
  }
  return result;
}

/// SEMANTICS SDN-P4: openshift-host-network stands for VNID 0 in selectors, not for its own.
Match selects_host_namespace(const EvaluationContext& context, const LabelSelector& selector) {
  const NamespaceId hosts = context.cluster.find_namespace(kHostNetworkNamespace);
  if (!hosts.is_valid() || !matches(selector, context.ns(hosts).labels)) {
    return Match::no("SDN-P4");
  }
  if (vnid_of(context, hosts).known) return Match::yes("SDN-P4");
  return Match::maybe("SDN-P15", "namespace openshift-host-network has no NetNamespace yet");
}

}  // namespace

Vnid vnid_of(const EvaluationContext& context, NamespaceId ns) {
  const Namespace& the_namespace = context.ns(ns);
  if (the_namespace.net_namespace.is_valid()) {
    return {true, context.cluster.at(the_namespace.net_namespace).netid};
  }
  if (the_namespace.name == "default") return {true, kGlobal};
  const bool assume = context.cluster.net_namespaces.empty() &&
                      context.cluster.network.mode == SdnMode::NetworkPolicy;
  return {assume, kAssumed + ns.value};
}

Vnid vnid_of(const EvaluationContext& context, const End& end) {
  if (!end.is_pod()) return {true, kGlobal};
  return vnid_of(context, context.pod(end).ns);
}

std::size_t sharers_of(const EvaluationContext& context, Vnid vnid) {
  const auto found = context.net_namespaces_by_id.find(vnid.value);
  if (!vnid.known || found == context.net_namespaces_by_id.end()) return 1;
  return found->second.size();
}

Match selects_vnid(const EvaluationContext& context, const LabelSelector& selector,
                   const End& source) {
  const Vnid vnid = vnid_of(context, source);
  if (!vnid.known) {
    const Namespace& ns = context.ns(context.pod(source).ns);
    if (!matches(selector, ns.labels)) return Match::no("P6");
    return Match::maybe("SDN-P15", "namespace " + ns.name +
                                       " has no NetNamespace yet, so no namespaceSelector selects "
                                       "it before the SDN has made one");
  }
  Match hosts = Match::no();
  if (vnid.value == kGlobal) hosts = selects_host_namespace(context, selector);
  if (hosts.truth == Truth::Yes) return hosts;
  const Occupants occupants = occupants_of(context, selector, vnid.value);
  if (occupants.selected.empty()) return hosts;
  if (!occupants.others.empty()) {
    return Match::maybe("SDN-P14", "namespaces " + occupants.selected.front() + " and " +
                                       occupants.others.front() + " share the network id " +
                                       std::to_string(vnid.value) +
                                       ", and what a selector of one of them means is undefined");
  }
  return Match::yes(source.is_pod() ? "P6" : "SDN-P3");
}

std::string undefined_policies(const EvaluationContext& context, NamespaceId ns) {
  const Vnid vnid = vnid_of(context, ns);
  if (sharers_of(context, vnid) < 2) return {};
  std::string names;
  bool any_policy = false;
  for (const NetNamespaceId id : context.net_namespaces_by_id.at(vnid.value)) {
    const std::string& name = context.cluster.at(id).name;
    names += (names.empty() ? "" : ", ") + name;
    const NamespaceId sharer = context.cluster.find_namespace(name);
    any_policy = any_policy || (sharer.is_valid() && !context.ns(sharer).policies.empty());
  }
  if (!any_policy) return {};
  return "namespaces " + names + " share the network id " + std::to_string(vnid.value) +
         ", and whose policies then count is undefined in mode networkpolicy";
}

}  // namespace meshproof
