#pragma once

#include <functional>
#include <vector>

#include "model/assertion.h"
#include "model/diagnostic.h"
#include "model/verdict.h"
#include "solver/checks/judged_state.h"

namespace meshproof {

/// Decides a statement anew, where some flows are left out of it (Assertion::excused).
using DecideAgain = std::function<Decided(const Assertion& assertion)>;

/// Puts the exceptions of an assertion to its verdict, if that is a violation. One without ends
/// covers all of it. Those with ends take their flows out of the statement one after the other,
/// until it holds: then it is waived, and its witness stays. Otherwise it stays violated, by what
/// is left. Asks `decide` once for each exception with ends.
void apply_exceptions(const std::vector<Exception>& exceptions, const Assertion& assertion,
                      const DecideAgain& decide, Verdict& verdict);

/// The same for the verdict of a built-in statement: the first exception of its id that names no
/// mesh, or its mesh.
void apply_exceptions(const std::vector<Exception>& exceptions, Verdict& verdict);

/// The notes `unused-exception`: exceptions of statements that were decided, and that none of these
/// verdicts needs. In their order.
[[nodiscard]] Diagnostics unused_exceptions(const std::vector<Exception>& exceptions,
                                            const std::vector<Verdict>& verdicts);

}  // namespace meshproof
