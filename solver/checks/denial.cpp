#include "solver/checks/denial.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "solver/checks/lacking.h"
#include "solver/checks/outside_entry.h"

namespace meshproof {
namespace {

/// The ends of `from` that lie outside: addresses of no node and of no Service.
std::vector<EndClass> outside_of(const Ends& from, const Cluster& cluster) {
  const std::vector<IpAddress> special = special_addresses(cluster);
  std::vector<EndClass> outside;
  for (const EndClass& one : from.classes) {
    const bool is_address = one.pods.empty() && !one.service.is_valid();
    if (is_address && !std::ranges::binary_search(special, one.addresses.front())) {
      outside.push_back(one);
    }
  }
  return outside;
}

/// The pods of `to` that somebody outside must not reach, sorted.
std::vector<PodId> meant_pods(const Assertion& assertion, const GroupResolver& groups,
                              const Cluster& cluster) {
  Resolution resolution;
  for (const auto* except : {&assertion.except_from, &assertion.except_to}) {
    if (*except) resolution.apart.push_back(&**except);
  }
  const std::vector<EndClass> sources =
      outside_of(groups.resolve(assertion.from, resolution), cluster);
  if (sources.empty()) return {};
  const bool all_sources_excepted =
      !assertion.except_from || std::ranges::all_of(sources, [&](const EndClass& one) {
        return groups.contains(*assertion.except_from, one);
      });
  const bool has_exceptions = assertion.except_from || assertion.except_to;
  resolution.side = Resolution::Side::Destination;
  std::vector<PodId> pods;
  for (const EndClass& one : groups.resolve(assertion.to, resolution).classes) {
    const bool is_excepted = has_exceptions && all_sources_excepted &&
                             (!assertion.except_to || groups.contains(*assertion.except_to, one));
    if (one.certain && !is_excepted) pods.insert(pods.end(), one.pods.begin(), one.pods.end());
  }
  std::ranges::sort(pods);
  return pods;
}

std::string entry_words(const EntryTally& tally) {
  std::string text = "; by Services that open ports of the nodes (" +
                     std::to_string(tally.services) + "), Routes and Ingresses (" +
                     std::to_string(tally.routes) + "), too";
  return text + "; not spoken of: what else passes on what comes from outside, as pods do";
}

}  // namespace

Decided check_denial(const JudgedState& state, const Assertion& assertion) {
  Decided decided = decide_flows(state, assertion);
  auto* holds = std::get_if<Holds>(&decided.finding);
  const bool is_of_addresses = !assertion.from.cidrs.empty();
  if (holds == nullptr || !is_of_addresses) return decided;
  const Snapshot& snapshot = state.snapshot();
  const GroupResolver groups(snapshot.cluster);
  const std::vector<PodId> meant = meant_pods(assertion, groups, snapshot.cluster);
  if (meant.empty()) return decided;
  const Evaluator evaluator(snapshot.cluster, PendingPods::WillRun);
  const OutsideEntries entries(snapshot, evaluator, groups, assertion.ports);
  EntryTally tally;
  entries.look_at_services(meant, tally);
  entries.look_at_routes(meant, tally);
  if (tally.violated) {
    decided.finding = std::move(*tally.violated);
  } else if (!tally.unknown.empty()) {
    decided.finding = Undecided{std::move(tally.unknown)};
  } else {
    holds->scope += entry_words(tally);
  }
  const Lacking lacking =
      lacking_objects({"Service", "route.openshift.io/Route", "networking.k8s.io/Ingress"},
                      assertion.to, snapshot, groups);
  decided.finding = limited(std::move(decided.finding), lacking);
  return decided;
}

}  // namespace meshproof
