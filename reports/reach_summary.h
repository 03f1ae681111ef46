#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/coverage.h"
#include "model/network.h"

namespace meshproof {

/// One number about a whole cluster.
struct ReachCount {
  std::string_view key;    ///< of the contract
  std::string_view words;  ///< what is counted
  std::uint64_t count = 0;
};

/// The answer to `reach --summary`.
struct SummaryReport {
  Network network;
  Coverage coverage;
  std::vector<ReachCount> counts;
  std::vector<std::string> assumptions;  ///< sentences: what is assumed or not modelled
};

/// The contract of `reach --summary -o json` (docs/FORMATS.md).
[[nodiscard]] std::string summary_json(const SummaryReport& report);
[[nodiscard]] std::string summary_table(const SummaryReport& report, std::size_t width);

}  // namespace meshproof
