#pragma once

#include <string>
#include <vector>

#include "model/coverage.h"
#include "model/network.h"
#include "model/reachability.h"

namespace meshproof {

/// `openshift-sdn/networkpolicy`, `kubernetes (assumed)`.
[[nodiscard]] std::string network_words(const Network& network);

/// `31 objects of 9 kinds in 1 file, assumed complete`; before it in capitals what is missing, and
/// behind it what was assumed on the user's word.
[[nodiscard]] std::string coverage_words(const Coverage& coverage);

/// A section about what is assumed or not modelled; empty if there is nothing.
[[nodiscard]] std::string assumption_lines(const std::vector<std::string>& assumptions,
                                           std::size_t width);

/// A section about pairs that could not be decided; empty if there are none.
[[nodiscard]] std::string undecided_lines(const std::vector<Reachability::Undecided>& undecided,
                                          std::size_t width, bool full);

}  // namespace meshproof
