#pragma once

#include <vector>

#include "cli/session.h"
#include "model/recheck.h"
#include "model/verdict.h"
#include "solver/evidence.h"
#include "solver/recheck.h"

namespace meshproof {

/// --recheck: works the verdicts out a second time by evaluate() alone. One that it does not bear
/// out becomes Undecided (`engines disagree: …`), and what it hangs on is kept (--repro). Nothing
/// without the option.
[[nodiscard]] std::vector<RecheckedVerdict> recheck_verdicts(Session& session,
                                                             const RecheckedState& state,
                                                             const EvidenceSinks& evidence,
                                                             std::vector<Verdict>& verdicts,
                                                             const RecheckLimits& limits = {});

/// Tells each disagreement (`engines-disagree`). Gives `code`, Inconclusive if there is one. To be
/// called when the result has been shown: it is an error.
[[nodiscard]] ExitCode tell_disagreements(Session& session,
                                          const std::vector<RecheckedVerdict>& rechecked,
                                          ExitCode code);

}  // namespace meshproof
