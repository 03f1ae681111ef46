#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace meshproof {

/// A program to run, without a shell.
struct ProcessOrder {
  std::vector<std::string> arguments;  ///< the program first, looked for in PATH; at least one
  std::string input = {};              ///< its standard input, which ends after it
  /// Variables that it gets besides ours, or instead of ours of the same name.
  std::vector<std::pair<std::string, std::string>> environment = {};
  std::chrono::milliseconds at_most = std::chrono::seconds{60};
  std::size_t most_output = std::size_t{1} << 30U;  ///< bytes, of each of its two outputs
  /// Told what has come of its standard output since, several times a second even if that is
  /// nothing; false stops it, which is no failure.
  std::function<bool(std::string_view more)> on_output = {};
};

/// How a program ended.
struct ProcessEnd {
  int exit_code = 0;   ///< 128 + the signal where one ended it, as shells count
  std::string output;  ///< its standard output
  std::string errors;  ///< its standard error
};

/// The program did not come to an end of its own.
struct ProcessFailure {
  std::string message;      ///< in lower case: `cannot run oc: No such file or directory`
  bool was_started = true;  ///< false: surely nothing of it has run
  bool is_timeout = false;
  std::string errors = {};  ///< its standard error so far
};

/// Runs a program and waits for it, in a process group of its own, so that the time's end stops it
/// with all that it has started. What it leaves behind in the background is not waited for.
/// Failures: it cannot be run, it takes too long, it writes too much.
[[nodiscard]] tl::expected<ProcessEnd, ProcessFailure> run_process(const ProcessOrder& order);

}  // namespace meshproof
