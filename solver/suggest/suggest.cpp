#include "solver/suggest.h"

#include <algorithm>
#include <optional>
#include <set>

#include "solver/checks/addition_proof.h"
#include "solver/checks/lacking.h"
#include "solver/checks/what_if.h"
#include "solver/evaluate.h"
#include "solver/kept_rules.h"
#include "solver/suggest/flow_rules.h"
#include "solver/suggest/lost_flow.h"
#include "solver/suggest/policy_drafts.h"

namespace meshproof {
namespace {

using Status = KeptAnswer::Status;

/// SEMANTICS A7: what would help where network ids decide.
std::string help_in_multitenant(const Cluster& cluster, const LostPair& pair) {
  const auto project = [&](const FlowEnd& end) -> std::string {
    const auto* pod = std::get_if<PodId>(&end);
    return pod == nullptr ? std::string() : cluster.at(cluster.at(*pod).ns).name;
  };
  const std::string from = project(pair.src);
  const std::string to = project(pair.dst);
  std::string text = "in mode multitenant network ids decide, and no NetworkPolicy has a say";
  if (from.empty() || to.empty() || from == to) return text;
  return text + "; oc adm pod-network join-projects --to " + to + ' ' + from +
         " would open it, and with it everything between " + from +
         " and every project that shares the network of " + to;
}

/// One flow while it is worked on.
struct Work {
  KeptAnswer answer;
  LostFlow lost;
  FlowRules rules;
};

void settle(Work& work, Status status, std::string reason) {
  work.answer.status = status;
  work.answer.reason = std::move(reason);
  work.rules.rules.clear();
}

std::string others_closed(const LostFlow& lost) {
  return std::to_string(lost.closed_before) +
         (lost.closed_before == 1 ? " pair of these ends was" : " pairs of these ends were") +
         " closed before the change (" + lost.closed_because +
         "); the policies open it too where their words mean it";
}

Work begin(const Snapshot& after, const KeptFlow& flow, LostFlow lost) {
  Work work;
  work.answer.from = flow.from;
  work.answer.to = flow.to;
  work.lost = std::move(lost);
  const LostFlow& found = work.lost;
  work.answer.evidence = found.evidence;
  work.answer.ports = found.ports;
  if (!found.undecided.empty()) {
    settle(work, Status::Undecided, found.undecided);
  } else if (found.pairs.empty() && found.still_open > 0) {
    settle(work, Status::NotNeeded, "the change does not cut it off: " + found.open_because);
  } else if (found.pairs.empty()) {
    settle(work, Status::NeverOpen, "it was closed before the change: " + found.closed_because);
  } else if (after.cluster.network.dialect == Dialect::OpenShiftSdn &&
             after.cluster.network.mode == SdnMode::Multitenant) {
    settle(work, Status::Impossible, help_in_multitenant(after.cluster, found.pairs.front()));
  } else if (!found.impossible.empty()) {
    settle(work, Status::Impossible, "no NetworkPolicy opens it: " + found.impossible);
  } else {
    work.answer.status = Status::Kept;
    work.rules = rules_for(after, flow, found);
    work.answer.remarks = work.rules.remarks;
    if (!work.rules.impossible.empty()) settle(work, Status::Impossible, work.rules.impossible);
    if (found.closed_before > 0) work.answer.remarks.push_back(others_closed(found));
  }
  return work;
}

std::vector<NeededRule> needed_rules(const std::vector<Work>& works) {
  std::vector<NeededRule> needed;
  for (std::size_t i = 0; i < works.size(); ++i) {
    for (const KeptRule& rule : works[i].rules.rules) {
      const auto same = std::ranges::find(needed, rule, &NeededRule::rule);
      if (same != needed.end()) {
        same->flows.push_back(i);
      } else {
        needed.push_back({rule, {i}});
      }
    }
  }
  return needed;
}

/// What is not Allowed of the flow in the state with the policies; nothing if all that was lost is.
std::optional<Decision> what_stays_closed(const Evaluator& with, const Cluster& cluster,
                                          const KeptFlow& flow, const LostFlow& lost) {
  const auto refused = [&](const FlowEnd& src, const FlowEnd& dst, Protocol protocol,
                           std::uint16_t port) -> std::optional<Decision> {
    Decision decision = with.evaluate({src, dst, protocol, port});
    if (decision.is_allowed()) return std::nullopt;
    return decision;
  };
  for (const LostPair& pair : lost.pairs) {
    const PortSet ports = pair.ports.subtract(special_ports(cluster));
    for (const Protocol protocol : kProtocols) {
      if (protocol == Protocol::Icmp && !pair.ports.is_all()) continue;
      for (const PortRange range : ports.ranges(protocol)) {
        if (auto found = refused(pair.src, pair.dst, protocol, range.from)) return found;
      }
    }
  }
  for (const FlowEnd& end : flow.destinations) {
    const auto* service = std::get_if<ServiceId>(&end);
    if (service == nullptr) continue;
    for (const ServicePort& offered : cluster.at(*service).ports) {
      const bool is_wanted =
          !flow.port || (flow.port->first == offered.protocol && flow.port->second == offered.port);
      if (!is_wanted) continue;
      for (const LostPair& pair : lost.pairs) {
        if (auto found = refused(pair.src, end, offered.protocol, offered.port)) return found;
      }
    }
  }
  return std::nullopt;
}

/// Takes back the rules of flows that the policies do not keep; true if there were any.
bool take_back_vain(const Snapshot& with, const std::vector<KeptFlow>& flows,
                    std::vector<Work>& works) {
  const Evaluator evaluator(with.cluster, PendingPods::WillRun);
  bool any = false;
  for (std::size_t i = 0; i < works.size(); ++i) {
    if (works[i].answer.status != Status::Kept) continue;
    const auto closed = what_stays_closed(evaluator, with.cluster, flows[i], works[i].lost);
    if (!closed) continue;
    any = true;
    const std::string why =
        closed->reasons.empty() ? std::string() : ": " + closed->reasons.back().text;
    const bool is_unknown = closed->access == Access::Unknown;
    settle(works[i], is_unknown ? Status::Undecided : Status::Impossible,
           (is_unknown ? "whether a NetworkPolicy opens it is not known"
                       : "a NetworkPolicy alone does not open it") +
               why);
  }
  return any;
}

/// Running pods of the input that the rules of a flow mean and that were not named.
std::vector<std::string> others_meant(const Cluster& cluster, const KeptFlow& flow,
                                      const Work& work) {
  std::set<FlowEnd> named(flow.sources.begin(), flow.sources.end());
  for (const LostPair& pair : work.lost.pairs) named.insert(pair.dst);
  for (const FlowEnd& end : flow.destinations) named.insert(end);
  std::vector<std::string> others;
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    if (cluster.pods[i].is_completed() || named.contains(PodId{i})) continue;
    const bool is_meant = std::ranges::any_of(work.rules.rules, [&](const KeptRule& rule) {
      return is_subject(cluster, rule, PodId{i}) || is_peer(cluster, rule, PodId{i});
    });
    if (is_meant) others.push_back(to_string(FlowEnd{PodId{i}}, cluster));
  }
  return others;
}

Snapshot judged(const Snapshot& snapshot) {
  return snapshot.coverage.is_silent() ? snapshot : mark_uncollected(snapshot);
}

}  // namespace

