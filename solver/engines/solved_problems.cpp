#include "solver/engines/solved_problems.h"

#include <utility>

namespace meshproof {

SolverStatus status_of(const SmtAnswer& answer) {
  if (std::holds_alternative<Unsatisfiable>(answer)) return SolverStatus::Unsat;
  return std::holds_alternative<GaveUp>(answer) ? SolverStatus::Unknown : SolverStatus::Sat;
}

SolvedProblems::SolvedProblems(SmtLimits limits, EvidenceSinks sinks)
    : limits_(limits), sinks_(std::move(sinks)) {
  limits_.smallest = false;
}

const SmtAnswer& SolvedProblems::solve(const Problem& problem,
                                       const std::function<ProblemStory()>& story) {
  const auto found = answers_.find(problem);
  if (found != answers_.end()) return found->second;
  const SmtAnswer& answer =
      answers_.emplace(problem, solver_.solve(problem, limits_)).first->second;
  tell(problem, answer, story);
  return answer;
}

void SolvedProblems::tell(const Problem& problem, const SmtAnswer& answer,
                          const std::function<ProblemStory()>& story) const {
  if (!sinks_.question) return;
  const ProblemStory told = story();
  const SolverStatus status = status_of(answer);
  sinks_.question(
      {told.statement, told.about, status, smt2_text(problem, told.comment, status, told.names)});
}

}  // namespace meshproof
