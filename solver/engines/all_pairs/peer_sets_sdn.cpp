#include <algorithm>
#include <map>

#include "solver/engines/all_pairs/certainty.h"
#include "solver/engines/all_pairs/peer_sets.h"

/// OpenShift SDN: selectors of namespaces alone mean network ids on ingress, all others addresses
/// of pods (SEMANTICS SDN-P2–SDN-P7, SDN-P14, SDN-P15).
namespace meshproof {
namespace {

/// What a selector makes of one network id.
class VnidSelection {
 public:
  VnidSelection(const Cluster& cluster, const Vnids& vnids, const LabelSelector& selector)
      : cluster_(cluster), vnids_(vnids), selector_(selector) {}

  [[nodiscard]] Certainty of(std::uint32_t vnid) const {
    const Certainty hosts = vnid == Vnids::kGlobal ? of_hosts() : Certainty::No;
    if (hosts == Certainty::Yes) return hosts;
    bool selected = false;
    bool others = false;
    for (const NamespaceId id : vnids_.namespaces(vnid)) {
      if (cluster_.at(id).name == kHostNetworkNamespace) continue;
      (is_selected(cluster_.at(id).labels) ? selected : others) = true;
    }
    if (vnid == Vnids::kGlobal && !cluster_.find_namespace("default").is_valid()) {
      (is_selected(labels_of_default()) ? selected : others) = true;
    }
    if (!selected) return hosts;
    return others ? Certainty::Maybe : Certainty::Yes;
  }

  [[nodiscard]] Certainty of(NamespaceId ns) const {
    if (vnids_.is_known(ns)) return of(vnids_.at(ns));
    return is_selected(cluster_.at(ns).labels) ? Certainty::Maybe : Certainty::No;
  }

 private:
  [[nodiscard]] bool is_selected(const Labels& labels) const { return matches(selector_, labels); }

  /// SEMANTICS SDN-P4.
  [[nodiscard]] Certainty of_hosts() const {
    const NamespaceId hosts = cluster_.find_namespace(kHostNetworkNamespace);
    if (!hosts.is_valid() || !is_selected(cluster_.at(hosts).labels)) return Certainty::No;
    return vnids_.is_known(hosts) ? Certainty::Yes : Certainty::Maybe;
  }

  /// SEMANTICS SDN-P3: its name is the only label of a `default` that the input does not hold.
  [[nodiscard]] Labels labels_of_default() const {
    Labels labels;
    const Symbol key = cluster_.symbols.find("kubernetes.io/metadata.name");
    if (!key.is_valid()) return labels;
    const Symbol name = cluster_.symbols.find("default");
    // No selector names a value without a symbol, nor the key as a value of itself.
    labels.set(key, name.is_valid() ? name : key);
    return labels;
  }

