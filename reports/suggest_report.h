#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/coverage.h"
#include "model/network.h"
#include "model/source.h"
#include "model/suggestion.h"

namespace meshproof {

/// The answer to `suggest`, with what it rests on.
struct SuggestReport {
  Network network;
  Coverage coverage;
  Suggestion suggestion;
  std::vector<std::string> assumptions;  ///< sentences: what is not modelled, what does not arrive
};

/// The contract of `suggest -o json` (docs/FORMATS.md).
[[nodiscard]] std::string suggest_json(const SuggestReport& report, const Sources& sources);
/// For a person: the flows, the policies, the proof, what to run.
[[nodiscard]] std::string suggest_table(const SuggestReport& report, const Sources& sources,
                                        std::size_t width, bool full);
/// The policies alone, for `oc apply -f -`. What is not proved is not there: comments say why.
[[nodiscard]] std::string suggest_yaml(const SuggestReport& report);

}  // namespace meshproof
