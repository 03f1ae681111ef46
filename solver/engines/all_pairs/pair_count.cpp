#include "solver/engines/all_pairs/pair_count.h"

#include <algorithm>
#include <set>
#include <utility>

namespace meshproof {
namespace {

CountedPods counted_pods(const PairTables& tables) {
  CountedPods result;
  result.hosts = tables.columns.host_pods();
  const Column classes = tables.columns.of_kind(ColumnEnd::Kind::Pod).end;
  for (Column column = 0; column < classes; ++column) {
    result.all.push_back(tables.columns.at(column).pods);
    result.on_network += result.all.back();
  }
  return result;
}

struct Counts {
  std::uint64_t open = 0;
  std::uint64_t possible = 0;
};

/// Two pods of each class stand for all of them; hosts are asked one by one.
Counts count_one_by_one(PairTables& tables, const CountedPods& pods) {
  Counts counts;
  const Cluster& cluster = tables.cluster;
  const auto add = [&](PodId src, PodId dst, std::uint64_t pairs) {
    const TwoPorts ports = tables.between(PairEnd::of(src), PairEnd::of(dst));
    if (ports.open != PortSets::kNone) counts.open += pairs;
    if (ports.possible != PortSets::kNone) counts.possible += pairs;
  };
  std::vector<std::vector<PodId>> members(pods.all.size());
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    const Pod& pod = cluster.pods[i];
    if (pod.host_network || pod.is_completed()) continue;
    members[tables.columns.of(PodId{i})].push_back({i});
    for (const PodId host : pods.hosts) {
      add({i}, host, 1);
      add(host, {i}, 1);
    }
  }
  std::erase_if(members, [](const auto& each) { return each.empty(); });
  for (const auto& from : members) {
    for (const auto& to : members) {
      if (&from != &to) {
        add(from.front(), to.front(), from.size() * to.size());
      } else if (from.size() > 1) {
        add(from[0], from[1], from.size() * (from.size() - 1));
      }
    }
  }
  return counts;
}

/// No peer and no unmodelled object leaves a pair of pods of the pod network undecided.
bool is_certain(const PairTables& tables) {
  const auto is_certain_peer = [&](PeerId id) {
    return id == PeerSets::kPerhapsEverybody ||
           tables.peers.at(id).yes == tables.peers.at(id).possible;
  };
  return !tables.vnids.has_sharers() && tables.cluster.unmodelled.empty() &&
         std::ranges::all_of(tables.peers.all(), is_certain_peer);
}

Counts count(PairTables& tables, const CountedPods& pods) {
  const std::uint64_t total = pods.on_network + pods.hosts.size();
  if (!tables.cluster.network.unknown_because.empty()) return {0, total * (total - 1)};
  Counts counts;
  if (tells_families_apart(tables)) {
    counts = count_one_by_one(tables, pods);
  } else {
    const RowCounts open = count_by_rows(tables, pods, Level::Open);
    std::optional<std::uint64_t> known;
    if (is_certain(tables)) known = open.pod_pairs;
    const RowCounts possible = count_by_rows(tables, pods, Level::Possible, known);
    counts = {open.pod_pairs + open.host_pairs, possible.pod_pairs + possible.host_pairs};
  }
  // SEMANTICS F7
  const std::uint64_t between_hosts = pods.hosts.size() * (pods.hosts.size() - 1);
  counts.open += pods.hosts.empty() ? 0 : between_hosts;
  counts.possible += pods.hosts.empty() ? 0 : between_hosts;
  return counts;
}

}  // namespace

bool tells_families_apart(const PairTables& tables) {
  if (!tables.columns.has_both_families()) return false;
  if (!tables.cluster.egress_policies.empty()) return true;
  const auto is_inside_an_end = [&](Column column) {
    return column < tables.columns.size() &&
           tables.columns.at(column).view != ColumnEnd::View::Whole;
  };
  for (const PeerId id : tables.peers.all()) {
    const TwoSets& peer = tables.peers.at(id);
    for (const ColumnSetId set : {peer.yes, peer.possible}) {
      for (const ColumnRun& run : tables.sets.runs(set)) {
        if (is_inside_an_end(run.begin) || is_inside_an_end(run.end)) return true;
      }
    }
  }
  return false;
}

ReachSummary count_pairs(PairTables& tables) {
  const Cluster& cluster = tables.cluster;
  const CountedPods pods = counted_pods(tables);
  ReachSummary summary;
  summary.namespaces = cluster.namespaces.size();
  summary.policies = cluster.policies.size();
  summary.pods = pods.on_network + pods.hosts.size();
  std::set<Column> senders;
  std::set<Column> receivers;
  for (const PodId host : pods.hosts) {
    senders.insert(tables.columns.sender(host));
    receivers.insert(tables.columns.receiver(host));
  }
  std::vector<std::pair<RowId, RowId>> rows;  // of the namespace
  NamespaceId ns;
  const auto add_rows = [&] {
    std::ranges::sort(rows);
    summary.destination_classes += rows.size() - std::ranges::unique(rows).size();
    rows.clear();
  };
  for (Column column = 0; column < pods.all.size(); ++column) {
    if (pods.all[column] == 0) continue;
    ++summary.source_classes;
    if (ns != tables.columns.at(column).ns) add_rows();
    ns = tables.columns.at(column).ns;
    rows.emplace_back(tables.rows.of(column, Direction::Ingress),
                      tables.rows.of(column, Direction::Egress));
    const auto isolated = [&](Direction direction) {
      return tables.rows.is_isolated(column, direction) ? pods.all[column] : 0;
    };
    summary.isolated_ingress += isolated(Direction::Ingress);
    summary.isolated_egress += isolated(Direction::Egress);
  }
  add_rows();
  summary.source_classes += senders.size();
  summary.destination_classes += receivers.size();
  const Counts counts = count(tables, pods);
  summary.allowed_pairs = counts.open;
  summary.undecided_pairs = counts.possible - counts.open;
  return summary;
}

}  // namespace meshproof
