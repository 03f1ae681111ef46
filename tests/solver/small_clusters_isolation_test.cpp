#include <catch2/catch.hpp>

#include "solver/checks/flow_proof.h"
#include "solver/engines/flows/mesh_claim.h"
#include "solver/engines/quotient.h"
#include "solver/evaluate.h"
#include "tests/solver/small_clusters.h"

/// "Nobody outside of project a reaches a pod of it", about every pod that could be, on the small
/// clusters: the solver, the finite cases, and brute force over pods written down by hand.
namespace meshproof {
namespace {

enum class Says : std::uint8_t { Holds, Broken, Nothing };

Says by_solver(const Snapshot& snapshot, NamespaceId destination) {
  FlowProof proof(snapshot, {});
  const MeshClaim claim(snapshot.cluster, "none", destination, {});
  const FlowProof::Answer answer = proof.prove(claim, destination, {});
  if (answer.is_proved()) return Says::Holds;
  return answer.violated ? Says::Broken : Says::Nothing;
}

Says by_cases(const Cluster& cluster, NamespaceId destination) {
  const QuotientAnswer answer = QuotientDecider(cluster).decide({"none", destination, {}});
  if (std::holds_alternative<NoCaseBreaks>(answer)) return Says::Holds;
  return std::holds_alternative<CaseBreaks>(answer) ? Says::Broken : Says::Nothing;
}

/// Every label that the policies of small_clusters.cpp name, another one and none; an address in
/// the block that they name and one outside of it.
class BruteForce {
 public:
  BruteForce(const Cluster& cluster, NamespaceId destination)
      : cluster_(cluster), destination_(destination) {
    const Symbol team = cluster_.symbols.intern("team");
    add_pods(cluster_.find_namespace("b"), sources_);
    add_pods(add_namespace("default", 0), sources_);
    unsigned number = 0;
    for (const char* value : {"", "a", "b", "c"}) {
      const NamespaceId id = add_namespace("future-" + std::to_string(number), 100 + number);
      ++number;
      if (*value != 0)
        cluster_.namespaces[id.value].labels.set(team, cluster_.symbols.intern(value));
      add_pods(id, sources_);
    }
    for (const std::uint16_t named : std::initializer_list<std::uint16_t>{0, 80, 81}) {
      const std::size_t first = targets_.size();
      add_pods(destination_, targets_);
      for (std::size_t i = first; named != 0 && i < targets_.size(); ++i) {
        cluster_.pods[targets_[i].value].ports.push_back({"http", Protocol::Tcp, named});
      }
    }
  }

  [[nodiscard]] Says answer() const {
    const Evaluator evaluator(cluster_);
    std::vector<FlowEnd> sources(sources_.begin(), sources_.end());
    sources.emplace_back(IpAddress::v4(0xcb007107));
    bool is_known = true;
    for (const FlowEnd& source : sources) {
      for (const PodId target : targets_) {
        for (const auto& [protocol, port] :
             {std::pair{Protocol::Tcp, 80}, std::pair{Protocol::Tcp, 81},
              std::pair{Protocol::Tcp, 8080}, std::pair{Protocol::Udp, 80}}) {
          const Flow flow{source, target, protocol, static_cast<std::uint16_t>(port)};
          const Access access = evaluator.evaluate(flow).access;
          if (access == Access::Allowed) return Says::Broken;
          is_known = is_known && access == Access::Denied;
        }
      }
    }
    return is_known ? Says::Holds : Says::Nothing;
  }

 private:
  /// In the order of their names, behind those that are there.
  NamespaceId add_namespace(const std::string& name, std::uint32_t netid) {
    NetNamespace net;
    net.name = name;
    net.netid = netid;
    cluster_.net_namespaces.push_back(net);
    Namespace ns;
    ns.name = name;
    ns.labels.set(cluster_.symbols.intern("kubernetes.io/metadata.name"),
                  cluster_.symbols.intern(name));
    ns.net_namespace = {static_cast<std::uint32_t>(cluster_.net_namespaces.size() - 1)};
    cluster_.namespaces.push_back(std::move(ns));
    return {static_cast<std::uint32_t>(cluster_.namespaces.size() - 1)};
  }

  void add_pods(NamespaceId ns, std::vector<PodId>& ids) {
    const Symbol app = cluster_.symbols.intern("app");
    for (const char* value : {"", "x", "z"}) {
      for (const std::uint32_t subnet : {0x0a800000U, 0x0a800200U}) {
        Pod pod;
        pod.ns = ns;
        pod.name = "p" + std::to_string(cluster_.pods.size());
        if (*value != 0) pod.labels.set(app, cluster_.symbols.intern(value));
        pod.addresses = {
            IpAddress::v4(subnet + 50 + static_cast<std::uint32_t>(cluster_.pods.size()))};
        ids.push_back({static_cast<std::uint32_t>(cluster_.pods.size())});
        cluster_.pods.push_back(std::move(pod));
      }
    }
  }

  Cluster cluster_;
  NamespaceId destination_;
  std::vector<PodId> sources_;
  std::vector<PodId> targets_;
};

/// Every `step`th cluster of each network that policies protect.
void compare(unsigned step) {
  for (const Setting& setting : kSettings) {
    if (setting.mode != SdnMode::NetworkPolicy) continue;
    std::size_t held = 0;
    std::size_t broken = 0;
    std::size_t number = 0;
    for (unsigned labels = 0; labels < 16; ++labels) {
      SmallClusters clusters(setting, labels);
      for (std::uint32_t first = 0; first <= clusters.count(); ++first) {
        for (std::uint32_t second = first; second <= clusters.count(); ++second) {
          if (number++ % step != 0) continue;
          const Snapshot snapshot{{}, {}, clusters.with(first, second)};
          const NamespaceId a = snapshot.cluster.find_namespace("a");
          const Says expected = BruteForce(snapshot.cluster, a).answer();
          INFO(setting.name << ", labels " << labels << ", policies " << first << " and "
                            << second);
          REQUIRE(expected != Says::Nothing);
          REQUIRE(by_solver(snapshot, a) == expected);
          REQUIRE(by_cases(snapshot.cluster, a) == expected);
          (expected == Says::Holds ? held : broken) += 1;
        }
      }
    }
    INFO(setting.name << ": " << held << " hold, " << broken << " are broken");
    CHECK(held > 0);
    CHECK(broken > 0);
  }
}

}  // namespace

TEST_CASE("solver, finite cases and brute force agree on a sample of the small clusters",
          "[agreement]") {
  compare(1999);
}

TEST_CASE("solver, finite cases and brute force agree on many of the small clusters",
          "[agreement][slow]") {
  compare(41);
}

}  // namespace meshproof
