#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "model/snapshot.h"
#include "model/verdict.h"
#include "solver/checks/replay.h"
#include "solver/engines/flows/flow_encoder.h"
#include "solver/engines/smt.h"

namespace meshproof {

/// Puts claims about flows to the solver, destination by destination. One object for all questions
/// about a snapshot, so that namespaces which look alike are solved once. Refers to the snapshot.
class FlowProof {
 public:
  explicit FlowProof(const Snapshot& snapshot, SmtLimits limits, FlowVersions versions = {});

  /// What evaluate() makes of a counterexample: a violation, or else why it is none. `admitted` is
  /// FlowVariables::admitted in that solution.
  using Confirm = std::function<std::optional<Violated>(const Counterexample& counterexample,
                                                        bool admitted, std::string& doubt)>;

  /// The claim about one destination. Exactly one of these: proved, nothing is set; broken, and
  /// confirmed; or undecided.
  struct Answer {
    std::optional<Violated> violated;
    std::string undecided;

    [[nodiscard]] bool is_proved() const { return !violated && undecided.empty(); }
  };

  /// Other sources are tried where the first is not confirmed: one that is known counts for more.
  /// Without `confirm` a solution is taken as it is, and `violated` is empty of ends.
  [[nodiscard]] Answer prove(const FlowClaim& claim, NamespaceId destination,
                             const Confirm& confirm);

  /// Confirms flows that should be closed: a violation is one that evaluate() says is open.
  [[nodiscard]] Confirm open_flows() const;

  [[nodiscard]] const FlowEncoder& encoder() const { return encoder_; }

  /// Questions that were given to the solver so far; equal ones count once.
  [[nodiscard]] std::size_t solved() const { return answers_.size(); }

 private:
  const SmtAnswer& answer(const Problem& problem);
  [[nodiscard]] Answer confirmed(FlowProblem problem, const FlowClaim& claim,
                                 const Confirm& confirm);

  const Snapshot& snapshot_;
  SmtLimits limits_;
  FlowEncoder encoder_;
  std::map<Problem, SmtAnswer> answers_;
};

/// A violation by this counterexample, with what evaluate() says of it.
[[nodiscard]] Violated violated_by(const Counterexample& counterexample, Replay shown);

/// SEMANTICS T12: what evaluate() does not confirm is shown to nobody as a violation, and never
/// taken for a proof. In one line.
[[nodiscard]] std::string not_confirmed(const Counterexample& counterexample, const Replay& shown);

/// Why nothing can be proved of flows to this namespace: a kind that is not modelled may touch it
/// (SEMANTICS U). An invalid one stands for any. Empty if there is no reason.
[[nodiscard]] std::string unmodelled_for(const Cluster& cluster, NamespaceId ns);

}  // namespace meshproof