Suggestion suggest(const Snapshot& before_given, const Snapshot& after_given,
                   const std::vector<KeptFlow>& flows, const SuggestOptions& options) {
  // SEMANTICS C: a policy that was not collected may keep the flow, or refuse it.
  const Snapshot before = judged(before_given);
  const Snapshot after = judged(after_given);
  LostFlows lost(before.cluster, after.cluster);
  std::vector<Work> works;
  for (const KeptFlow& flow : flows) works.push_back(begin(after, flow, lost.find(flow)));

  Suggestion result;
  std::optional<Snapshot> with;
  for (bool again = true; again;) {
    const std::vector<NeededRule> needed = needed_rules(works);
    result.policies = draft_policies(needed, flows, after.objects);
    result.rules.clear();
    for (const NeededRule& each : needed) result.rules.push_back(each.rule);
    std::vector<Tree> manifests;
    for (const SuggestedPolicy& policy : result.policies) manifests.push_back(policy.manifest);
    with.emplace(with_objects(after, manifests));
    again = take_back_vain(*with, flows, works);
  }
  for (std::size_t i = 0; i < flows.size(); ++i) {
    works[i].answer.also = others_meant(after.cluster, flows[i], works[i]);
    result.flows.push_back(std::move(works[i].answer));
  }
  result.verdicts =
      prove_addition(after, *with, result.policies, result.rules, {options.solver_work});
  return result;
}

}  // namespace meshproof
