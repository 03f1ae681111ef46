#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/snapshot.h"
#include "model/verdict.h"
#include "solver/checks/replay.h"
#include "solver/engines/flows/flow_encoder.h"
#include "solver/engines/quotient.h"
#include "solver/engines/smt.h"
#include "solver/engines/solved_problems.h"
#include "solver/evidence.h"

namespace meshproof {

/// How flows are proved about, and what becomes of the evidence.
struct FlowProofOptions {
  std::string statement = {};  ///< whose questions these are: `builtin:tenancy`
  SmtLimits limits = {};
  EvidenceSinks evidence = {};
};

/// Puts claims about flows to the solver, destination by destination. One object for all questions
/// about a snapshot, so that namespaces which look alike are solved once. Refers to the snapshot.
class FlowProof {
 public:
  explicit FlowProof(const Snapshot& snapshot, FlowProofOptions options,
                     FlowVersions versions = {});

  /// What evaluate() makes of a counterexample: a violation, or else why it is none. `admitted` is
  /// FlowVariables::admitted in that solution.
  using Confirm = std::function<std::optional<Violated>(const Counterexample& counterexample,
                                                        bool admitted, std::string& doubt)>;
  /// Decides the same a second time, without the solver.
  using SecondDecider = std::function<QuotientAnswer()>;

  /// The claim about one destination: proved, broken and confirmed, or undecided.
  struct Answer {
    std::optional<Violated> violated;
    std::string undecided;
    std::string disagreement;  ///< the two deciders contradict each other: who says what
    std::string decided_once;  ///< why the second decider gave no answer
    /// Proved: policies whose isolation it needs (Problem::assume says what that means), and
    /// whether none of them can be spared.
    std::vector<PolicyId> rests_on;
    bool is_minimal = true;

    [[nodiscard]] bool is_proved() const {
      return !violated && undecided.empty() && disagreement.empty();
    }
  };

  /// Other sources are tried where the first is not confirmed: one that is known counts for more.
  /// Without `confirm` a solution is taken as it is, and `violated` is empty of ends. `second` is
  /// asked once for equal problems.
  [[nodiscard]] Answer prove(const FlowClaim& claim, NamespaceId destination,
                             const Confirm& confirm, const SecondDecider& second = {});

  /// Whose questions those are that follow.
  void speak_for(std::string statement) { options_.statement = std::move(statement); }

  /// Confirms flows that should be closed: a violation is one that evaluate() says is open.
  [[nodiscard]] Confirm open_flows() const;

  [[nodiscard]] const FlowEncoder& encoder() const { return encoder_; }

  /// Questions that were given to the solver so far; equal ones count once.
  [[nodiscard]] std::size_t solved() const { return solved_.size(); }

 private:
  struct Asked {
    const FlowClaim& claim;
    std::string about;  ///< the project
  };

  [[nodiscard]] ProblemStory story(const FlowProblem& problem, const Asked& asked,
                                   std::size_t left_out = 0) const;
  [[nodiscard]] std::string kept(std::string text, const FlowProblem& problem, const Asked& asked,
                                 SolverStatus status) const;
  [[nodiscard]] std::string contradiction(const SmtAnswer& first, const QuotientAnswer& second,
                                          const std::string& about) const;
  [[nodiscard]] Answer confirmed(FlowProblem problem, const Asked& asked, const Confirm& confirm);

  const Snapshot& snapshot_;
  FlowProofOptions options_;
  FlowEncoder encoder_;
  SolvedProblems solved_;
  std::map<Problem, QuotientAnswer> second_answers_;
};

/// A violation by this counterexample, with what evaluate() says of it.
[[nodiscard]] Violated violated_by(const Counterexample& counterexample, Replay shown);

/// SEMANTICS T12: what evaluate() does not confirm is shown to nobody as a violation, and never
/// taken for a proof. In one line.
[[nodiscard]] std::string not_confirmed(const Counterexample& counterexample, const Replay& shown);

/// What the scope of a Holds says where Z3 alone decided: `decided_once` is FlowProof::Answer's.
/// Empty if that is.
[[nodiscard]] std::string by_z3_alone(const std::string& decided_once);

/// Whether a reason says that deciders contradict each other, so that nothing may rest on either.
[[nodiscard]] bool is_disagreement(std::string_view reason);

/// Why nothing can be proved of flows to this namespace: a kind that is not modelled may touch it
/// (SEMANTICS U). An invalid one stands for any. Empty if there is no reason.
[[nodiscard]] std::string unmodelled_for(const Cluster& cluster, NamespaceId ns);

/// The policies, as a verdict names them: by name, each once.
[[nodiscard]] std::vector<RestsOn> rests_on(const Cluster& cluster,
                                            const std::vector<PolicyId>& policies);

}  // namespace meshproof
