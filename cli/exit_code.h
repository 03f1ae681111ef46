#pragma once

#include <array>
#include <string_view>

namespace meshproof {

/// What the program says to the shell that called it; the same for every command (README.md).
enum class ExitCode : int {
  Success = 0,       ///< all holds
  Violated = 1,      ///< a violation, a finding, or with --exit-code a difference
  InvalidInput = 2,  ///< wrong usage or input
  Inconclusive = 3,  ///< something asked could not be decided
  OutputFailed = 4,  ///< the result could not be written, or a cluster not be read or changed
  RolledBack = 5,    ///< what was written to a cluster is taken back
};

/// A code and what --help says of it.
struct ExitCodeRow {
  ExitCode code;
  std::string_view meaning;
};
inline constexpr std::array<ExitCodeRow, 6> kExitCodes{
    {{ExitCode::Success, "all holds"},
     {ExitCode::Violated, "a violation, a finding, or with --exit-code a difference"},
     {ExitCode::InvalidInput, "wrong usage or input"},
     {ExitCode::Inconclusive, "inconclusive: something that was asked could not be decided"},
     {ExitCode::OutputFailed,
      "the result could not be written, or a cluster not be read or changed"},
     {ExitCode::RolledBack, "a change of a cluster was rolled back"}}};

/// Of the codes of several clusters that of all: first what kept an answer from being given (2, 4),
/// then what leaves it open (3), then what it says (1).
[[nodiscard]] constexpr ExitCode graver(ExitCode one, ExitCode other) {
  constexpr std::array kGravestFirst{ExitCode::InvalidInput, ExitCode::OutputFailed,
                                     ExitCode::Inconclusive, ExitCode::Violated};
  for (const ExitCode code : kGravestFirst) {
    if (one == code || other == code) return code;
  }
  return ExitCode::Success;
}

}  // namespace meshproof
