#include "solver/equivalence.h"

#include <algorithm>

#include "solver/checks/flow_proof.h"
#include "solver/checks/lacking.h"
#include "solver/checks/what_if.h"
#include "solver/engines/flows/changed_sources.h"
#include "solver/engines/flows/difference_claim.h"
#include "solver/engines/flows/united_states.h"

namespace meshproof {

namespace {

/// The namespaces of one state that another lacks, as manifests.
std::vector<Tree> missing_namespaces(const Cluster& from, const Cluster& in) {
  std::vector<Tree> manifests;
  for (const Namespace& ns : from.namespaces) {
    if (in.find_namespace(ns.name).is_valid()) continue;
    Tree labels = Tree::mapping();
    for (const Label& label : ns.labels.all()) {
      labels.set(std::string(from.symbols.text(label.key)),
                 Tree::string(std::string(from.symbols.text(label.value))));
    }
    manifests.push_back(Tree::mapping(
        {{"apiVersion", Tree::string("v1")},
         {"kind", Tree::string("Namespace")},
         {"metadata",
          Tree::mapping({{"name", Tree::string(ns.name)}, {"labels", std::move(labels)}})}}));
  }
  return manifests;
}

Snapshot completed(const Snapshot& snapshot, const Cluster& other) {
  const std::vector<Tree> missing = missing_namespaces(other, snapshot.cluster);
  return missing.empty() ? snapshot : with_objects(snapshot, missing);
}

/// The same pod in another state: one that it lacks becomes one that has to be made.
PodId same_pod(PodId pod, const Cluster& from, const Cluster& in) {
  if (!pod.is_valid()) return {};
  const NamespaceId ns = in.find_namespace(from.at(from.at(pod).ns).name);
  return ns.is_valid() ? in.find_pod(ns, from.at(pod).name) : PodId{};
}

class SymbolicComparison {
 public:
  SymbolicComparison(const Snapshot& before, const Snapshot& after, const SmtLimits& limits)
      : before_(completed(before, after.cluster)),
        after_(completed(after, before.cluster)),
        states_(unite(before_.cluster, after_.cluster)),
        united_{after_.objects, after_.coverage, std::move(states_.cluster)},
        sources_(states_, united_.cluster),
        proof_(united_, {.statement = "diff", .limits = limits}, states_.versions) {}

  Equivalence compare() {
    result_.scope =
        "any pod with any labels in any project, present or future, and any address outside the "
        "cluster, against any pod of a project of either state; not spoken of: hosts, Services, "
        "and egress to addresses outside";
    const Cluster& cluster = united_.cluster;
    if (cluster.network.assumed) {
      result_.scope += "; assumes a network that enforces NetworkPolicies as Kubernetes specifies";
    }
    if (!find_obstacles()) return std::move(result_);
    for (std::uint32_t i = 0; i < cluster.namespaces.size(); ++i) compare_to({i});
    compare_to({});
    return std::move(result_);
  }

 private:
  bool find_obstacles() {
    const Network& network = united_.cluster.network;
    std::string reason = states_.obstacle;
    if (reason.empty()) reason = network.unknown_because;
    const bool has_modes = network.dialect == Dialect::OpenShiftSdn;
    if (reason.empty() && has_modes && network.mode != SdnMode::NetworkPolicy) {
      reason = "pods that do not exist yet are only compared in mode networkpolicy";
    }
    for (const Snapshot* state : {&before_, &after_}) {
      if (reason.empty()) reason = unmodelled_for(state->cluster, {});
      for (const Namespace& ns : state->cluster.namespaces) {
        if (!reason.empty() || !ns.uncollected.policies) continue;
        reason = "which NetworkPolicies " + ns.name + " has is not known: the input lacks them";
      }
    }
    if (reason.empty()) {
      reason = proof_.encoder().shared_network([](NamespaceId, std::uint32_t) { return true; });
    }
    if (!reason.empty()) result_.undecided.push_back(reason);
    return reason.empty();
  }

  void compare_to(NamespaceId destination) {
    const auto sources = sources_.to(destination);
    if (!sources) return;
    for (const auto sought : {DifferenceClaim::Sought::Lost, DifferenceClaim::Sought::Gained}) {
      const DifferenceClaim claim(states_.first, states_.second, sought, *sources);
      FlowProof::Answer answer = proof_.prove(
          claim, destination,
          [this](const Counterexample& counterexample, bool is_gained, std::string& doubt) {
            return confirm(counterexample, is_gained, doubt);
          });
      if (answer.violated) result_.examples.push_back(std::move(example_));
      const std::string& doubt = answer.undecided;
      const bool is_new = std::ranges::find(result_.undecided, doubt) == result_.undecided.end();
      if (!doubt.empty() && is_new) result_.undecided.push_back(doubt);
    }
  }

  std::optional<Violated> confirm(Counterexample counterexample, bool is_gained,
                                  std::string& doubt) {
    Replay after = replay(after_, counterexample);
    counterexample.existing_source =
        same_pod(counterexample.existing_source, after_.cluster, before_.cluster);
    counterexample.existing_destination =
        same_pod(counterexample.existing_destination, after_.cluster, before_.cluster);
    Replay before = replay(before_, counterexample);
    const Access wanted_before = is_gained ? Access::Denied : Access::Allowed;
    const Access wanted_after = is_gained ? Access::Allowed : Access::Denied;
    if (before.decision.access != wanted_before || after.decision.access != wanted_after) {
      if (doubt.empty()) {
        const bool is_before = before.decision.access != wanted_before;
        doubt = not_confirmed(counterexample, is_before ? before : after);
      }
      return std::nullopt;
    }
    example_ = {is_gained,
                std::move(after.src),
                std::move(after.dst),
                counterexample.protocol,
                counterexample.port,
                std::move(before.decision.reasons),
                std::move(after.decision.reasons),
                std::move(after.manifests)};
    return Violated{};
  }

  const Snapshot before_;
  const Snapshot after_;
  UnitedStates states_;
  const Snapshot united_;
  const ChangedSources sources_;
  FlowProof proof_;
  Equivalence result_;
  FlowDifference example_;
};

}  // namespace

Equivalence compare_symbolically(const Snapshot& before, const Snapshot& after,
                                 const SmtLimits& limits) {
  if (before.coverage.is_silent() && after.coverage.is_silent()) {
    return SymbolicComparison(before, after, limits).compare();
  }
  return SymbolicComparison(mark_uncollected(before), mark_uncollected(after), limits).compare();
}

}  // namespace meshproof
