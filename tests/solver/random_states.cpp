#include "tests/solver/random_states.h"

namespace meshproof {
namespace {

/// Of one kind of rules, with the lists of them that namespaces have.
template <typename Rule>
void keep(std::vector<Rule>& rules, std::vector<Namespace>& namespaces,
          std::vector<Id<Rule>> Namespace::*list, const std::vector<bool>& kept) {
  const std::vector<Rule> all = std::move(rules);
  rules.clear();
  for (Namespace& ns : namespaces) (ns.*list).clear();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!kept[i]) continue;
    (namespaces[all[i].ns.value].*list).push_back({static_cast<std::uint32_t>(rules.size())});
    rules.push_back(all[i]);
  }
}

void keep_firewalls(Cluster& cluster, const std::vector<bool>& kept) {
  keep(cluster.egress_policies, cluster.namespaces, &Namespace::egress_policies, kept);
}

struct Kept {
  std::vector<bool> before;
  std::vector<bool> after;
};

template <typename Rule>
Kept random_kept(const Choose& choose, const std::vector<Rule>& rules, std::vector<bool>& changed) {
  Kept kept;
  for (const Rule& rule : rules) {
    const unsigned where = choose(4);
    kept.before.push_back(where != 0);
    kept.after.push_back(where != 1);
    if (where < 2) changed[rule.ns.value] = true;
  }
  return kept;
}

}  // namespace

void keep_policies(Cluster& cluster, const std::vector<bool>& kept) {
  keep(cluster.policies, cluster.namespaces, &Namespace::policies, kept);
}

RandomStates random_states(const Choose& choose, const Cluster& both) {
  RandomStates states{both, both, {}};
  std::vector<bool> changed(both.namespaces.size());
  const Kept policies = random_kept(choose, both.policies, changed);
  keep_policies(states.before, policies.before);
  keep_policies(states.after, policies.after);
  const Kept firewalls = random_kept(choose, both.egress_policies, changed);
  keep_firewalls(states.before, firewalls.before);
  keep_firewalls(states.after, firewalls.after);
  for (std::size_t i = 0; i < changed.size(); ++i) {
    if (choose(4) == 0) {
      const unsigned other = choose(static_cast<unsigned>(changed.size()));
      states.after.namespaces[i].labels = both.namespaces[other].labels;
      changed[i] = true;
    }
    if (choose(8) == 0) {
      states.after.namespaces[i].multicast = !both.namespaces[i].multicast;
      changed[i] = true;
    }
    if (changed[i]) states.changed.push_back({static_cast<std::uint32_t>(i)});
  }
  return states;
}

}  // namespace meshproof
