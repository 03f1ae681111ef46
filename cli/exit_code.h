#pragma once

namespace meshproof {

/// What the program says to the shell that called it; the same for every command (README.md).
enum class ExitCode : int {
  Success = 0,       ///< all holds
  Violated = 1,      ///< a violation, a finding, or with --exit-code a difference
  InvalidInput = 2,  ///< wrong usage or input
  Inconclusive = 3,  ///< something asked could not be decided
  OutputFailed = 4,  ///< the result could not be written
};

}  // namespace meshproof
