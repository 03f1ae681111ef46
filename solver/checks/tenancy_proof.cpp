#include "solver/checks/tenancy_proof.h"

#include <optional>

#include "solver/checks/internal_policies.h"

namespace meshproof {

namespace {

std::string count_text(std::size_t count, const std::string& thing) {
  return std::to_string(count) + ' ' + thing + (count == 1 ? "" : "s");
}

}  // namespace

TenancyProof::TenancyProof(const Snapshot& snapshot, TenancyOptions options)
    : snapshot_(snapshot),
      options_(std::move(options)),
      proof_(snapshot, {options_.statement, options_.limits, options_.evidence}) {}

QuotientAnswer TenancyProof::decide_again(const IsolationQuestion& question) {
  if (options_.second_decider) return options_.second_decider(question);
  if (!quotient_) quotient_.emplace(snapshot_.cluster, options_.quotient);
  return quotient_->decide(question);
}

/// SEMANTICS T10. Outsiders that share a network among themselves change nothing: who is let in by
/// one of them is an outsider already. A router is not, so its network must be its own.
std::string TenancyProof::why_undefined(const MeshClaim& claim) const {
  const Cluster& cluster = snapshot_.cluster;
  const Symbol group_key = cluster.symbols.find("network.openshift.io/policy-group");
  return proof_.encoder().shared_network([&](NamespaceId ns, std::uint32_t netid) {
    const bool is_router =
        group_key.is_valid() && netid != 0 && cluster.at(ns).labels.find(group_key).is_valid();
    return is_router || !claim.has_source(ns);
  });
}

Finding TenancyProof::prove(const std::string& mesh, const std::vector<NamespaceId>& members) {
  std::optional<Violated> violated;
  std::string undecided;
  std::string disagreement;
  std::string decided_once;
  std::vector<PolicyId> needed;
  bool is_minimal = true;
  const auto keep_first = [](std::string& kept, std::string reason) {
    if (kept.empty()) kept = std::move(reason);
  };
  for (const NamespaceId member : members) {
    keep_first(undecided, unmodelled_for(snapshot_.cluster, member));
  }
  for (const NamespaceId member : members) {
    const std::vector<PolicyId> internal = internal_policies(snapshot_, mesh, member);
    const MeshClaim claim(snapshot_.cluster, mesh, member, internal);
    if (std::string reason = why_undefined(claim); !reason.empty()) {
      keep_first(undecided, std::move(reason));
      continue;
    }
    FlowProof::Answer answer =
        proof_.prove(claim, member, violated ? FlowProof::Confirm{} : proof_.open_flows(), [&] {
          return decide_again({mesh, member, internal});
        });
    keep_first(disagreement, std::move(answer.disagreement));
    keep_first(decided_once, std::move(answer.decided_once));
    keep_first(undecided, std::move(answer.undecided));
    needed.insert(needed.end(), answer.rests_on.begin(), answer.rests_on.end());
    is_minimal = is_minimal && answer.is_minimal;
    if (answer.violated && violated) {
      ++violated->count;
    } else if (answer.violated) {
      violated = std::move(answer.violated);
    }
  }
  deciders_ = {Decider::Z3};
  if (decided_once.empty()) deciders_.push_back(Decider::Quotient);
  if (!disagreement.empty()) return Undecided{disagreement};
  if (violated) {
    deciders_.push_back(Decider::Evaluation);
    return *violated;
  }
  if (!undecided.empty()) return Undecided{undecided};
  std::string scope =
      "any pod with any labels in any project outside the mesh, present or future, and any address "
      "outside the cluster, against any pod of " +
      count_text(members.size(), "project") +
      "; not spoken of: a node's traffic to its own pods, hostNetwork pods of the members, and "
      "what "
      "enters through a NodePort or LoadBalancer";
  scope += by_z3_alone(decided_once);
  if (!is_minimal) scope += "; it may rest on fewer policies than are named";
  return Holds{Universe::Unbounded, std::move(scope), rests_on(snapshot_.cluster, needed)};
}

}  // namespace meshproof
