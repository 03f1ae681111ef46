#pragma once

#include "cli/command.h"
#include "cli/option_words.h"
#include "cli/options.h"

// NOLINTNEXTLINE(readability-identifier-naming): the name is the library's.
namespace CLI {
class App;
}

namespace meshproof {

/// What is asked of a state, what counts, and how the answer is told further: --assert, --fail-on,
/// --baseline, --also, --only and the others of their groups, as far as the command has them.
void add_judge_options(CLI::App& app, const Command& command, Options& options, Written& written);

}  // namespace meshproof
