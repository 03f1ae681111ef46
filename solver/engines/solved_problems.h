#pragma once

#include <functional>
#include <map>
#include <string>

#include "solver/engines/problem.h"
#include "solver/engines/smt.h"
#include "solver/engines/smt_text.h"
#include "solver/evidence.h"

namespace meshproof {

/// What a problem is about, for the evidence of it.
struct ProblemStory {
  std::string statement;  ///< `builtin:tenancy`
  std::string about;      ///< the project
  std::string comment;    ///< in words
  ProblemNames names;
};

/// The answers of the solver: equal problems are solved once. Each new one is told to the sink of
/// questions with what the first who asked it says that it is about.
class SolvedProblems {
 public:
  SolvedProblems(SmtLimits limits, EvidenceSinks sinks);

  /// A solution is any one: see SmtLimits::smallest. The story is asked for only where it is told.
  /// The answer lives as long as this.
  const SmtAnswer& solve(const Problem& problem, const std::function<ProblemStory()>& story);

  /// Tells the sink of questions of one that was solved elsewhere.
  void tell(const Problem& problem, const SmtAnswer& answer,
            const std::function<ProblemStory()>& story) const;

  /// Problems that were given to the solver so far.
  [[nodiscard]] std::size_t size() const { return answers_.size(); }

 private:
  SmtLimits limits_;
  SmtSolver solver_;
  EvidenceSinks sinks_;
  std::map<Problem, SmtAnswer> answers_;
};

/// What other solvers are expected to say.
[[nodiscard]] SolverStatus status_of(const SmtAnswer& answer);

}  // namespace meshproof
