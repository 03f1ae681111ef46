#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/coverage.h"
#include "model/network.h"
#include "model/path.h"
#include "model/source.h"

namespace meshproof {

/// The answer to `paths`.
struct PathReport {
  Network network;
  Coverage coverage;
  std::string from;  ///< as asked
  std::string to;
  std::size_t max_hops = 0;
  AttackPaths found;
  std::vector<std::string> assumptions;  ///< sentences: what is assumed or not modelled
};

/// The contract of `paths -o json` (docs/FORMATS.md).
[[nodiscard]] std::string paths_json(const PathReport& report, const Sources& sources);
/// For a person: the first way, or each one if `full`, hop by hop with what lets it through, the
/// others in a line; or that there is none, and among what that was looked for.
[[nodiscard]] std::string paths_table(const PathReport& report, const Sources& sources,
                                      std::size_t width, bool full);
/// A graph for Graphviz: the ends on the ways, hops that are not certain dashed.
[[nodiscard]] std::string paths_dot(const PathReport& report);

}  // namespace meshproof
