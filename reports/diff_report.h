#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/coverage.h"
#include "model/network.h"
#include "model/reachability.h"
#include "model/source.h"
#include "reports/text_stream.h"

namespace meshproof {

/// Two states compared.
struct Difference {
  Network before;
  Network after;
  Coverage coverage;  ///< of the state before
  ReachabilityChange change;
  std::vector<std::string> assumptions;    ///< sentences: what is not modelled
  std::optional<Coverage> coverage_after;  ///< of another input; empty: the same
};

/// The contract of `diff -o json` (docs/FORMATS.md). Connections and their evidence are spelled out
/// while they are written.
void write_diff_json(const Difference& difference, const Sources& sources, const TextSink& sink);
/// For a person: what was lost and gained, folded unless `full`.
[[nodiscard]] std::string diff_table(const Difference& difference, const Sources& sources,
                                     std::size_t width, bool full);

}  // namespace meshproof
