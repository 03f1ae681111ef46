#include "solver/migration.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <rapidcheck/catch.h>

#include "scenarios/generate.h"
#include "tests/solver/evaluate_case.h"
#include "tests/solver/random_oddities.h"

namespace meshproof {
namespace {

struct Moved {
  Cluster before;
  Cluster after;
  NetworkChange networks = compare_networks(before, after);

  [[nodiscard]] const Migration& migration() const { return networks.migration; }
};

Moved move_to_ovn(const std::string& manifests, SdnMode mode = SdnMode::NetworkPolicy) {
  return {common_cluster(manifests, in_dialect(kSdn, mode)),
          common_cluster(manifests, in_dialect(kOvn))};
}

const MigrationCause* cause(const Moved& moved, bool is_gain, std::string_view before,
                            std::string_view after) {
  const auto& causes = moved.migration().causes;
  const auto found = std::ranges::find_if(causes, [&](const auto& each) {
    return each.is_gain == is_gain && each.rule_before == before && each.rule_after == after;
  });
  return found == causes.end() ? nullptr : &*found;
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
  return std::ranges::any_of(connections_of(cause.connections), [&](const Connection& each) {
    return to_string(each.src) == src && to_string(each.dst) == dst;
  });
}

using ChangedPorts = std::map<std::tuple<bool, EndpointName, EndpointName>, PortSet>;

void add(ChangedPorts& changed, bool is_gain, const Connection& connection) {
  PortSet& ports = changed[{is_gain, connection.src, connection.dst}];
  ports = ports.unite(connection.ports);
}

ChangedPorts changed_ports(const ReachabilityChange& change) {
  ChangedPorts changed;
  for (const Connection& each : connections_of(change.lost)) add(changed, false, each);
  for (const Connection& each : connections_of(change.gained)) add(changed, true, each);
  return changed;
}

std::string to_text(const ChangedPorts& changed) {
  std::string text;
  for (const auto& [key, ports] : changed) {
    const auto& [is_gain, src, dst] = key;
    text += (is_gain ? "+ " : "- ") + to_string(src) + " -> " + to_string(dst) + ' ' +
            to_string(ports) + '\n';
  }
  return text;
}

/// The first and the last port of each range, by itself.
std::vector<PortSet> borders_of(const PortSet& ports) {
  std::vector<PortSet> result;
  for (const Protocol protocol : kProtocols) {
    for (const PortRange& range : ports.ranges(protocol)) {
      result.push_back(PortSet::of(protocol, {range.from, range.from}));
      result.push_back(PortSet::of(protocol, {range.to, range.to}));
    }
  }
  return result;
}

/// Asks both networks about each connection of each cause; empty if each has it.
std::string wrong_cause(const Migration& migration) {
  for (const MigrationCause& each : migration.causes) {
    for (const Connection& connection : connections_of(each.connections)) {
      for (const PortSet& port : borders_of(connection.ports)) {
        const MigratedFlow flow = migration.judge(each, {connection.src, connection.dst, port});
        if (!flow.before.empty() && !flow.after.empty()) continue;
        return each.rule_before + " and " + each.rule_after + " do not decide " +
               to_string(connection.src) + " -> " + to_string(connection.dst) + " on " +
               to_string(port);
      }
    }
  }
  return {};
}

}  // namespace

TEST_CASE("every port of every changed connection has a cause, and no other has", "[agreement]") {
  std::size_t causes = 0;
  std::size_t connections = 0;
  rc::prop("every port of every changed connection has a cause, and no other has", [&] {
    const Choose choose = [](unsigned count) { return *rc::gen::inRange(0U, count); };
    const std::string manifests = several_pods() + random_oddities(choose);
    const Moved moved{common_cluster(manifests, random_network(choose)),
                      common_cluster(manifests, random_network(choose))};
    RC_LOG(manifests + "\nfrom " + name_of(moved.before.network) + " to " +
           name_of(moved.after.network));
    ChangedPorts explained;
    for (const MigrationCause& each : moved.migration().causes) {
      for (const Connection& flow : connections_of(each.connections)) {
        RC_ASSERT((explained[{each.is_gain, flow.src, flow.dst}].intersect(flow.ports).is_empty()));
        add(explained, each.is_gain, flow);
        ++connections;
      }
      ++causes;
    }
    RC_ASSERT(to_text(explained) == to_text(changed_ports(moved.networks.change)));
    RC_ASSERT(wrong_cause(moved.migration()) == "");
  });
  CHECK(causes > 0);
  CHECK(connections > causes);
}

TEST_CASE("connections of a generated cluster have the causes that they have by themselves",
          "[agreement]") {
  ClusterShape shape;
  shape.namespaces = 12;
  shape.pods = 5;
  shape.policies = 3;
  const ObjectStore objects = generate_objects(shape);
  Diagnostics told;
  NetworkOptions ovn;
  ovn.dialect = kOvn;
  const Moved moved{project(objects, {}, told), project(objects, ovn, told)};
  CHECK(moved.migration().causes.size() > 1);
  CHECK(wrong_cause(moved.migration()) == "");
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
  CHECK(to_string(found->connections.groups.front().ports) == "TCP");
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
  CHECK(moved.networks.change.lost.empty());
}

TEST_CASE("an address that one network does not carry is still outside of both") {
  const std::string manifests =
      policy("a", "six", "podSelector: {}, egress: [{to: [{ipBlock: {cidr: \"2001:db8::/32\"}}]}]");
  const Moved moved{common_cluster(manifests, in_dialect(kKubernetes)),
                    common_cluster(manifests, in_dialect(kSdn))};
  bool is_told = false;
  for (const Connection& each : connections_of(moved.networks.change.lost)) {
    if (to_string(each.dst) != "::/0") continue;
    is_told = is_told || to_string(each.src) == "b/Pod/client";
    CHECK(each.src.ns != "h");
  }
  CHECK(is_told);
}

TEST_CASE("each cause has an example that both networks judge") {
  const Moved moved = move_to_ovn("", SdnMode::Multitenant);
  REQUIRE_FALSE(moved.migration().causes.empty());
  for (const MigrationCause& each : moved.migration().causes) {
    const MigratedFlow& flow = each.example;
    CHECK(has_flow(each, to_string(flow.src), to_string(flow.dst)));
    CHECK(flow.ports.contains(flow.protocol, flow.port));
    CHECK_FALSE(flow.before.empty());
    CHECK_FALSE(flow.after.empty());
  }
}

TEST_CASE("networks that decide alike have no causes") {
  const Cluster cluster = common_cluster("", in_dialect(kOvn));
  CHECK(compare_networks(cluster, cluster).migration.causes.empty());
}

}  // namespace meshproof
