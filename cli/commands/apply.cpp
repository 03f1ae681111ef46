#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "backends/apply/execute.h"
#include "backends/apply/preflight.h"
#include "backends/sha256.h"
#include "cli/commands/commands.h"
#include "cli/open_cluster.h"
#include "cli/session.h"
#include "reports/execution_report.h"
#include "scenarios/execution.h"

namespace meshproof {
namespace {

/// A name for a run, which says where it runs.
std::string new_run() {
  constexpr std::size_t kHostBytes = 256;
  std::string host(kHostBytes, '\0');
  if (::gethostname(host.data(), host.size() - 1) != 0) host = "unknown";
  host.resize(std::min(host.find('\0'), host.size()));
  std::random_device random;
  return fmt::format("meshproof@{}/{:08x}{:08x}", host, random(), random());
}

ExitCode show_plan(Session& session, const Execution& execution) {
  const Options& options = session.options;
  if (options.format == Format::Script) {
    return session.finish(execution_script(execution, options.via), ExitCode::Success);
  }
  if (options.format == Format::Json) {
    return session.finish(execution_json(execution, options.via), ExitCode::Success);
  }
  return session.finish(execution_table(execution, options.via, session.screen.width, options.full),
                        ExitCode::Success);
}

/// One apply against a live cluster.
class Apply {
 public:
  Apply(Session& session, const Execution& execution)
      : session_(session), options_(session.options), execution_(execution) {}

  ExitCode run() {
    cluster_ =
        open_cluster(session_, options_.backend == Backend::Oc ? ClusterWay::Oc : ClusterWay::Kube);
    if (cluster_ == nullptr) return ExitCode::OutputFailed;
    session_.timing.enter("watch");
    Answer<LiveState> live = LiveState::open(*cluster_, execution_);
    if (!live) {
      add_cluster_error(session_, *cluster_, live.error());
      return ExitCode::OutputFailed;
    }
    std::optional<Journal> journal = open_journal();
    if (!options_.resume && !options_.rollback) {
      if (!may_begin(*live)) return ExitCode::OutputFailed;
      if (is_tracked_) return show_patches();
      journal = session_.take(Journal::begin(journal_path(), execution_, options_.via, new_run()));
    } else if (journal && !may_go_on(*live)) {
      return ExitCode::OutputFailed;
    }
    if (!journal) return ExitCode::OutputFailed;
    return carry_out(*live, *journal);
  }

 private:
  [[nodiscard]] std::string journal_path() const {
    return options_.journal.empty() ? options_.words.front() + ".journal" : options_.journal;
  }

  std::optional<Journal> open_journal() {
    if (!options_.resume && !options_.rollback) return std::nullopt;
    return session_.take(Journal::resume(journal_path(), execution_));
  }

  bool may_begin(const LiveState& live) {
    Diagnostics found =
        preflight(execution_, *cluster_, live, {.via = options_.via, .force = options_.force});
    is_tracked_ = !found.empty() && std::ranges::all_of(found, [](const Diagnostic& each) {
      return each.code == "tracked-object";
    });
    // What is shown instead of writing is a result, which errors would keep back.
    if (is_tracked_) {
      for (Diagnostic& each : found) each.severity = Severity::Warning;
    }
    const bool may = !has_errors(found);
    session_.add(std::move(found));
    return may;
  }

  bool may_go_on(const LiveState& live) {
    Diagnostics found =
        options_.rollback
            ? check_cluster(execution_, *cluster_)
            : preflight(execution_, *cluster_, live,
                        {.via = options_.via, .force = options_.force, .is_under_way = true});
    const bool may = !has_errors(found);
    session_.add(std::move(found));
    return may;
  }

  ExitCode show_patches() {
    const ExitCode code =
        session_.finish(execution_patches(execution_, options_.via), ExitCode::OutputFailed);
    return code == ExitCode::Success ? ExitCode::OutputFailed : code;
  }

  ExitCode carry_out(LiveState& live, Journal& journal) {
    session_.timing.enter("apply");
    Lease lease(*cluster_, system_clock(), lease_namespaces(execution_), journal.record().run);
    ExecuteOptions options;
    if (options_.patience) options.patience = std::chrono::seconds(*options_.patience);
    options.network_seconds = options_.network_seconds;
    options.turns_back = options_.turns_back;
    TellProgress tell;
    if (session_.screen.error_is_terminal && !options_.quiet) {
      tell = [this](std::string_view words) { session_.hint(words); };
    }
    ApplyScene scene{execution_, *cluster_, live, journal, lease, system_clock(), options, tell};
    const ExecutionRun run =
        options_.rollback ? take_back(scene, "--rollback asked for it") : execute(scene);
    const Via via = journal.record().via;
    session_.timing.enter("report");
    const ExitCode code = code_of(run);
    if (options_.format == Format::Json) {
      return session_.finish(run_json(execution_, run, via), code);
    }
    return session_.finish(run_table(execution_, run, via, session_.screen.width), code);
  }

  [[nodiscard]] ExitCode code_of(const ExecutionRun& run) const {
    switch (run.end) {
      case ExecutionEnd::After:
        return ExitCode::Success;
      case ExecutionEnd::Before:
        if (options_.rollback) return ExitCode::Success;
        return run.has_written ? ExitCode::RolledBack : ExitCode::OutputFailed;
      case ExecutionEnd::Stopped:
        break;
    }
    return ExitCode::OutputFailed;
  }

  Session& session_;
  const Options& options_;
  const Execution& execution_;
  std::unique_ptr<LiveCluster> cluster_;
  bool is_tracked_ = false;
};

}  // namespace

ExitCode run_apply(Session& session) {
  session.timing.enter("read");
  const std::optional<Execution> execution =
      session.take(read_execution(session.options.words.front(), sha256, session.sources));
  if (!execution) return ExitCode::InvalidInput;
  if (session.options.backend == Backend::DryRun) return show_plan(session, *execution);
  const bool begins = !session.options.resume && !session.options.rollback;
  if (begins && !session.options.accept_objections && !execution->objections.empty()) {
    for (const std::string& objection : execution->objections) {
      session.add_error(
          "plan-objection",
          fmt::format("{} (--accept-objections carries it out all the same)", objection),
          session.options.words.front());
    }
    return ExitCode::Violated;
  }
  return Apply(session, *execution).run();
}

}  // namespace meshproof
