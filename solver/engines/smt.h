#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "solver/engines/problem.h"

namespace meshproof {

/// No assignment satisfies what is required.
struct Unsatisfiable {
  /// The parts (Problem::assume) that this rests on: with these alone there is no solution either.
  /// Sorted. Empty: none is needed.
  std::vector<PartLabel> core = {};
  /// Whether there is a solution without any one of them. False: the work limit ended the search
  /// for a smaller core, and some of them may not be needed.
  bool is_minimal = true;

  auto operator<=>(const Unsatisfiable&) const = default;
};

/// The solver gave up.
struct GaveUp {
  std::string reason;
};

using SmtAnswer = std::variant<Unsatisfiable, Problem::Assignment, GaveUp>;

struct SmtLimits {
  /// Z3's measure of work for one question. Never a clock: the answer must not depend on the
  /// machine.
  std::uint32_t work = 20'000'000;
  /// A question with more formulas is not given to the solver at all: it would take memory that
  /// nobody has.
  std::size_t formulas = 4'000'000;
  /// False: any solution will do, for who only asks whether there is one.
  bool smallest = true;
};

/// Decides the problem with Z3 (quantifier-free, finite domains; fixed seed). A solution is
/// minimal in `avoided`, then best in `preferred` (unless any will do); when the work limit ends
/// that search early, the best solution found so far is given. Every solution has been checked
/// against the problem.
/// Without a solution the core is made smaller label by label, highest first, with as much work in
/// all as one question may take. The answer depends on nothing but the problem and the limits.
[[nodiscard]] SmtAnswer solve(const Problem& problem, const SmtLimits& limits = {});

/// The same for many problems: setting Z3 up takes longer than a small problem. Which solution and
/// which core is found may depend on the problems before. Not for several threads at once.
class SmtSolver {
 public:
  SmtSolver();
  ~SmtSolver();
  SmtSolver(const SmtSolver&) = delete;
  SmtSolver& operator=(const SmtSolver&) = delete;

  [[nodiscard]] SmtAnswer solve(const Problem& problem, const SmtLimits& limits = {});

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace meshproof
