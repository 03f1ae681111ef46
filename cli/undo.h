#pragma once

#include <string>

#include "cli/options.h"
#include "model/prediction.h"
#include "model/snapshot.h"

namespace meshproof {

/// The way back from an edit of a roll by name (--join, --leave), in one sentence: the opposite
/// edit, played from the state after, with what it leaves different from the state before. Empty
/// where nothing was changed, and for other edits, whose way back is not known.
[[nodiscard]] std::string undo_of(const Options& options, const Prediction& prediction,
                                  const Snapshot& before, const Snapshot& after);

}  // namespace meshproof
