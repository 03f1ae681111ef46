#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

#include "solver/evaluate.h"
#include "tests/solver/conformance_case.h"

namespace meshproof {
namespace {

constexpr std::size_t kDifferencesShown = 12;

struct Score {
  std::size_t cases = 0;
  std::size_t probes = 0;
  std::vector<std::string> differences;
};

std::string access_text(Access access) {
  if (access == Access::Unknown) return "unknown";
  return access == Access::Allowed ? "allowed" : "denied";
}

std::string describe(const RecordedCase& recorded, const RecordedProbe& probe, bool expected,
                     const Decision& decision) {
  std::string text = recorded.name + ": " + probe.src + " -> " + probe.dst + ' ' +
                     std::string(to_string(probe.protocol)) + '/' + std::to_string(probe.port) +
                     " is " + (expected ? "allowed" : "denied") + " (" + probe.via + "), not " +
                     access_text(decision.access);
  for (const Reason& reason : decision.reasons) {
    text += "\n    " + reason.rule_id + ": " + reason.text;
  }
  return text;
}

void compare(const RecordedCase& recorded, const Cluster& cluster, const Evaluator& evaluator,
             const RecordedProbe& probe, bool expected, Score& score) {
  const Flow flow{flow_end(cluster, probe.src), flow_end(cluster, probe.dst), probe.protocol,
                  probe.port};
  const Decision decision = evaluator.evaluate(flow);
  ++score.probes;
  const Access wanted = expected ? Access::Allowed : Access::Denied;
  if (decision.access == wanted) return;
  score.differences.push_back(describe(recorded, probe, expected, decision));
}

void report(const Score& score) {
  std::string text;
  for (std::size_t i = 0; i < std::min(kDifferencesShown, score.differences.size()); ++i) {
    text += score.differences[i] + '\n';
  }
  INFO(score.differences.size() << " of " << score.probes << " probes differ\n" << text);
  CHECK(score.differences.empty());
  INFO("looked at no case: is scenarios/conformance/ there?");
  CHECK(score.cases > 0);
  CHECK(score.probes > 0);
}

/// A pod of the pod network that runs, or an address.
bool is_comparable(const Cluster& cluster, const std::string& text) {
  const FlowEnd end = flow_end(cluster, text);
  if (std::holds_alternative<ServiceId>(end)) return false;
  const auto* pod = std::get_if<PodId>(&end);
  if (pod == nullptr) return true;
  return !cluster.at(*pod).host_network && !cluster.at(*pod).is_completed();
}

/// An EgressNetworkPolicy has a say there, which the specification does not know.
bool is_under_firewall(const Cluster& cluster, const RecordedProbe& probe) {
  return !cluster.egress_policies.empty() && IpAddress::parse(probe.dst).has_value();
}

TEST_CASE("every recorded verdict of the real networks is the evaluator's", "[conformance]") {
  const std::string folder = GENERATE("sdn", "ovn");
  DYNAMIC_SECTION(folder) {
    Score score;
    for (const RecordedCase& recorded : read_recorded_cases(folder)) {
      if (!recorded.normative) continue;
      ++score.cases;
      const Cluster cluster = read_recorded_cluster(recorded, recorded.dialect);
      const Evaluator evaluator(cluster);
      for (const RecordedProbe& probe : recorded.probes) {
        compare(recorded, cluster, evaluator, probe, probe.allowed, score);
      }
    }
    report(score);
  }
}

TEST_CASE("the recorded cases agree with the specification where they say so", "[conformance]") {
  const std::string folder = GENERATE("sdn", "ovn");
  DYNAMIC_SECTION(folder) {
    Score score;
    for (const RecordedCase& recorded : read_recorded_cases(folder)) {
      // The specification knows network policies only, not what the other two modes enforce.
      if (recorded.mode != SdnMode::NetworkPolicy) continue;
      ++score.cases;
      const Cluster cluster = read_recorded_cluster(recorded, Dialect::Kubernetes);
      const Evaluator evaluator(cluster);
      for (const RecordedProbe& probe : recorded.probes) {
        const bool comparable = is_comparable(cluster, probe.src) &&
                                is_comparable(cluster, probe.dst) &&
                                (folder == "ovn" || !is_under_firewall(cluster, probe));
        if (!comparable) continue;
        compare(recorded, cluster, evaluator, probe, probe.specification.value_or(probe.allowed),
                score);
      }
    }
    report(score);
  }
}

}  // namespace
}  // namespace meshproof
