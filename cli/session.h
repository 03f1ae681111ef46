#pragma once

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/screen.h"
#include "cli/timing.h"
#include "cli/write_file.h"
#include "model/diagnostic.h"
#include "model/report.h"
#include "model/result.h"
#include "model/source.h"

namespace meshproof {

/// One run of one command: its options and streams, the files read so far and everything there is
/// to say about them.
class Session {
 public:
  Session(Options run_options, std::ostream& out, std::ostream& err, Screen run_screen);

  /// A run inside of another one: the same streams and files.
  Session(Options run_options, const Session& outer);
  /// The same, but its result goes elsewhere.
  Session(Options run_options, const Session& outer, std::ostream& out);

  const Options options;
  const Screen screen;
  Sources sources;
  Diagnostics diagnostics;
  Timing timing;

  /// The value; or nothing, after its diagnostics have been added to those of the run.
  template <typename T>
  std::optional<T> take(Result<T> result) {
    if (result.has_value()) return std::move(*result);
    add(std::move(result.error()));
    return std::nullopt;
  }
  void add(Diagnostics more);
  void add_error(std::string code, std::string message, std::string subject);

  /// What the warnings so far say is not modelled (`unsupported-…`) or hardly meant
  /// (`target-deletes`): every report repeats it, whatever --quiet hides. Each sentence once.
  [[nodiscard]] std::vector<std::string> assumptions() const;

  /// A line for a person who waits at the terminal.
  void hint(std::string_view text);

  /// True if that person is shown how far the run is: others need not be told of every step.
  [[nodiscard]] bool shows_progress() const { return progress_ != nullptr; }
  /// What the following is done for, for the same person: `cluster prod-eu (2 of 5)`.
  void turn_to(std::string what);
  /// How far the current phase is.
  void count(PhaseCount count);
  /// While there is one, no progress is shown: somebody else has the terminal.
  [[nodiscard]] Progress::Hush hush();

  /// From now on the run has failed for a cluster's sake: whatever its command returns, that is
  /// OutputFailed.
  void fail_cluster() { is_cluster_failed_ = true; }
  [[nodiscard]] bool has_cluster_failed() const { return is_cluster_failed_; }

  /// True if there are errors, or warnings with --strict.
  [[nodiscard]] bool has_failed() const;

  /// Prints the diagnostics and writes the result to --out or standard output. Returns `code`, or
  /// InvalidInput if the run has failed (then no result is written), or OutputFailed.
  [[nodiscard]] ExitCode finish(std::string_view result, ExitCode code);
  /// The same for a result in pieces.
  [[nodiscard]] ExitCode finish(const Writing& result, ExitCode code);
  /// The same, to standard output whatever --out says.
  [[nodiscard]] ExitCode show(const Writing& result, ExitCode code);
  [[nodiscard]] ExitCode show(std::string_view result, ExitCode code);
  /// The reports of several clusters are shown together: they go here instead of to the streams.
  void collect_into(std::vector<Report>& reports) { reports_ = &reports; }
  [[nodiscard]] bool collects_reports() const { return reports_ != nullptr; }
  /// Returns `code`, or InvalidInput if the run has failed (then the report is dropped).
  [[nodiscard]] ExitCode collect(Report report, ExitCode code);
  /// Writes a file of its own (--state-out) before the result; false after saying what is wrong.
  [[nodiscard]] bool write_file(const std::string& path, const Writing& text);
  [[nodiscard]] bool write_file(const std::string& path, std::string_view text);
  /// Prints what has not been printed; the timing comes last.
  void close();

 private:
  void print_diagnostics();
  [[nodiscard]] bool write_output(const Writing& result);

  std::ostream& out_;
  std::ostream& err_;
  std::shared_ptr<TickingProgress> progress_;  ///< null where nobody looks; one for all runs
  bool is_cluster_failed_ = false;
  std::vector<Report>* reports_ = nullptr;
};

}  // namespace meshproof
