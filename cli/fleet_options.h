#pragma once

#include "cli/command.h"
#include "cli/option_words.h"
#include "cli/options.h"
#include "model/diagnostic.h"

namespace meshproof {

/// Reads the words of --cluster (`NAME=INPUT`) into the options, and tells every mistake in them,
/// and what else was asked that is of one cluster only.
void settle_clusters(const Command& command, const Written& written, Options& options,
                     Diagnostics& diagnostics);

}  // namespace meshproof
