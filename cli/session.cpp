#include "cli/session.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>

#include <fmt/format.h>

#include "reports/diagnostic_text.h"
#include "reports/text.h"

namespace meshproof {
namespace {

Writing whole(std::string_view text) {
  return [text](const WritePiece& write) { write(text); };
}

}  // namespace

Session::Session(Options run_options, std::ostream& out, std::ostream& err, Screen run_screen)
    : options(std::move(run_options)), screen(run_screen), out_(out), err_(err) {
  if (!screen.erases || options.quiet) return;
  progress_ = std::make_shared<TickingProgress>(
      [&err](std::string_view text) { err << text << std::flush; }, screen.error_width);
  // Copies of the timing may outlive this session, but not the outermost one's streams.
  timing.tell([progress = progress_](std::string_view phase) { progress->progress.enter(phase); });
}

Session::Session(Options run_options, const Session& outer)
    : Session(std::move(run_options), outer, outer.out_) {}

Session::Session(Options run_options, const Session& outer, std::ostream& out)
    : options(std::move(run_options)),
      screen(outer.screen),
      sources(outer.sources),
      out_(out),
      err_(outer.err_),
      progress_(outer.progress_) {
  if (progress_) {
    timing.tell(
        [progress = progress_](std::string_view phase) { progress->progress.enter(phase); });
  }
}

void Session::add(Diagnostics more) {
  std::move(more.begin(), more.end(), std::back_inserter(diagnostics));
}

void Session::add_error(std::string code, std::string message, std::string subject) {
  diagnostics.push_back(
      {{}, Severity::Error, std::move(code), std::move(message), {}, std::move(subject)});
}

std::vector<std::string> Session::assumptions() const {
  std::vector<std::string> sentences;
  for (const Diagnostic& each : diagnostics) {
    const bool counts = each.code.rfind("unsupported-", 0) == 0 || each.code == "target-deletes";
    if (each.severity != Severity::Warning || !counts) continue;
    if (std::find(sentences.begin(), sentences.end(), each.message) != sentences.end()) continue;
    sentences.push_back(each.message);
  }
  return sentences;
}

void Session::hint(std::string_view text) {
  const auto hushed = hush();
  err_ << "meshproof: " << text << std::endl;
}

void Session::turn_to(std::string what) {
  if (progress_) progress_->progress.turn_to(std::move(what));
}

void Session::count(PhaseCount count) {
  if (progress_) progress_->progress.count(std::move(count));
}

Progress::Hush Session::hush() {
  return Progress::Hush{progress_ ? &progress_->progress : nullptr};
}

bool Session::has_failed() const {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [&](const Diagnostic& each) {
    return each.severity == Severity::Error ||
           (options.strict && each.severity == Severity::Warning);
  });
}

void Session::print_diagnostics() {
  const auto hushed = hush();
  sort_diagnostics(diagnostics);
  const std::string cluster =
      options.cluster.empty() ? "" : fmt::format("cluster {}: ", printable(options.cluster));
  const DiagnosticStyle style{.colour = screen.colour, .width = screen.width};
  Diagnostics shown;
  for (Diagnostic& each : diagnostics) {
    if (options.strict && each.severity == Severity::Warning) each.severity = Severity::Error;
    if (options.quiet && each.severity != Severity::Error) continue;
    each.message = cluster + each.message;
    shown.push_back(std::move(each));
  }
  diagnostics.clear();
  for (const Diagnostic& each : shown) err_ << diagnostic_text(each, sources, style);
  if (shown.size() > 1 && has_errors(shown)) err_ << cluster << diagnostic_count(shown) << '\n';
}

bool Session::write_output(const Writing& result) {
  int reason = 0;
  std::optional<Progress::Hush> hushed;
  // What makes the pieces may leave a number of its own.
  const auto write = [&](std::string_view piece) {
    if (out_.fail()) return false;
    if (screen.output_is_terminal && !hushed)
      hushed.emplace(progress_ ? &progress_->progress : nullptr);
    errno = 0;
    out_ << piece;
    // Progress comes back only where it erases no part of a line of the result.
    const bool ends_line = piece.ends_with('\n');
    if (screen.output_is_terminal && ends_line) out_ << std::flush;
    if (out_.fail()) reason = errno;
    if (ends_line) hushed.reset();
    return !out_.fail();
  };
  result(write);
  if (screen.output_is_terminal && !hushed)
    hushed.emplace(progress_ ? &progress_->progress : nullptr);
  errno = 0;
  out_ << std::flush;
  if (out_) return true;
  if (reason == 0) reason = errno;
  add_error("output-failed",
            fmt::format("the result could not be written: {}",
                        reason != 0 ? std::strerror(reason) : "the stream is closed"),
            "standard output");
  return false;
}

bool Session::write_file(const std::string& path, const Writing& text) {
  const std::string problem = write_file_atomically(path, text);
  if (problem.empty()) return true;
  add_error("output-failed", problem, path);
  return false;
}

bool Session::write_file(const std::string& path, std::string_view text) {
  return write_file(path, whole(text));
}

ExitCode Session::finish(const Writing& result, ExitCode code) {
  if (options.out_file.empty() || options.out_file == "-") return show(result, code);
  timing.enter("write");
  if (has_failed()) return ExitCode::InvalidInput;
  return write_file(options.out_file, result) ? code : ExitCode::OutputFailed;
}

ExitCode Session::finish(std::string_view result, ExitCode code) {
  return finish(whole(result), code);
}

ExitCode Session::show(const Writing& result, ExitCode code) {
  timing.enter("write");
  if (has_failed()) return ExitCode::InvalidInput;
  print_diagnostics();
  return write_output(result) ? code : ExitCode::OutputFailed;
}

ExitCode Session::show(std::string_view result, ExitCode code) { return show(whole(result), code); }

ExitCode Session::collect(Report report, ExitCode code) {
  if (has_failed()) return ExitCode::InvalidInput;
  reports_->push_back(std::move(report));
  return code;
}

void Session::close() {
  print_diagnostics();
  const auto hushed = hush();
  if (options.timing) err_ << timing.to_json() << '\n';
  err_ << std::flush;
}

}  // namespace meshproof
