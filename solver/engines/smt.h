#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <variant>

#include "solver/engines/problem.h"

namespace meshproof {

/// No assignment satisfies what is required.
struct Unsatisfiable {
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
  /// False: any solution will do, for who only asks whether there is one.
  bool smallest = true;
};

/// Decides the problem with Z3 (quantifier-free, finite domains; fixed seed). A solution is
/// minimal in `avoided`, then best in `preferred` (unless any will do); when the work limit ends
/// that search early, the best solution found so far is given. Every solution has been checked
/// against the problem.
[[nodiscard]] SmtAnswer solve(const Problem& problem, const SmtLimits& limits = {});

}  // namespace meshproof
