#include "solver/checks/flow_proof.h"

#include <utility>

namespace meshproof {

namespace {

/// Each costs a look at the whole snapshot.
constexpr std::size_t kSourcesTried = 8;

}  // namespace

Violated violated_by(const Counterexample& counterexample, Replay shown) {
  return {std::move(shown.src),
          std::move(shown.dst),
          counterexample.protocol,
          counterexample.port,
          std::move(shown.decision.reasons),
          std::move(shown.manifests),
          1};
}

std::string not_confirmed(const Counterexample& counterexample, const Replay& shown) {
  std::string port = std::string(to_string(counterexample.protocol));
  if (counterexample.protocol != Protocol::Icmp) port += ' ' + std::to_string(counterexample.port);
  const std::string flow = shown.src + " reaching " + shown.dst + " on " + port;
  const std::string why =
      shown.decision.reasons.empty() ? std::string() : ": " + shown.decision.reasons.front().text;
  if (shown.decision.access == Access::Unknown) return "not known about " + flow + why;
  return "engines disagree about " + flow + why;
}

std::string unmodelled_for(const Cluster& cluster, NamespaceId ns) {
  for (const UnmodelledObject& object : cluster.unmodelled) {
    const bool touches = !object.ns.is_valid() || !ns.is_valid() || object.ns == ns;
    if (touches && !object.only_denies) {
      return to_string(object.key) + " can change who reaches whom and is not modelled";
    }
  }
  return {};
}

FlowProof::FlowProof(const Snapshot& snapshot, SmtLimits limits, FlowVersions versions)
    : snapshot_(snapshot), limits_(limits), encoder_(snapshot.cluster, std::move(versions)) {}

const SmtAnswer& FlowProof::answer(const Problem& problem) {
  const auto found = answers_.find(problem);
  if (found != answers_.end()) return found->second;
  SmtLimits any_solution = limits_;
  any_solution.smallest = false;
  return answers_.emplace(problem, solve(problem, any_solution)).first->second;
}

FlowProof::Confirm FlowProof::open_flows() const {
  return [this](const Counterexample& counterexample, bool, std::string& doubt) {
    Replay shown = replay(snapshot_, counterexample);
    std::optional<Violated> result;
    if (shown.decision.access == Access::Allowed) {
      result = violated_by(counterexample, std::move(shown));
    } else if (doubt.empty()) {
      doubt = not_confirmed(counterexample, shown);
    }
    return result;
  };
}

FlowProof::Answer FlowProof::prove(const FlowClaim& claim, NamespaceId destination,
                                   const Confirm& confirm) {
  FlowProblem problem = encoder_.encode(claim, destination);
  const SmtAnswer& found = answer(problem.problem);
  if (const auto* gave_up = std::get_if<GaveUp>(&found)) return {std::nullopt, gave_up->reason};
  const auto* solution = std::get_if<Problem::Assignment>(&found);
  if (solution == nullptr) return {};
  if (!confirm) return {Violated{}, {}};
  return confirmed(std::move(problem), claim, confirm);
}

FlowProof::Answer FlowProof::confirmed(FlowProblem problem, const FlowClaim& claim,
                                       const Confirm& confirm) {
  std::string doubt;
  const FlowVariables& flow = problem.flow;
  for (std::size_t tried = 0; tried < kSourcesTried; ++tried) {
    const SmtAnswer found = solve(problem.problem, limits_);
    const auto* solution = std::get_if<Problem::Assignment>(&found);
    if (solution == nullptr) break;
    const bool admitted = problem.problem.evaluate(flow.admitted, *solution);
    for (const Counterexample& counterexample :
         {encoder_.prefer_existing(problem, claim, *solution), encoder_.decode(flow, *solution)}) {
      if (auto violated = confirm(counterexample, admitted, doubt)) {
        return {std::move(violated), {}};
      }
    }
    const Formula same_source = problem.problem.is(flow.source, solution->at(flow.source.index));
    problem.problem.require(problem.problem.negate(same_source));
  }
  return {std::nullopt, doubt.empty() ? "a solution was not confirmed" : doubt};
}

}  // namespace meshproof
