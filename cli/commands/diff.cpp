#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/session.h"
#include "cli/steps.h"
#include "model/project.h"
#include "reports/diff_report.h"
#include "reports/equivalence_report.h"
#include "reports/migration_report.h"
#include "solver/equivalence.h"
#include "solver/migration.h"
#include "solver/reachability.h"

namespace meshproof {
namespace {

/// The other state: the files of --to, or the same objects under --dialect-to.
std::optional<Snapshot> open_other(Session& session, const std::optional<Snapshot>& before) {
  if (!session.options.target_dialect) return open_target(session);
  if (!before) return std::nullopt;
  NetworkOptions network = session.options.network;
  network.dialect = session.options.target_dialect;
  // The other modes exist in no other dialect, whatever the input or --sdn says of this one.
  if (network.dialect != Dialect::OpenShiftSdn) network.sdn = SdnMode::NetworkPolicy;
  Snapshot other{before->objects, before->coverage, {}};
  other.cluster = project(other.objects, network, session.diagnostics);
  return other;
}

/// What a comparison of two networks does not tell, as sentences.
std::vector<std::string> limits_of(const Cluster& before, const Cluster& after) {
  std::vector<std::string> sentences{
      "pods and nodes keep their addresses, and every object stays as it is",
      "not compared: the addresses that packets carry outside (egress IPs), who listens to "
      "multicast, and what happens while nodes are moved one by one"};
  const bool loses_firewalls = before.network.dialect == Dialect::OpenShiftSdn &&
                               after.network.dialect != Dialect::OpenShiftSdn &&
                               !before.egress_policies.empty();
  if (loses_firewalls) {
    sentences.push_back(
        fmt::format("EgressNetworkPolicies ({}) exist only in openshift-sdn and count no more; "
                    "EgressFirewalls that may be made of them are not predicted",
                    before.egress_policies.size()));
  }
  const bool loses_networks = before.network.dialect == Dialect::OpenShiftSdn &&
                              before.network.mode == SdnMode::Multitenant &&
                              after.network.dialect != Dialect::OpenShiftSdn;
  if (loses_networks) {
    sentences.emplace_back(
        "NetNamespaces isolate nothing after the change: only NetworkPolicies do, and none is "
        "predicted to be made of them");
  }
  return sentences;
}

void warn_of_same_network(Session& session, const Network& before, const Network& after) {
  if (before.dialect != after.dialect || before.mode != after.mode) return;
  session.add({{{},
                Severity::Warning,
                "same-network",
                fmt::format("the network is {} already, so --dialect-to compares it with itself",
                            to_string(after.dialect)),
                {},
                "--dialect-to"}});
}

void write_result(const Difference& difference, const Migration* migration, const Session& session,
                  const WritePiece& write) {
  const bool is_json = session.options.format == Format::Json;
  const bool full = session.options.full;
  const std::size_t width = session.screen.width;
  const Sources& sources = session.sources;
  if (migration != nullptr && is_json) {
    write_migration_json(difference, *migration, sources, write);
  } else if (migration != nullptr) {
    write(migration_table(difference, *migration, sources, width, full));
  } else if (is_json) {
    write_diff_json(difference, sources, write);
  } else {
    write(diff_table(difference, sources, width, full));
  }
}

/// `--semantic`: not what differs between the ends of the input, but whether anything can.
ExitCode run_semantic_diff(Session& session, const Snapshot& before, const Snapshot& after) {
  session.timing.enter("prove");
  const Difference difference{before.cluster.network, after.cluster.network, before.coverage, {},
                              session.assumptions(),  after.coverage};
  const Equivalence equivalence = compare_symbolically(before, after);
  session.timing.enter("report");
  const bool is_json = session.options.format == Format::Json;
  const std::string text = is_json ? equivalence_json(difference, equivalence, session.sources)
                                   : equivalence_table(difference, equivalence, session.sources,
                                                       session.screen.width, session.options.full);
  ExitCode code = equivalence.undecided.empty() ? ExitCode::Success : ExitCode::Inconclusive;
  if (session.options.exit_code && !equivalence.examples.empty()) code = ExitCode::Violated;
  return session.finish(text, code);
}

}  // namespace

ExitCode run_diff(Session& session) {
  const std::optional<Snapshot> before = open_snapshot(session);
  const std::optional<Snapshot> after = open_other(session, before);
  if (!before || !after || session.has_failed()) return ExitCode::InvalidInput;

  const Options& options = session.options;
  if (options.semantic) return run_semantic_diff(session, *before, *after);
  session.timing.enter("reach");
  Difference difference{before->cluster.network, after->cluster.network,
                        before->coverage,        {},
                        session.assumptions(),   std::nullopt};
  std::optional<Migration> migration;
  if (options.target_dialect) {
    warn_of_same_network(session, difference.before, difference.after);
    const std::vector<std::string> limits = limits_of(before->cluster, after->cluster);
    difference.assumptions.insert(difference.assumptions.end(), limits.begin(), limits.end());
    NetworkChange networks = compare_networks(before->cluster, after->cluster);
    difference.change = std::move(networks.change);
    migration = std::move(networks.migration);
  } else {
    difference.coverage_after = after->coverage;
    difference.change = compare(*before, *after);
  }
  const bool differs = !difference.change.gained.empty() || !difference.change.lost.empty();
  ExitCode code = difference.change.undecided.empty() ? ExitCode::Success : ExitCode::Inconclusive;
  if (options.exit_code && differs) code = ExitCode::Violated;
  return session.finish(
      [&](const WritePiece& write) {
        session.timing.enter("report");
        write_result(difference, migration ? &*migration : nullptr, session, write);
        session.timing.enter("write");
      },
      code);
}

}  // namespace meshproof
