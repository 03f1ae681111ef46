#pragma once

#include "cli/command.h"
#include "cli/options.h"

// NOLINTNEXTLINE(readability-identifier-naming): the name is the library's.
namespace CLI {
class App;
}

namespace meshproof {

/// --kubeconfig, --context and --oc.
void add_live_options(CLI::App& app, const Command& command, Options& options);

/// --redact, --print-oc and what else snapshot has; -o names the file.
void add_snapshot_options(CLI::App& app, Options& options);

}  // namespace meshproof
