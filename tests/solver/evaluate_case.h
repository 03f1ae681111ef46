#pragma once

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "model/cluster.h"
#include "model/flow.h"
#include "model/project.h"

/// One small cluster that the tests of the evaluator share, and questions to it in one line.
///
/// Nodes node-a (192.168.0.1, pods 10.128.0.0/23) and node-b (192.168.0.2, pods 10.128.2.0/23).
/// `a/web` (node-a, app=web, tier empty, TCP 8080 named http), `a/db` (node-b, app=db), `b/client`
/// (node-b, app=client, TCP 9000 named http), `default/d` (node-b), `h/host-a` and `h/host-b` on
/// the nodes' own network (app=host), `b/done` completed, `b/waiting` pending, `b/next` without an
/// address (a Deployment's). Projects: a (team=x), b (team=y, NetID 20), default (NetID 0), h, and
/// openshift-host-network with policy-group=host.
namespace meshproof {

[[nodiscard]] NetworkOptions in_dialect(Dialect dialect, SdnMode mode = SdnMode::NetworkPolicy);

/// The common cluster and more manifests.
[[nodiscard]] Cluster common_cluster(const std::string& more, const NetworkOptions& options);

/// A NetworkPolicy; the spec in YAML's flow style without the outer braces.
[[nodiscard]] std::string policy(std::string_view ns, std::string_view name, std::string_view spec);

struct Question {
  std::string src;  ///< as in probes
  std::string dst;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 8080;
};
[[nodiscard]] Decision ask(const Cluster& cluster, const Question& question);

[[nodiscard]] std::string to_text(const Decision& decision);
/// Whether some reason of the decision cites the rule.
[[nodiscard]] bool cites(const Decision& decision, std::string_view rule_id);

/// A row of most tables: what is in the way, the question, the answer, and the rule that decides.
struct EvaluateRow {
  const char* name;
  Dialect dialect;
  std::string manifests;
  Question question;
  Access access;
  const char* rule_id;
  SdnMode mode = SdnMode::NetworkPolicy;
};
void check_row(const EvaluateRow& row);

constexpr Dialect kKubernetes = Dialect::Kubernetes;
constexpr Dialect kSdn = Dialect::OpenShiftSdn;
constexpr Dialect kOvn = Dialect::OvnKubernetes;

}  // namespace meshproof
