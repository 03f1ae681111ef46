#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace meshproof {

/// What was wrong at an earlier time, and does not count again: fingerprints, and of how many flows
/// or objects each was, for each cluster (its name, or empty).
struct Baseline {
  std::map<std::string, std::map<std::string, std::uint64_t>> clusters;

  /// It was wrong already, of as many flows or objects or of more. O(log entries).
  [[nodiscard]] bool has(const std::string& cluster, const std::string& fingerprint,
                         std::uint64_t count) const;
};

/// In which cluster a run of a log was made: `meshproof/plan/prod-eu-3/` says `prod-eu-3`, and
/// `meshproof/plan/` nothing. Of the id that reports/sarif writes.
[[nodiscard]] std::string cluster_of_run(std::string_view id);

}  // namespace meshproof
