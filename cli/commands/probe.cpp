#include "model/probe.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/endpoint.h"
#include "cli/session.h"
#include "cli/steps.h"
#include "reports/flow_report.h"
#include "scenarios/probes.h"
#include "solver/evaluate.h"

namespace meshproof {
namespace {

std::optional<Flow> flow_of(Session& session, const Probe& probe, const Cluster& cluster) {
  const auto end = [&](const std::string& text) {
    Result<FlowEnd> parsed = parse_probe_end(text, cluster);
    if (parsed) return session.take(std::move(parsed));
    for (Diagnostic& each : parsed.error()) {
      each.place = probe.place;
      each.subject.clear();
    }
    return session.take(std::move(parsed));
  };
  const std::optional<FlowEnd> src = end(probe.src);
  const std::optional<FlowEnd> dst = end(probe.dst);
  if (!src || !dst) return std::nullopt;
  return Flow{*src, *dst, probe.protocol, probe.port};
}

}  // namespace

ExitCode run_probe(Session& session) {
  const std::optional<Snapshot> snapshot = open_snapshot(session);
  const auto probes = session.take(read_probes(session.options.probes_file, session.sources));
  if (!snapshot || !probes) return ExitCode::InvalidInput;

  session.timing.enter("evaluate");
  const Evaluator evaluator(snapshot->cluster);
  ProbeReport report{snapshot->cluster.network, snapshot->coverage, {}, session.assumptions()};
  for (const Probe& probe : *probes) {
    const std::optional<Flow> flow = flow_of(session, probe, snapshot->cluster);
    if (!flow) continue;
    report.flows.push_back(
        {probe.src, probe.dst, probe.protocol, probe.port, evaluator.evaluate(*flow)});
  }
  if (session.has_failed()) return ExitCode::InvalidInput;

  session.timing.enter("report");
  const bool decided = std::none_of(report.flows.begin(), report.flows.end(), [](const auto& flow) {
    return flow.decision.access == Access::Unknown;
  });
  const std::string text = session.options.format == Format::Json
                               ? probe_json(report, session.sources)
                               : probe_table(report, session.sources, session.screen.width);
  return session.finish(text, decided ? ExitCode::Success : ExitCode::Inconclusive);
}

}  // namespace meshproof