  const Cluster& cluster_;
  const Vnids& vnids_;
  const LabelSelector& selector_;
};

void add(TwoRuns& result, ColumnRun run, Certainty truth) {
  if (run.begin == run.end) return;
  if (truth == Certainty::Yes) result.yes.push_back(run);
  if (truth != Certainty::No) result.possible.push_back(run);
}

TwoRuns normal(TwoRuns runs) {
  return {normal_form(std::move(runs.yes)), normal_form(std::move(runs.possible))};
}

}  // namespace

void PeerSets::find_odd_networks() {
  const auto add_if = [](bool holds, ColumnRuns& runs, ColumnRun classes) {
    if (holds && classes.begin < classes.end) runs.push_back(classes);
  };
  for (const NamespaceId ns : columns_.namespaces()) {
    add_if(!vnids_.is_known(ns), unknown_networks_, columns_.of(ns));
    add_if(vnids_.is_shared(ns), shared_networks_, columns_.of(ns));
    add_if(vnids_.is_global(ns), global_networks_, columns_.of(ns));
    if (!vnids_.is_ordinary(ns)) odd_networks_.push_back(ns);
  }
  for (ColumnRuns* runs : {&unknown_networks_, &shared_networks_, &global_networks_}) {
    *runs = normal_form(std::move(*runs));
  }
}

TwoRuns PeerSets::sdn_selected(const PeerKey& key) {
  const bool inwards = key.direction == Direction::Ingress;
  if (key.namespaces.is_valid() && !key.pods.is_valid()) {
    const LabelSelector& selector = selectors_.at(key.namespaces);
    if (selector.matches_everything()) return find({.kind = PeerKey::Kind::Everybody});
    if (inwards) return by_vnid(selector, key.namespaces);
  }
  const bool is_whole_namespace =
      !key.namespaces.is_valid() && selectors_.at(key.pods).matches_everything();
  if (is_whole_namespace && inwards) return sdn_whole_namespace(key.ns);
  return by_address(key);
}

TwoRuns PeerSets::by_vnid(const LabelSelector& selector, SelectorId id) {
  const VnidSelection selection(cluster_, vnids_, selector);
  TwoRuns result;
  ColumnRuns odd;
  for (const NamespaceId ns : odd_networks_) {
    odd.push_back(columns_.of(ns));
    add(result, columns_.of(ns), selection.of(ns));
  }
  const Certainty global = selection.of(Vnids::kGlobal);
  add(result, columns_.of_kind(ColumnEnd::Kind::HostSends), global);
  add(result, columns_.of_kind(ColumnEnd::Kind::Outside), global);
  result = normal(std::move(result));
  const ColumnRuns ordinary =
      subtract(selectors_.classes_of(selectors_.namespaces(id)), normal_form(std::move(odd)));
  return {unite(result.yes, ordinary), unite(result.possible, ordinary)};
}

/// SEMANTICS SDN-P6.
TwoRuns PeerSets::sdn_whole_namespace(NamespaceId ns) const {
  TwoRuns result;
  add(result, columns_.of(ns), Certainty::Yes);
  if (vnids_.is_known(ns)) {
    for (const NamespaceId other : vnids_.namespaces(vnids_.at(ns))) {
      add(result, columns_.of(other), Certainty::Yes);
    }
  }
  if (vnids_.is_global(ns)) {
    add(result, columns_.of_kind(ColumnEnd::Kind::HostSends), Certainty::Yes);
    add(result, columns_.of_kind(ColumnEnd::Kind::Outside), Certainty::Yes);
  }
  return normal(std::move(result));
}

/// SEMANTICS SDN-P5, SDN-P7.
TwoRuns PeerSets::by_address(const PeerKey& key) {
  const ColumnRuns base = pods_by_labels(key);
  const auto truth_of = [&](const Pod& pod) {
    if (!labels_select(key, pod)) return Certainty::No;
    const bool is_sure = vnids_.is_known(pod.ns) && !vnids_.is_shared(pod.ns);
    return !key.namespaces.is_valid() || is_sure ? Certainty::Yes : Certainty::Maybe;
  };
  TwoRuns result = TwoRuns::certain(base);
  if (key.namespaces.is_valid()) {
    result.yes = subtract(result.yes, unite(unknown_networks_, shared_networks_));
  }
  for (const auto& [column, others] : columns_.sharers()) {
    Certainty best = truth_of(cluster_.at(columns_.at(column).pod));
    for (const PodId other : others) best = std::max(best, truth_of(cluster_.at(other)));
    const ColumnRuns self{{column, column + 1}};
    result.yes = best == Certainty::Yes ? unite(result.yes, self) : subtract(result.yes, self);
    result.possible =
        best != Certainty::No ? unite(result.possible, self) : subtract(result.possible, self);
  }
  return result;
}

/// SEMANTICS SDN-M1–SDN-M4.
TwoRuns PeerSets::on_network_of(NamespaceId ns) const {
  if (vnids_.is_global(ns)) return TwoRuns::certain({{0, columns_.size()}});
  TwoRuns result;
  add(result, columns_.of(ns), Certainty::Yes);
  add(result, columns_.of_kind(ColumnEnd::Kind::HostSends), Certainty::Yes);
  add(result, columns_.of_kind(ColumnEnd::Kind::Outside), Certainty::Yes);
  for (const ColumnRun& run : global_networks_) add(result, run, Certainty::Yes);
  if (vnids_.is_known(ns)) {
    for (const NamespaceId other : vnids_.namespaces(vnids_.at(ns))) {
      add(result, columns_.of(other), Certainty::Yes);
    }
    for (const ColumnRun& run : unknown_networks_) add(result, run, Certainty::Maybe);
  } else {
    add(result, columns_.of_kind(ColumnEnd::Kind::Pod), Certainty::Maybe);
  }
  return normal(std::move(result));
}

}  // namespace meshproof
