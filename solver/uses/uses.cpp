#include "solver/uses/uses.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "solver/exposures.h"
#include "solver/uses/search.h"

namespace meshproof {
namespace {

/// One row for each family of evidence, with the weakest kind that it shows.
struct Family {
  UseEvidence last;
  void (*find)(UseSearch& search);
};

constexpr std::array kFamilies{
    Family{UseEvidence::ObservedFlow, find_observed},
    Family{UseEvidence::Ingress, find_exposed},
    Family{UseEvidence::Monitor, find_monitored},
    Family{UseEvidence::ApiService, find_called_by_api_server},
    Family{UseEvidence::Environment, find_in_environments},
    Family{UseEvidence::OwnPolicy, find_in_own_policies},
};

/// Of one pod all ports together; a pod does not use itself.
std::vector<UseTarget> merged(std::vector<UseTarget> targets, const Cluster& cluster) {
  std::map<PodId, PortSet> ports;
  for (UseTarget& target : targets) {
    if (cluster.at(target.pod).is_completed() || target.ports.is_empty()) continue;
    PortSet& all = ports[target.pod];
    all = all.unite(target.ports);
  }
  std::vector<UseTarget> result;
  for (auto& [pod, set] : ports) result.push_back({pod, std::move(set)});
  return result;
}

auto rank(const Use& use) {
  const UseSign& sign = use.signs.front();
  return std::tie(sign.evidence, sign.object, sign.words);
}

void add_signs(std::vector<UseSign>& signs, std::vector<UseSign> more) {
  for (UseSign& sign : more) {
    const auto is_same = [&](const UseSign& one) {
      return one.evidence == sign.evidence && one.object == sign.object && one.words == sign.words;
    };
    const bool is_seen = sign.evidence == UseEvidence::ObservedFlow &&
                         signs.front().evidence == UseEvidence::ObservedFlow;
    if (is_seen) {
      signs.front().flows += sign.flows;
    } else if (std::ranges::none_of(signs, is_same)) {
      signs.push_back(std::move(sign));
    }
  }
}

/// By workloads: who they are, and on which ports.
using SameEnds = std::tuple<std::string, std::set<WorkloadId>, std::vector<NodeId>,
                            std::set<std::pair<WorkloadId, PortSet>>>;

SameEnds ends_of(const Use& use, const Cluster& cluster) {
  SameEnds ends{use.source, {}, use.nodes, {}};
  if (use.pods != nullptr) {
    for (const PodId pod : *use.pods) std::get<1>(ends).insert(cluster.at(pod).workload);
  }
  for (const UseTarget& target : use.targets) {
    std::get<3>(ends).emplace(cluster.at(target.pod).workload, target.ports);
  }
  return ends;
}

/// Another use of the same workloads.
void absorb(Use& use, Use other, const UseSearch& search) {
  add_signs(use.signs, std::move(other.signs));
  if (other.pods != nullptr && (use.pods == nullptr || *use.pods != *other.pods)) {
    std::vector<PodId> pods = *other.pods;
    if (use.pods != nullptr) pods.insert(pods.end(), use.pods->begin(), use.pods->end());
    use.pods = search.live(std::move(pods));
  }
  use.targets.insert(use.targets.end(), other.targets.begin(), other.targets.end());
  use.targets = merged(std::move(use.targets), search.cluster);
}

}  // namespace

bool UseSearch::is_used(const Use& use) const {
  if (!use.nodes.empty() || !use.blocks.empty()) return true;
  if (!use.has_source()) return false;
  // Ids follow the projects, so that those of one stand together.
  return cluster.at(use.pods->front()).ns != use.apart ||
         cluster.at(use.pods->back()).ns != use.apart;
}

void UseSearch::add(Use use, const std::string& why_no_source) {
  use.targets = merged(std::move(use.targets), cluster);
  if (use.targets.empty()) return;
  if (is_used(use)) {
    found_.uses.push_back(std::move(use));
  } else if (!why_no_source.empty()) {
    found_.unjudged.push_back(use.signs.front().words + ": " + why_no_source);
  }
}

SharedPods UseSearch::live(std::vector<PodId> pods) const {
  std::erase_if(pods, [&](PodId id) { return cluster.at(id).is_completed(); });
  std::ranges::sort(pods);
  const auto repeated = std::ranges::unique(pods);
  pods.erase(repeated.begin(), repeated.end());
  return std::make_shared<const std::vector<PodId>>(std::move(pods));
}

std::vector<PodId> UseSearch::pods_labelled(NamespaceId ns, std::string_view key,
                                            std::string_view value) const {
  std::vector<PodId> pods;
  const Symbol wanted_key = cluster.symbols.find(key);
  const Symbol wanted = cluster.symbols.find(value);
  if (!ns.is_valid() || !wanted_key.is_valid() || !wanted.is_valid()) return pods;
  std::ranges::copy_if(cluster.at(ns).pods, std::back_inserter(pods),
                       [&](PodId id) { return cluster.at(id).labels.find(wanted_key) == wanted; });
  return pods;
}

std::vector<UseTarget> UseSearch::behind(ServiceId id, const MeantPort& meant) const {
  std::vector<UseTarget> targets;
  if (!id.is_valid()) return targets;
  Service wanted = cluster.at(id);
  if (!wanted.headless || meant.number == 0) {
    std::erase_if(wanted.ports, [&](const ServicePort& port) {
      return (meant.number != 0 && port.port != meant.number) ||
             (!meant.name.empty() && port.name != meant.name);
    });
  } else {
    wanted.ports = {{{}, Protocol::Tcp, meant.number, 0, {}}};
  }
  for (const PodId pod : pods_behind(wanted, cluster)) {
    UseTarget target{pod, {}};
    for (const PodPort& port : ports_behind(wanted, cluster.at(pod))) {
      target.ports.add(port.protocol, {port.port, port.port});
    }
    targets.push_back(std::move(target));
  }
  return targets;
}

ServiceId UseSearch::service(std::string_view ns, std::string_view name) const {
  const NamespaceId id = cluster.find_namespace(ns);
  return id.is_valid() ? cluster.find_service(id, name) : ServiceId{};
}

Uses UseSearch::take() {
  std::ranges::stable_sort(found_.uses, {}, rank);
  std::vector<Use> kept;
  std::map<SameEnds, std::size_t> seen;
  for (Use& use : found_.uses) {
    // What a policy names is a use of its own: it names many, and two seldom the same ones.
    const bool is_own = use.signs.front().evidence == UseEvidence::OwnPolicy;
    const auto [at, is_new] = is_own || !use.blocks.empty()
                                  ? std::pair{seen.end(), true}
                                  : seen.try_emplace(ends_of(use, cluster), kept.size());
    if (is_new) {
      kept.push_back(std::move(use));
    } else {
      absorb(kept[at->second], std::move(use), *this);
    }
  }
  for (Use& use : kept) {
    UseSign& first = use.signs.front();
    if (first.flows != 0) first.words = flow_words(first.flows, observed);
  }
  found_.uses = std::move(kept);
  std::ranges::sort(found_.unjudged);
  const auto repeated = std::ranges::unique(found_.unjudged);
  found_.unjudged.erase(repeated.begin(), repeated.end());
  return std::move(found_);
}

Uses find_uses(const Snapshot& snapshot, const ObservedFlows& observed) {
  UseSearch search(snapshot, observed);
  for (const Family& family : kFamilies) family.find(search);
  return search.take();
}

Uses find_uses_up_to(const Snapshot& snapshot, UseEvidence weakest) {
  const ObservedFlows none;
  UseSearch search(snapshot, none);
  for (const Family& family : kFamilies) {
    if (family.last <= weakest) family.find(search);
  }
  return search.take();
}

EndpointName end_name(const Cluster& cluster, PodId pod) {
  const Workload& workload = cluster.at(cluster.at(pod).workload);
  return {cluster.at(workload.ns).name, workload.kind, workload.name, {}};
}

}  // namespace meshproof
