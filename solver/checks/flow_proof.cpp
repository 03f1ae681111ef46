#include "solver/checks/flow_proof.h"

#include <algorithm>
#include <utility>

#include "solver/checks/reproduction.h"

namespace meshproof {

namespace {

/// Each costs a look at the whole snapshot.
constexpr std::size_t kSourcesTried = 8;

constexpr std::string_view kDisagree = "engines disagree about ";
constexpr std::string_view kToCome = "a project to come";

std::string about_words(const std::string& about) {
  return about == kToCome ? about : "project " + about;
}

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
  return std::string(kDisagree) + flow + why;
}

std::string by_z3_alone(const std::string& decided_once) {
  return decided_once.empty() ? std::string()
                              : "; by Z3 alone, the finite cases were not decided: " + decided_once;
}

bool is_disagreement(std::string_view reason) { return reason.starts_with(kDisagree); }

std::string unmodelled_for(const Cluster& cluster, NamespaceId ns) {
  for (const UnmodelledObject& object : cluster.unmodelled) {
    const bool touches = !object.ns.is_valid() || !ns.is_valid() || object.ns == ns;
    if (touches && !object.only_denies) {
      return to_string(object.key) + " can change who reaches whom and is not modelled";
    }
  }
  return {};
}

std::vector<RestsOn> rests_on(const Cluster& cluster, const std::vector<PolicyId>& policies) {
  std::vector<RestsOn> result;
  for (const PolicyId id : policies) {
    const NetworkPolicy& policy = cluster.at(id);
    result.push_back({"NetworkPolicy " + cluster.at(policy.ns).name + '/' + policy.name,
                      "isolates " + to_string(policy.pods, cluster.symbols), policy.place});
  }
  std::ranges::sort(result);
  const auto repeated = std::ranges::unique(result);
  result.erase(repeated.begin(), repeated.end());
  return result;
}

FlowProof::FlowProof(const Snapshot& snapshot, FlowProofOptions options, FlowVersions versions)
    : snapshot_(snapshot),
      options_(std::move(options)),
      encoder_(snapshot.cluster, std::move(versions)),
      solved_(options_.limits, options_.evidence) {}

ProblemStory FlowProof::story(const FlowProblem& problem, const Asked& asked,
                              std::size_t left_out) const {
  const std::string others =
      left_out == 0 ? "" : ", other sources than " + std::to_string(left_out) + " not confirmed";
  return {options_.statement, asked.about,
          options_.statement + ": " + asked.claim.question() + " to a pod of " +
              about_words(asked.about) + others +
              ".\nunsat: there is none, whatever pods and projects there will be "
              "(docs/PROOFS.md)",
          names_of(problem, snapshot_.cluster)};
}

std::string FlowProof::kept(std::string text, const FlowProblem& problem, const Asked& asked,
                            SolverStatus status) const {
  if (!options_.evidence.disagreement) return text;
  const ProblemStory told = story(problem, asked);
  ObjectStore objects = objects_of_isolation(snapshot_);
  for (const PodId id : asked.claim.given_pods()) {
    const Pod& pod = snapshot_.cluster.at(id);
    const Object* object =
        snapshot_.objects.find("Pod", snapshot_.cluster.at(pod.ns).name, pod.name);
    if (object != nullptr) objects.put(*object);
  }
  const std::string where = options_.evidence.disagreement(
      {told.statement, told.about, text, std::move(objects),
       smt2_text(problem.problem, told.comment, status, told.names)});
  return text + "; " + where;
}

std::string FlowProof::contradiction(const SmtAnswer& first, const QuotientAnswer& second,
                                     const std::string& about) const {
  const std::string start = std::string(kDisagree) + about_words(about);
  if (const auto* flow = std::get_if<CaseBreaks>(&second)) {
    if (!std::holds_alternative<Unsatisfiable>(first)) return {};
    return start + ": the solver proves that nobody " +
           (flow->is_open ? "gets in" : "is kept out") + ", and of the finite cases " +
           to_string(*flow);
  }
  const auto* none = std::get_if<NoCaseBreaks>(&second);
  if (none == nullptr || !std::holds_alternative<Problem::Assignment>(first)) return {};
  return start + ": the solver " + (none->is_open ? "lets somebody in" : "keeps somebody out") +
         ", and every one of " + std::to_string(none->cases) + " finite cases is " +
         (none->is_open ? "refused" : "let in");
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
                                   const Confirm& confirm, const SecondDecider& second) {
  const Asked asked{claim, destination.is_valid() ? snapshot_.cluster.at(destination).name
                                                  : std::string(kToCome)};
  FlowProblem problem = encoder_.encode(claim, destination);
  const SmtAnswer& found = solved_.solve(problem.problem, [&] { return story(problem, asked); });
  Answer answer;
  if (second) {
    auto known = second_answers_.find(problem.problem);
    if (known == second_answers_.end()) {
      known = second_answers_.emplace(problem.problem, second()).first;
    }
    answer.disagreement = contradiction(found, known->second, asked.about);
    if (!answer.disagreement.empty()) {
      answer.disagreement = kept(std::move(answer.disagreement), problem, asked, status_of(found));
      return answer;
    }
    const auto* too_many = std::get_if<NotDecided>(&known->second);
    if (too_many != nullptr)
      answer.decided_once = about_words(asked.about) + ": " + too_many->reason;
  }
  if (const auto* gave_up = std::get_if<GaveUp>(&found)) {
    answer.undecided = asked.about + ": " + gave_up->reason;
  } else if (const auto* proved = std::get_if<Unsatisfiable>(&found)) {
    answer.is_minimal = proved->is_minimal;
    for (const PartLabel label : proved->core) {
      answer.rests_on.push_back(problem.flow.parts.at(label));
    }
  } else if (!confirm) {
    answer.violated.emplace();
  } else {
    Answer confirmed = this->confirmed(std::move(problem), asked, confirm);
    answer.violated = std::move(confirmed.violated);
    answer.undecided = std::move(confirmed.undecided);
  }
  return answer;
}

FlowProof::Answer FlowProof::confirmed(FlowProblem problem, const Asked& asked,
                                       const Confirm& confirm) {
  std::string doubt;
  const FlowVariables& flow = problem.flow;
  Answer answer;
  for (std::size_t tried = 0; tried < kSourcesTried; ++tried) {
    const SmtAnswer found = solve(problem.problem, options_.limits);
    // The first one is that of which the solution is not confirmed yet.
    if (tried > 0) {
      solved_.tell(problem.problem, found, [&] { return story(problem, asked, tried); });
    }
    const auto* solution = std::get_if<Problem::Assignment>(&found);
    if (solution == nullptr) break;
    const bool admitted = problem.problem.evaluate(flow.admitted, *solution);
    for (const Counterexample& counterexample :
         {encoder_.prefer_existing(problem, asked.claim, *solution),
          encoder_.decode(flow, *solution)}) {
      answer.violated = confirm(counterexample, admitted, doubt);
      if (answer.violated) return answer;
    }
    if (tried == 0 && is_disagreement(doubt)) {
      doubt = kept(std::move(doubt), problem, asked, SolverStatus::Sat);
    }
    const Formula same_source = problem.problem.is(flow.source, solution->at(flow.source.index));
    problem.problem.require(problem.problem.negate(same_source));
  }
  answer.undecided = doubt.empty() ? "a solution was not confirmed" : doubt;
  return answer;
}

}  // namespace meshproof
