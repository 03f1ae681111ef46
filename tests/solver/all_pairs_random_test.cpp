#include <array>
#include <string>

#include <rapidcheck/catch.h>

#include "solver/engines/all_pairs/flow_classes.h"
#include "tests/solver/all_pairs_agreement.h"
#include "tests/solver/evaluate_case.h"
#include "tests/solver/random_oddities.h"

namespace meshproof {

TEST_CASE("the all-pairs engine agrees with evaluate on random clusters", "[agreement]") {
  std::size_t open = 0;
  std::size_t unknown = 0;
  rc::prop("the all-pairs engine agrees with evaluate on random clusters", [&] {
    const Choose choose = [](unsigned count) { return *rc::gen::inRange(0U, count); };
    const std::string manifests = random_oddities(choose);
    const Cluster cluster = common_cluster(manifests, random_network(choose));
    const Agreement agreement =
        compare_all_pairs(cluster, {"203.0.113.7", "203.0.113.200", "224.0.0.9", "2001:db8::9"},
                          {1, 53, 80, 81, 4000, 4788, 4789, 4790, 8080, 22623, 65535});
    RC_LOG(manifests + "\nin " + name_of(cluster.network) + ": " + agreement.difference);
    RC_ASSERT(agreement.difference == "");
    RC_ASSERT(compare_summary(cluster) == "");
    open += agreement.open;
    unknown += agreement.unknown;
  });
  // All answers must have come up, or the property says little.
  CHECK(open > 0);
  CHECK(unknown > 0);
}

/// Of pods of one flow class every other end says the same, and they say the same of it, but for
/// hosts, of which nodes have a say. How many pairs of such pods there are.
std::size_t check_flow_classes(const Cluster& cluster) {
  std::vector<IpAddress> outside;
  for (const char* address : {"203.0.113.7", "203.0.113.200", "224.0.0.9"}) {
    outside.push_back(*IpAddress::parse(address));
  }
  PairTables tables(cluster, outside);
  const std::vector<std::uint32_t> numbers = flow_classes(tables);
  std::vector<PairEnd> pods;
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    const Pod& pod = cluster.pods[i];
    if (!pod.host_network && !pod.is_completed()) pods.push_back(PairEnd::of(PodId{i}));
  }
  std::vector<PairEnd> ends = pods;
  for (std::size_t i = 0; i < outside.size(); ++i) ends.push_back(PairEnd::of_outside(i));
  const auto number = [&](const PairEnd& end) { return numbers.at(tables.columns.of(end.pod)); };
  std::size_t alike = 0;
  for (const PairEnd& a : pods) {
    for (const PairEnd& b : pods) {
      if (a.pod == b.pod || number(a) != number(b)) continue;
      ++alike;
      for (const PairEnd& end : ends) {
        if (end.pod.is_valid() && (end.pod == a.pod || end.pod == b.pod)) continue;
        RC_ASSERT(tables.between(a, end) == tables.between(b, end));
        RC_ASSERT(tables.between(end, a) == tables.between(end, b));
      }
    }
  }
  return alike;
}

TEST_CASE("pods of one flow class are alike to every other end", "[agreement]") {
  std::size_t alike = 0;
  rc::prop("pods of one flow class are alike to every other end", [&] {
    const Choose choose = [](unsigned count) { return *rc::gen::inRange(0U, count); };
    const std::string manifests = random_oddities(choose);
    const Cluster cluster = common_cluster(manifests, random_network(choose));
    RC_LOG(manifests + "\nin " + name_of(cluster.network));
    alike += check_flow_classes(cluster);
  });
  CHECK(alike > 0);
}

/// A thousand projects of one pod, to which some ports are open; ten of them may send to all others
/// or to many, and to single ones more.
std::string many_receivers() {
  constexpr int kProjects = 1010;
  const std::array<std::string, 5> egress{
      "egress: [{ports: [{port: 80}]}]",
      "egress: [{ports: [{port: 81}]}, {to: [{namespaceSelector: {matchLabels: {group: g1}}}]}]",
      "egress: [{to: [{namespaceSelector: {matchLabels: {group: g0}}}], ports: [{port: 80}]}]",
      "egress: [{ports: [{port: 80}]}, {to: [{podSelector: {}}]}]",
      "egress: [{ports: [{port: 81}]}, {to: [{namespaceSelector: {matchLabels: "
      "{kubernetes.io/metadata.name: n7}}}]}]"};
  std::string manifests;
  for (int i = 0; i < kProjects; ++i) {
    const std::string number = std::to_string(i);
    const std::string ns = "n" + number;
    manifests += "\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: " + ns +
                 ", labels: {group: g" + std::to_string(i % 3) + "}}}\n";
    for (const char* app : {"web", "db"}) {
      if (i >= 10 && app == std::string("db")) continue;
      manifests += "\n---\n{apiVersion: v1, kind: Pod, metadata: {name: " + std::string(app) +
                   ", namespace: " + ns + ", labels: {app: " + app +
                   "}}, status: {phase: Running}}\n";
    }
    manifests += policy(ns, "in",
                        "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: "
                        "[{key: group, operator: In, values: [g0, g1]}]}}], ports: [{port: 80}]}]");
    if (i % 5 == 0) {
      manifests += policy(ns, "own",
                          "podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: "
                          "{}}], ports: [{port: 81}]}]");
    }
    if (i < 10) {
      manifests += policy(
          ns, "out",
          "podSelector: {}, policyTypes: [Egress], " + egress.at(static_cast<std::size_t>(i % 5)));
    }
  }
  return manifests;
}

TEST_CASE("pairs are counted right where limited senders have a thousand limited receivers",
          "[agreement]") {
  for (const Dialect dialect : {kKubernetes, kSdn}) {
    CHECK(compare_summary(common_cluster(many_receivers(), in_dialect(dialect))) == "");
  }
}

}  // namespace meshproof
