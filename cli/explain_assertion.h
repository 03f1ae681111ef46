#pragma once

#include "cli/session.h"

namespace meshproof {

/// `explain --assert`: the verdicts of the statements that are named, each with all that it rests
/// on and how it was decided; all of the files' if none is named. A name that no file has is the
/// error `unknown-assertion-id`.
[[nodiscard]] ExitCode run_explain_assertion(Session& session);

}  // namespace meshproof
