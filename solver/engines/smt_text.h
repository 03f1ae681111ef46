#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "solver/engines/problem.h"
#include "solver/evidence.h"

namespace meshproof {

/// The first line of each of our SMT-LIB files.
inline constexpr std::string_view kSmt2Mark = "; meshproof: a question for a solver";

/// What the variables and parts of a problem are called where people read it. What is missing at
/// the end of a list is shown by its number alone.
struct ProblemNames {
  std::vector<std::string> variables;            ///< `port`
  std::vector<std::vector<std::string>> values;  ///< by variable: `TCP 8080`
  std::vector<std::string> parts;                ///< by label: `NetworkPolicy shop/basic isolates`
};

/// The problem in SMT-LIB 2.6, logic QF_BV: `unsat` from any solver proves it anew. A variable is a
/// bit vector, bounded by the size of its domain; each formula that several use, and each
/// conjunction and disjunction, is defined once; each part is an assertion with a name, so that an
/// unsat core can be asked for. Formulas that nothing requires are left out, and so is what a
/// solution should avoid or prefer. `comment` stands at the top, line by line. The text depends on
/// the arguments alone. O(formulas).
[[nodiscard]] std::string smt2_text(const Problem& problem, const std::string& comment,
                                    SolverStatus status, const ProblemNames& names = {});

}  // namespace meshproof
