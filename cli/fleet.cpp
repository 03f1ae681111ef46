#include "cli/fleet.h"

#include <algorithm>
#include <memory>
#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/reporting.h"
#include "reports/fleet_report.h"
#include "reports/report_formats.h"

namespace meshproof {
namespace {

/// Hands on what the run of one cluster writes.
class ReportBuffer : public std::streambuf {
 public:
  explicit ReportBuffer(FleetReport& report) : report_(report) {}

 protected:
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    return report_.add({text, static_cast<std::size_t>(size)}) ? size : 0;
  }
  int_type overflow(int_type character) override {
    const char text = traits_type::to_char_type(character);
    return report_.add({&text, 1}) ? character : traits_type::eof();
  }

 private:
  FleetReport& report_;
};

/// The options of one cluster's run: its result goes where the fleet's is written.
Options options_of(const NamedCluster& cluster, const Options& fleet) {
  Options options = fleet;
  options.clusters.clear();
  options.inputs = {cluster.input};
  options.cluster = cluster.name;
  options.out_file.clear();
  options.timing = false;
  return options;
}

/// For who waits: which of the clusters is looked at.
void turn_to(const NamedCluster& cluster, Session& fleet) {
  const auto& all = fleet.options.clusters;
  fleet.turn_to(
      fmt::format("cluster {} ({} of {})", cluster.name, &cluster - all.data() + 1, all.size()));
}

/// What stands for a cluster about which nothing could be said: it must not be missed.
Report unjudged(const Command& command, const NamedCluster& cluster) {
  Report report;
  report.cluster = cluster.name;
  report.command = command.name;
  report.version = MESHPROOF_VERSION;
  Judgement judgement;
  judgement.rule = "input";
  judgement.phase = "input";
  judgement.message = "nothing was judged: the input is wrong, or could not be read";
  judgement.standing = Standing::Undecided;
  judgement.where = {cluster.input, 0, 0, {}};
  judgement.identity = "input";
  report.rules.push_back({.id = "input",
                          .name = "input",
                          .title = "the input can be read",
                          .help = {},
                          .fix = {},
                          .severity = Severity::Error,
                          .tags = {}});
  report.judgements.push_back(std::move(judgement));
  add_fingerprints(report);
  return report;
}

/// In the order of the clusters.
ExitCode run_together(const Command& command, Session& fleet) {
  std::vector<Report> reports;
  ExitCode worst = ExitCode::Success;
  for (const NamedCluster& cluster : fleet.options.clusters) {
    turn_to(cluster, fleet);
    Session session(options_of(cluster, fleet.options), fleet);
    session.collect_into(reports);
    session.timing = fleet.timing;
    const std::size_t before = reports.size();
    worst = graver(worst, command.run(session));
    if (reports.size() == before) reports.push_back(unjudged(command, cluster));
    session.close();
    fleet.timing = session.timing;
  }
  fleet.turn_to({});
  if (!write_also(fleet, reports)) return graver(worst, ExitCode::OutputFailed);
  return graver(worst,
                fleet.finish(fleet.options.report_format->write(reports), ExitCode::Success));
}

/// Says what was wrong, unless the result as a whole cannot be written.
ExitCode run_one(const Command& command, const NamedCluster& cluster, Session& fleet,
                 FleetReport& report) {
  ReportBuffer buffer(report);
  std::ostream out(&buffer);
  turn_to(cluster, fleet);
  Session session(options_of(cluster, fleet.options), fleet, out);
  session.timing = fleet.timing;
  const ExitCode code = command.run(session);
  if (!report.is_broken()) session.close();
  fleet.timing = session.timing;
  return code;
}

}  // namespace

ExitCode run_fleet(const Command& command, Session& session) {
  if (session.options.report_format != nullptr) return run_together(command, session);
  ExitCode worst = ExitCode::Success;
  const Writing result = [&](const WritePiece& write) {
    const std::unique_ptr<FleetReport> report =
        session.options.format == Format::Json ? fleet_json(write) : fleet_text(write);
    for (const NamedCluster& cluster : session.options.clusters) {
      report->begin(cluster.name);
      const ExitCode code = run_one(command, cluster, session, *report);
      worst = graver(worst, code);
      report->end(static_cast<int>(code));
      if (report->is_broken()) return;
    }
    report->finish();
  };
  const ExitCode written = session.finish(result, ExitCode::Success);
  return graver(worst, written);
}

}  // namespace meshproof
