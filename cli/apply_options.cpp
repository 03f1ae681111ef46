#include "cli/apply_options.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/option_words.h"
#include "cli/value_words.h"

namespace meshproof {
namespace {

struct BackendRow {
  std::string_view name;
  Backend backend;
};
constexpr std::array kBackends{
    BackendRow{"dry-run", Backend::DryRun},
    BackendRow{"oc", Backend::Oc},
    BackendRow{"kube", Backend::Kube},
};

std::optional<unsigned> read_number(std::string_view name, std::string_view what,
                                    const std::string& text, Diagnostics& diagnostics) {
  if (text.empty()) return std::nullopt;
  unsigned seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  constexpr unsigned kMost = 86400;
  if (error == std::errc{} && end == text.data() + text.size() && seconds <= kMost) return seconds;
  diagnostics.push_back(usage_error(
      "unknown-value",
      fmt::format("{} '{}' is not a number of {}, from 0 to {}", name, text, what, kMost)));
  return std::nullopt;
}

void add_shared_options(CLI::App& app, WrittenApply& written) {
  app.add_option("--via", written.via,
                 "roll: the operator answers the edit; objects: somebody writes what it would");
  app.add_option("--timeout", written.patience,
                 "seconds to wait for each effect, and for a server that does not answer (120)");
}

}  // namespace

std::vector<std::string> backend_names() {
  std::vector<std::string> names;
  for (const BackendRow& row : kBackends) names.emplace_back(row.name);
  return names;
}

void add_wait_options(CLI::App& app, WrittenApply& written) {
  add_shared_options(app, written);
  app.add_option("--stage", written.stage, "only until this stage of the plan is in effect");
}

void add_apply_options(CLI::App& app, Options& options, WrittenApply& written) {
  app.add_option("--backend", written.backend,
                 fmt::format("who writes: {}", fmt::join(backend_names(), ", ")));
  add_shared_options(app, written);
  app.add_option("--network-delay", written.network_seconds,
                 "seconds that the network is taken to need, which nothing shows, instead of the "
                 "plan's own");
  app.add_option("--journal", options.journal,
                 "the file that says what was written (PLAN.journal)");
  app.add_flag("--resume", options.resume, "go on with a run that has not ended");
  app.add_flag("--rollback", options.rollback, "take back what the run of the journal has written");
  app.add_option("--on-failure", written.on_failure,
                 "rollback, or stop: where the cluster is not as predicted");
  app.add_flag("--accept-objections", options.accept_objections,
               "also a plan with violated or undecided statements, or without a safe order");
  app.add_flag("--force", options.force, "also objects that Argo CD or Flux keep");
}

void settle_apply(const WrittenApply& written, Options& options, Diagnostics& diagnostics) {
  check_word("--backend", written.backend, backend_names(), diagnostics);
  check_word("--via", written.via, closed_words("--via"), diagnostics);
  check_word("--on-failure", written.on_failure, closed_words("--on-failure"), diagnostics);
  for (const BackendRow& row : kBackends) {
    if (written.backend == row.name) options.backend = row.backend;
  }
  options.via = written.via == "objects" ? Via::Objects : Via::Roll;
  options.turns_back = written.on_failure != "stop";
  options.patience = read_number("--timeout", "seconds", written.patience, diagnostics);
  options.network_seconds =
      read_number("--network-delay", "seconds", written.network_seconds, diagnostics);
  options.stage = read_number("--stage", "stages", written.stage, diagnostics);
  if (options.resume && options.rollback) {
    diagnostics.push_back(usage_error("conflicting-options",
                                      "--resume goes on and --rollback takes back: which one?"));
  }
  const bool is_run = options.resume || options.rollback;
  if (is_run && options.backend == Backend::DryRun) {
    diagnostics.push_back(usage_error("conflicting-options",
                                      "a dry run writes nothing, so that there is nothing to "
                                      "resume or to roll back: --backend kube or oc"));
  }
  const bool is_piped = !options.words.empty() && options.words.front() == "-";
  if (is_piped && options.journal.empty() && options.backend != Backend::DryRun) {
    diagnostics.push_back(usage_error("missing-option",
                                      "a plan from standard input has no file beside which its "
                                      "journal could be: --journal FILE"));
  }
  if (options.format == Format::Script && options.backend != Backend::DryRun) {
    diagnostics.push_back(
        usage_error("conflicting-options", "-o script belongs to --backend dry-run"));
  }
}

}  // namespace meshproof
