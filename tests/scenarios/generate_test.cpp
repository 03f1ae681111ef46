#include "scenarios/generate.h"

#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "model/project.h"
#include "model/source.h"
#include "scenarios/generate/form.h"
#include "scenarios/generate/random.h"
#include "scenarios/read.h"

namespace meshproof {
namespace {

std::string text_of(const ClusterShape& shape) {
  std::string text;
  generate_list(shape, [&](std::string_view piece) {
    text += piece;
    return true;
  });
  return text;
}

/// A synthetic cluster as the reader gives it; it has nothing to say about it.
Cluster cluster_of(const ClusterShape& shape) {
  Sources sources;
  Diagnostics told;
  const Input input = read_text("test.json", text_of(shape), {}, sources, told);
  NetworkOptions options;
  options.dialect = shape.dialect;
  Cluster cluster = project(input.objects, options, told);
  std::string said;
  for (const Diagnostic& each : told) said += each.code + ": " + each.message + '\n';
  CHECK(said == "");
  return cluster;
}

std::size_t count_members(const Cluster& cluster) {
  const Symbol member_of = cluster.symbols.find("maistra.io/member-of");
  std::size_t members = 0;
  for (const Namespace& ns : cluster.namespaces) {
    const bool is_member = member_of.is_valid() && ns.labels.find(member_of).is_valid();
    if (is_member && ns.name != "istio-system") ++members;
  }
  return members;
}

TEST_CASE("the random numbers are those of SplitMix64, on every platform") {
  // Computed from the published algorithm by another program.
  Random random(1, 0);
  Random same(1, 0);
  Random other(1, 1);
  CHECK(random.next() == same.next());
  CHECK(random.next() != other.next());
  CHECK(Random(1, 0).next() == 6791897765849424158U);
}

TEST_CASE("a blank that is not given stays in its form") {
  CHECK(filled("$a-$b$ab.", {{"a", "1"}, {"ab", "$b"}}) == "1-$b$b.");
  CHECK(filled("no blanks, $ 5", {{"a", "1"}}) == "no blanks, $ 5");
  CHECK(filled("", {}) == "");
}

TEST_CASE("a synthetic cluster has what its shape says, in every dialect and mode") {
  struct Row {
    Dialect dialect;
    SdnMode mode;
    bool deployments;
    bool lean;
  };
  const auto row = GENERATE(values<Row>({
      {Dialect::OpenShiftSdn, SdnMode::NetworkPolicy, false, false},
      {Dialect::OpenShiftSdn, SdnMode::NetworkPolicy, true, false},
      {Dialect::OpenShiftSdn, SdnMode::Multitenant, false, true},
      {Dialect::OpenShiftSdn, SdnMode::Subnet, false, true},
      {Dialect::OvnKubernetes, SdnMode::NetworkPolicy, false, true},
      {Dialect::Kubernetes, SdnMode::NetworkPolicy, false, true},
  }));
  const ClusterShape shape{.namespaces = 12,
                           .pods = 7,
                           .policies = 5,
                           .members = 4,
                           .seed = 3,
                           .deployments = row.deployments,
                           .lean = row.lean,
                           .dialect = row.dialect,
                           .mode = row.mode};
  const Cluster cluster = cluster_of(shape);
  CHECK(cluster.network.dialect == row.dialect);
  CHECK(cluster.network.mode == row.mode);
  CHECK(cluster.namespaces.size() >= 12 + 2);
  std::size_t pods = 0;
  std::size_t policies = 0;
  std::set<IpAddress> addresses;
  for (const Namespace& ns : cluster.namespaces) {
    if (ns.name.rfind("project-", 0) != 0) continue;
    pods += ns.pods.size();
    policies += ns.policies.size();
    for (const PodId id : ns.pods) {
      const Pod& pod = cluster.at(id);
      CHECK(pod.addresses.size() == (row.deployments ? 0U : 1U));
      CHECK(pod.node.is_valid() == !row.deployments);
      addresses.insert(pod.addresses.begin(), pod.addresses.end());
      if (row.deployments || pod.addresses.empty()) continue;
      CHECK(cluster.at(pod.node).pod_subnets.at(0).contains(pod.addresses.front()));
    }
  }
  CHECK(pods == 12 * 7);
  CHECK(addresses.size() == (row.deployments ? 0U : 12 * 7));
  CHECK(policies >= 12 * 5);
  CHECK(count_members(cluster) == 4);
}

TEST_CASE("the policies of a synthetic cluster use everything that policies have") {
  const Cluster cluster = cluster_of({.namespaces = 60, .pods = 4, .policies = 8, .lean = true});
  std::set<std::string> seen;
  const auto see = [&](const char* what, bool is_there) {
    if (is_there) seen.insert(what);
  };
  const auto see_operators = [&](const LabelSelector& selector) {
    for (const LabelRequirement& each : selector.requirements) {
      see("In", each.op == LabelOperator::In);
      see("NotIn", each.op == LabelOperator::NotIn);
      see("Exists", each.op == LabelOperator::Exists);
      see("DoesNotExist", each.op == LabelOperator::DoesNotExist);
    }
  };
  for (const NetworkPolicy& policy : cluster.policies) {
    see_operators(policy.pods);
    see("deny by default", policy.isolates_ingress && policy.ingress.empty());
    see("egress", policy.isolates_egress && !policy.egress.empty());
    for (const auto* rules : {&policy.ingress, &policy.egress}) {
      for (const PolicyRule& rule : *rules) {
        see("empty rule", rule.peers.empty() && rule.ports.empty());
        for (const PolicyPort& port : rule.ports) {
          see("named port", !port.name.empty());
          see("port range", port.range && port.range->from != port.range->to);
          see("UDP", port.protocol == Protocol::Udp);
        }
        for (const PolicyPeer& peer : rule.peers) {
          see("block", peer.block && peer.block->except.empty());
          see("block with a hole", peer.block && !peer.block->except.empty());
          see("both selectors", peer.namespaces && peer.pods);
          if (peer.namespaces) see_operators(*peer.namespaces);
          if (peer.pods) see_operators(*peer.pods);
        }
      }
    }
  }
  CHECK(seen == std::set<std::string>{"In", "NotIn", "Exists", "DoesNotExist", "deny by default",
                                      "egress", "empty rule", "named port", "port range", "UDP",
                                      "block", "block with a hole", "both selectors"});
}

TEST_CASE("the same shape gives the same bytes, another seed others") {
  const ClusterShape shape{.namespaces = 5, .pods = 3, .policies = 3, .members = 2, .seed = 7};
  ClusterShape other = shape;
  other.seed = 8;
  CHECK(text_of(shape) == text_of(shape));
  CHECK(text_of(shape) != text_of(other));
}

TEST_CASE("a full body and a lean one are the same cluster") {
  ClusterShape shape{.namespaces = 5, .pods = 6, .policies = 3, .members = 2};
  const Cluster full = cluster_of(shape);
  const std::size_t size = text_of(shape).size();
  shape.lean = true;
  const Cluster lean = cluster_of(shape);
  CHECK(text_of(shape).size() * 2 < size);
  REQUIRE(lean.pods.size() == full.pods.size());
  for (std::size_t i = 0; i < lean.pods.size(); ++i) {
    CHECK(lean.pods[i].name == full.pods[i].name);
    CHECK(lean.pods[i].addresses == full.pods[i].addresses);
    CHECK(lean.pods[i].phase == full.pods[i].phase);
    CHECK(lean.pods[i].ports.size() == full.pods[i].ports.size());
  }
}

TEST_CASE("a synthetic cluster is strict JSON, and ends where nobody takes more") {
  const auto list = nlohmann::json::parse(text_of({.namespaces = 2, .pods = 2}));
  CHECK(list.at("kind") == "List");
  int taken = 0;
  generate({}, [&](std::string_view json) {
    CHECK(nlohmann::json::parse(json).contains("kind"));
    return ++taken < 3;
  });
  CHECK(taken == 3);
  CHECK_FALSE(generate_list({}, [](std::string_view) { return false; }));
}

TEST_CASE("a shape that cannot be is refused") {
  const auto told = [](const ClusterShape& shape) {
    std::string text;
    for (const Diagnostic& each : check(shape)) text += '[' + each.code + "]: " + each.message;
    return text;
  };
  CHECK(told({}) == "");
  CHECK(told({.namespaces = 0, .pods = 0, .policies = 0, .members = 0}) == "");
  CHECK(told({.namespaces = 2}) ==
        "[impossible-shape]: --members is 3, but there are only 2 namespaces; both count "
        "namespaces of applications");
  CHECK(told({.pods = 20'000'000}) == "[impossible-shape]: --pods is 20000000; at most 10000000");
  CHECK(told({.namespaces = 100'000, .pods = 100}) ==
        "[impossible-shape]: 100000 namespaces of 100 pods are 10000000 pods; the pod network has "
        "room for 4095750");
}

}  // namespace
}  // namespace meshproof
