#pragma once

#include <string>
#include <vector>

#include "cli/options.h"
#include "model/diagnostic.h"

// NOLINTNEXTLINE(readability-identifier-naming): the name is the library's.
namespace CLI {
class App;
}

namespace meshproof {

/// The options of apply as they were written.
struct WrittenApply {
  std::string backend = "dry-run";
  std::string via = "roll";
  std::string on_failure = "rollback";
  std::string patience;
  std::string network_seconds;
  std::string stage;
};

/// The words of --backend.
[[nodiscard]] std::vector<std::string> backend_names();

/// --backend, --via, --journal, … of apply.
void add_apply_options(CLI::App& app, Options& options, WrittenApply& written);
/// --via, --stage and --timeout of plan wait.
void add_wait_options(CLI::App& app, WrittenApply& written);

/// Reads their words into the options and tells every mistake in them.
void settle_apply(const WrittenApply& written, Options& options, Diagnostics& diagnostics);

}  // namespace meshproof
