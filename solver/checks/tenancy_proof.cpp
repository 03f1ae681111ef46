#include "solver/checks/tenancy_proof.h"

#include <algorithm>
#include <optional>

#include "model/mesh/mesh.h"
#include "solver/checks/replay.h"

namespace meshproof {

namespace {

/// Each costs a look at the whole snapshot.
constexpr std::size_t kSourcesTried = 8;

Violated violated_by(const Counterexample& counterexample, Replay shown) {
  return {std::move(shown.src),
          std::move(shown.dst),
          counterexample.protocol,
          counterexample.port,
          std::move(shown.decision.reasons),
          std::move(shown.manifests),
          1};
}

/// SEMANTICS T12: what evaluate() does not confirm is shown to nobody as a violation, and never
/// taken for a proof.
std::string not_confirmed(const Counterexample& counterexample, const Replay& shown) {
  std::string port = std::string(to_string(counterexample.protocol));
  if (counterexample.protocol != Protocol::Icmp) port += ' ' + std::to_string(counterexample.port);
  const std::string flow = shown.src + " reaching " + shown.dst + " on " + port;
  const std::string why =
      shown.decision.reasons.empty() ? std::string() : ": " + shown.decision.reasons.front().text;
  if (shown.decision.access == Access::Unknown) return "not known about " + flow + why;
  return "engines disagree about " + flow + why;
}

std::string count_text(std::size_t count, const std::string& thing) {
  return std::to_string(count) + ' ' + thing + (count == 1 ? "" : "s");
}

}  // namespace

TenancyProof::TenancyProof(const Snapshot& snapshot, SmtLimits limits)
    : snapshot_(snapshot), limits_(limits), encoder_(snapshot.cluster) {}

/// SEMANTICS T5.
bool TenancyProof::is_internal(const NetworkPolicy& policy, const std::string& mesh) const {
  const std::string& ns = snapshot_.cluster.at(policy.ns).name;
  const Object* object = snapshot_.objects.find("NetworkPolicy", ns, policy.name);
  if (object == nullptr) return false;
  const Tree* annotations = object->annotations();
  if (annotations == nullptr || annotations->find(kInternalAnnotation) == nullptr) return false;
  return ns == mesh || object->label(kOwnerLabel) == mesh;
}

TenancyQuestion TenancyProof::question(const std::string& mesh, NamespaceId member) const {
  TenancyQuestion result{mesh, member, {}};
  for (const PolicyId id : snapshot_.cluster.at(member).policies) {
    if (is_internal(snapshot_.cluster.at(id), mesh)) result.internal.push_back(id);
  }
  return result;
}

std::string TenancyProof::unmodelled(const std::vector<NamespaceId>& members) const {
  for (const UnmodelledObject& object : snapshot_.cluster.unmodelled) {
    const bool touches =
        !object.ns.is_valid() || std::ranges::find(members, object.ns) != members.end();
    if (touches && !object.only_denies) {
      return to_string(object.key) + " can change who reaches whom and is not modelled";
    }
  }
  return {};
}

const SmtAnswer& TenancyProof::answer(const Problem& problem) {
  const auto found = answers_.find(problem);
  if (found != answers_.end()) return found->second;
  return answers_.emplace(problem, solve(problem, limits_)).first->second;
}

/// Looks for other sources where the first is not confirmed: one that is known counts for more.
std::optional<Violated> TenancyProof::confirm(TenancyProblem problem, const TenancyQuestion& asked,
                                              Problem::Assignment solution, std::string& doubt) {
  for (std::size_t tried = 0; tried < kSourcesTried; ++tried) {
    Counterexample counterexample = encoder_.prefer_existing(problem, asked, solution);
    Replay shown = replay(snapshot_, counterexample, asked.destination);
    if (shown.decision.access != Access::Allowed) {
      counterexample = encoder_.decode(problem, solution);
      shown = replay(snapshot_, counterexample, asked.destination);
    }
    if (shown.decision.access == Access::Allowed) {
      return violated_by(counterexample, std::move(shown));
    }
    if (doubt.empty()) doubt = not_confirmed(counterexample, shown);
    const std::uint32_t source = solution.at(problem.source.index);
    problem.problem.require(problem.problem.negate(problem.problem.is(problem.source, source)));
    const SmtAnswer next = solve(problem.problem, limits_);
    const auto* other = std::get_if<Problem::Assignment>(&next);
    if (other == nullptr) break;
    solution = *other;
  }
  return std::nullopt;
}

Finding TenancyProof::prove(const std::string& mesh, const std::vector<NamespaceId>& members) {
  std::optional<Violated> violated;
  std::string undecided = unmodelled(members);
  const auto give_up = [&](std::string reason) {
    if (undecided.empty()) undecided = std::move(reason);
  };
  for (const NamespaceId member : members) {
    const TenancyQuestion asked = question(mesh, member);
    auto encoded = encoder_.encode(asked);
    if (const auto* reason = std::get_if<std::string>(&encoded)) {
      give_up(*reason);
      continue;
    }
    const TenancyProblem& problem = std::get<TenancyProblem>(encoded);
    const SmtAnswer& found = answer(problem.problem);
    if (const auto* gave_up = std::get_if<GaveUp>(&found)) {
      give_up(snapshot_.cluster.at(member).name + ": " + gave_up->reason);
    }
    const auto* solution = std::get_if<Problem::Assignment>(&found);
    if (solution == nullptr) continue;
    if (violated) {
      ++violated->count;
      continue;
    }
    std::string doubt;
    violated = confirm(problem, asked, *solution, doubt);
    if (!violated) give_up(std::move(doubt));
  }
  if (violated) return *violated;
  if (!undecided.empty()) return Undecided{undecided};
  return Holds{Universe::Unbounded,
               "any pod with any labels in any project outside the mesh, present or future, and "
               "any address outside the cluster, against any pod of " +
                   count_text(members.size(), "project") +
                   "; not spoken of: a node's traffic to its own pods, hostNetwork pods of the "
                   "members, and what enters through a NodePort or LoadBalancer"};
}

}  // namespace meshproof
