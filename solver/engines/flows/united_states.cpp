#include "solver/engines/flows/united_states.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "solver/changed_rules.h"

namespace meshproof {

namespace {

/// Values of one cluster in the symbols of another.
class Translator {
 public:
  Translator(const SymbolTable& from, SymbolTable& to) : from_(from), to_(to) {}

  [[nodiscard]] Labels labels(const Labels& labels) {
    Labels result;
    for (const Label& label : labels.all()) result.set(symbol(label.key), symbol(label.value));
    return result;
  }

  [[nodiscard]] NetworkPolicy policy(NetworkPolicy policy) {
    translate(policy.pods);
    for (auto* rules : {&policy.ingress, &policy.egress}) {
      for (PolicyRule& rule : *rules) {
        for (PolicyPeer& peer : rule.peers) {
          if (peer.namespaces) translate(*peer.namespaces);
          if (peer.pods) translate(*peer.pods);
        }
      }
    }
    return policy;
  }

 private:
  [[nodiscard]] Symbol symbol(Symbol of) {
    const auto [entry, is_new] = known_.try_emplace(of.value);
    if (is_new) entry->second = to_.intern(from_.text(of));
    return entry->second;
  }

  void translate(LabelSelector& selector) {
    for (LabelRequirement& requirement : selector.requirements) {
      requirement.key = symbol(requirement.key);
      for (Symbol& value : requirement.values) value = symbol(value);
      std::ranges::sort(requirement.values);
    }
  }

  const SymbolTable& from_;
  SymbolTable& to_;
  std::unordered_map<std::uint32_t, Symbol> known_;
};

bool have_same_ids(const Cluster& first, const Cluster& second) {
  const auto netid = [](const Cluster& cluster, const Namespace& ns) {
    return ns.net_namespace.is_valid() ? std::optional(cluster.at(ns.net_namespace).netid)
                                       : std::nullopt;
  };
  return std::ranges::all_of(first.namespaces, [&](const Namespace& ns) {
    const NamespaceId other = second.find_namespace(ns.name);
    return !other.is_valid() || netid(first, ns) == netid(second, second.at(other));
  });
}

/// Puts the namespaces and policies of the first state to those of the second.
class Union {
 public:
  Union(const Cluster& first, const Cluster& second)
      : first_(first), second_(second), words_(first.symbols, result_.cluster.symbols) {
    result_.cluster = second;
  }

  UnitedStates unite() {
    for (const Namespace& ns : first_.namespaces) add(ns);
    for (std::uint32_t i = 0; i < second_.namespaces.size(); ++i) {
      if (first_.find_namespace(second_.namespaces[i].name).is_valid()) continue;
      for (const PolicyId id : second_.namespaces[i].policies) only_second({i}, id);
    }
    const bool has_ids = second_.network.dialect == Dialect::OpenShiftSdn;
    if (first_.network != second_.network) {
      result_.obstacle = "the states are of different networks";
    } else if (has_ids && !have_same_ids(first_, second_)) {
      result_.obstacle = "network ids differ between the states";
    }
    return std::move(result_);
  }

 private:
  void add(const Namespace& ns) {
    Cluster& cluster = result_.cluster;
    const NamespaceId id = second_.find_namespace(ns.name);
    if (!id.is_valid()) return;
    std::vector<PolicyId> unmatched = cluster.at(id).policies;
    const Labels labels = words_.labels(ns.labels);
    if (labels != cluster.at(id).labels) {
      result_.versions.old_labels.emplace(id, labels);
      result_.versions.changing.insert(id);
      result_.first.relabelled.emplace(id, Problem::falsehood());
      result_.second.relabelled.emplace(id, Problem::truth());
    }
    for (const PolicyId old : ns.policies) {
      NetworkPolicy policy = words_.policy(first_.at(old));
      policy.ns = id;
      const auto same = std::ranges::find_if(unmatched, [&](PolicyId one) {
        // One that goes and another that comes in its place are two writes, with moments between.
        return cluster.at(one).name == policy.name && say_the_same(cluster.at(one), policy);
      });
      if (same != unmatched.end()) {
        unmatched.erase(same);
        continue;
      }
      const PolicyId added{static_cast<std::uint32_t>(cluster.policies.size())};
      cluster.policies.push_back(std::move(policy));
      cluster.namespaces[id.value].policies.push_back(added);
      result_.second.policies.emplace(added, Problem::falsehood());
      result_.versions.changing.insert(id);
    }
    for (const PolicyId one : unmatched) only_second(id, one);
  }

  void only_second(NamespaceId ns, PolicyId id) {
    result_.first.policies.emplace(id, Problem::falsehood());
    result_.versions.changing.insert(ns);
  }

  const Cluster& first_;
  const Cluster& second_;
  UnitedStates result_;
  Translator words_;
};

}  // namespace

UnitedStates unite(const Cluster& first, const Cluster& second) {
  return Union(first, second).unite();
}

}  // namespace meshproof
