#include "cli/explain.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/endpoint.h"
#include "cli/explain_assertion.h"
#include "cli/port_choice.h"
#include "cli/session.h"
#include "cli/steps.h"
#include "reports/flow_report.h"

namespace meshproof {
namespace {

bool is_source(Session& session, const std::vector<FlowEnd>& ends, const std::string& text) {
  const bool fine = std::none_of(ends.begin(), ends.end(), [](const FlowEnd& end) {
    return std::holds_alternative<ServiceId>(end);
  });
  if (!fine) {
    session.add_error("bad-end", fmt::format("'{}' is a Service, which opens no connections", text),
                      "command line");
  }
  return fine;
}

}  // namespace

ExitCode run_explain(Session& session) {
  const Options& options = session.options;
  if (!options.assertions.empty()) return run_explain_assertion(session);
  std::optional<PortChoice> port;
  if (!options.port.empty()) port = parse_port(session, options.port);
  const std::optional<Snapshot> snapshot = open_snapshot(session);
  if (!snapshot) return ExitCode::InvalidInput;
  const auto from = session.take(parse_endpoint(options.words[0], snapshot->cluster));
  const auto to = session.take(parse_endpoint(options.words[1], snapshot->cluster));
  if (!from || !to || !is_source(session, from->ends, options.words[0]) || session.has_failed()) {
    return ExitCode::InvalidInput;
  }

  session.timing.enter("evaluate");
  ExplainReport report{
      snapshot->cluster.network, snapshot->coverage, options.words[0], options.words[1], !port, {},
      session.assumptions()};
  report.groups = explain_pairs(snapshot->cluster, from->ends, to->ends, port);
  session.timing.enter("report");
  bool decided = true;
  for (const auto& [text, parts] : {std::pair(options.words[0], *from), {options.words[1], *to}}) {
    if (parts.left_out == 0) continue;
    report.assumptions.push_back(fmt::format(
        "{} has {} parts that rules may tell apart, of which {} are left out: ask about a smaller "
        "block",
        text, parts.ends.size() + parts.left_out, parts.left_out));
    decided = false;
  }
  for (const ExplainedGroup& group : report.groups) {
    for (const DecidedFlow& flow : group.flows) {
      decided = decided && flow.decision.access != Access::Unknown;
    }
  }
  const std::string text =
      options.format == Format::Json
          ? explain_json(report, session.sources)
          : explain_table(report, session.sources, session.screen.width, options.full);
  return session.finish(text, decided ? ExitCode::Success : ExitCode::Inconclusive);
}

}  // namespace meshproof
