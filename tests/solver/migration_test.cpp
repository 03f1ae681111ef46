#include "solver/migration.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>

#include "solver/reachability.h"
#include "tests/solver/evaluate_case.h"

namespace meshproof {
namespace {

struct Moved {
  Cluster before;
  Cluster after;
  ReachabilityChange change;
  Migration migration;
};

Moved move_to_ovn(const std::string& manifests, SdnMode mode = SdnMode::NetworkPolicy) {
  Moved moved{common_cluster(manifests, in_dialect(kSdn, mode)),
              common_cluster(manifests, in_dialect(kOvn)),
              {},
              {}};
  moved.change = compare(moved.before, moved.after);
  moved.migration = explain_migration(moved.before, moved.after, moved.change);
  return moved;
}

const MigrationCause* cause(const Moved& moved, bool is_gain, std::string_view before,
                            std::string_view after) {
  const auto found = std::ranges::find_if(moved.migration.causes, [&](const auto& each) {
    return each.is_gain == is_gain && each.rule_before == before && each.rule_after == after;
  });
  return found == moved.migration.causes.end() ? nullptr : &*found;
}

std::vector<Connection> connections_of(const ChangedConnections& changed) {
  std::vector<Connection> result;
  changed.for_each([&](const Connection& each) {
    result.push_back(each);
    return true;
  });
  return result;
}

bool has_flow(const MigrationCause& cause, const std::string& src, const std::string& dst) {
  return std::ranges::any_of(cause.flows, [&](const MigratedFlow& flow) {
    return to_string(flow.src) == src && to_string(flow.dst) == dst;
  });
}

}  // namespace

TEST_CASE("every port of every changed connection has a cause, and no other has") {
  const SdnMode mode = GENERATE(SdnMode::NetworkPolicy, SdnMode::Multitenant, SdnMode::Subnet);
  const Moved moved =
      move_to_ovn(policy("a", "named",
                         "podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: "
                         "http}, {port: 53, protocol: UDP}]}]") +
                      policy("b", "routers",
                             "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
                             "{kubernetes.io/metadata.name: default}}}]}]"),
                  mode);
  using Key = std::tuple<bool, EndpointName, EndpointName>;
  std::map<Key, PortSet> changed;
  std::map<Key, PortSet> explained;
  for (const Connection& each : connections_of(moved.change.lost)) {
    PortSet& ports = changed[{false, each.src, each.dst}];
    ports = ports.unite(each.ports);
  }
  for (const Connection& each : connections_of(moved.change.gained)) {
    PortSet& ports = changed[{true, each.src, each.dst}];
    ports = ports.unite(each.ports);
  }
  for (const MigrationCause& each : moved.migration.causes) {
    for (const MigratedFlow& flow : each.flows) {
      PortSet& ports = explained[{each.is_gain, flow.src, flow.dst}];
      CHECK(ports.intersect(flow.ports).is_empty());
      ports = ports.unite(flow.ports);
      CHECK(flow.ports.contains(flow.protocol, flow.port));
      CHECK_FALSE(flow.before.empty());
      CHECK_FALSE(flow.after.empty());
    }
  }
  REQUIRE_FALSE(changed.empty());
  CHECK(changed == explained);
}

TEST_CASE("ports by name admit nothing before and a whole protocol after") {
  const Moved moved = move_to_ovn(
      policy("a", "named",
             "podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {}}], ports: "
             "[{port: http}]}]"));
  const MigrationCause* found = cause(moved, true, "SDN-P1", "OVN-4");
  REQUIRE(found != nullptr);
  CHECK(found->direction == Direction::Ingress);
  REQUIRE(has_flow(*found, "a/Pod/db", "a/Pod/web"));
  CHECK(to_string(found->flows.front().ports) == "TCP");
}

TEST_CASE("a selected project with NetID 0 is hosts and outside only before") {
  const Moved moved =
      move_to_ovn(policy("a", "routers",
                         "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
                         "{kubernetes.io/metadata.name: default}}}]}]"));
  const MigrationCause* found = cause(moved, false, "SDN-P3", "P1");
  REQUIRE(found != nullptr);
  CHECK(has_flow(*found, "0.0.0.0/0", "a/Pod/web"));
  CHECK(has_flow(*found, "h/Pod/host-b", "a/Pod/web"));
  CHECK_FALSE(has_flow(*found, "default/Pod/d", "a/Pod/web"));
}

TEST_CASE("an egress firewall counts only before") {
  const Moved moved = move_to_ovn(R"yaml(
---
{apiVersion: network.openshift.io/v1, kind: EgressNetworkPolicy, metadata: {namespace: b, name: e},
 spec: {egress: [{type: Deny, to: {cidrSelector: 203.0.113.0/24}}]}})yaml");
  const MigrationCause* found = cause(moved, true, "SDN-E2", "P1");
  REQUIRE(found != nullptr);
  CHECK(found->direction == Direction::Egress);
  CHECK(has_flow(*found, "b/Pod/client", "203.0.113.0/24"));
}

TEST_CASE("isolated networks are open after, for nothing else isolates them") {
  const Moved moved = move_to_ovn("", SdnMode::Multitenant);
  const MigrationCause* found = cause(moved, true, "SDN-M1", "P1");
  REQUIRE(found != nullptr);
  CHECK(has_flow(*found, "b/Pod/client", "a/Pod/web"));
  CHECK(moved.change.lost.empty());
}

TEST_CASE("where one flow of each cause is enough the others have no evidence") {
  const Moved moved = move_to_ovn("", SdnMode::Multitenant);
  const Migration lean =
      explain_migration(moved.before, moved.after, moved.change, FlowEvidence::OneOfEachCause);
  REQUIRE(lean.causes.size() == moved.migration.causes.size());
  for (std::size_t i = 0; i < lean.causes.size(); ++i) {
    const auto has_evidence = [](const MigratedFlow& flow) {
      return !flow.before.empty() && !flow.after.empty();
    };
    CHECK(lean.causes[i].flows.size() == moved.migration.causes[i].flows.size());
    CHECK(std::ranges::count_if(lean.causes[i].flows, has_evidence) == 1);
  }
}

TEST_CASE("networks that decide alike have no causes") {
  const Cluster cluster = common_cluster("", in_dialect(kOvn));
  const Migration migration = explain_migration(cluster, cluster, compare(cluster, cluster));
  CHECK(migration.causes.empty());
}

}  // namespace meshproof
