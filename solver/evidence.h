#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "model/object.h"

namespace meshproof {

/// What a solver was found to say, or is expected to say, of a question.
enum class SolverStatus : std::uint8_t {
  Unknown,  ///< it gave up
  Unsat,    ///< no solution: the statement holds
  Sat,      ///< a solution: a flow that breaks it, if evaluate() confirms it
};
/// `unknown`, `unsat`, `sat`.
[[nodiscard]] std::string_view to_string(SolverStatus status);

/// A question that was given to the solver. Equal questions are given to it once, so one may stand
/// for several projects.
struct AskedQuestion {
  std::string statement;  ///< `builtin:tenancy`
  std::string about;      ///< the project that it is about
  SolverStatus status = SolverStatus::Unknown;
  std::string smt2;  ///< the question as SMT-LIB 2, ready for another solver
};

/// Two deciders that do not agree, and what it takes to see it again.
struct Disagreement {
  std::string statement;  ///< `builtin:tenancy`
  std::string about;      ///< the project
  std::string text;       ///< who says what
  ObjectStore objects;    ///< those that the question is about
  std::string smt2;       ///< the question as SMT-LIB 2
};

/// Where evidence goes. A function that is empty is not called.
struct EvidenceSinks {
  std::function<void(const AskedQuestion&)> question;
  /// Keeps the disagreement; gives words for the verdict: where it is, or why it could not be kept.
  std::function<std::string(const Disagreement&)> disagreement;
};

}  // namespace meshproof
