#include <array>
#include <iostream>
#include <optional>

#include <catch2/catch.hpp>

#include "tests/solver/all_pairs_agreement.h"
#include "tests/solver/evaluate_case.h"
#include "tests/support/yaml.h"

/// Every small cluster: 2 projects × 2 pods × 2 label values, up to 2 policies of up to 1 rule.
namespace meshproof {
namespace {

struct Setting {
  const char* name;
  Dialect dialect;
  SdnMode mode;
};
constexpr std::array kSettings{
    Setting{"kubernetes", kKubernetes, SdnMode::NetworkPolicy},
    Setting{"openshift-sdn/networkpolicy", kSdn, SdnMode::NetworkPolicy},
    Setting{"openshift-sdn/multitenant", kSdn, SdnMode::Multitenant},
    Setting{"ovn-kubernetes", kOvn, SdnMode::NetworkPolicy},
};

/// `labels`: bit i is the label of the pod i. A router on the nodes' network is there too, because
/// hosts are where the dialects differ.
std::string objects(unsigned labels) {
  std::string text =
      "{apiVersion: v1, kind: Node, metadata: {name: n1}, status: {addresses: [{type: InternalIP, "
      "address: 192.168.0.1}]}}\n---\n"
      "{apiVersion: v1, kind: Node, metadata: {name: n2}, status: {addresses: [{type: InternalIP, "
      "address: 192.168.0.2}]}}\n---\n"
      "{apiVersion: network.openshift.io/v1, kind: HostSubnet, metadata: {name: n1}, host: n1, "
      "hostIP: 192.168.0.1, subnet: 10.128.0.0/23}\n---\n"
      "{apiVersion: network.openshift.io/v1, kind: HostSubnet, metadata: {name: n2}, host: n2, "
      "hostIP: 192.168.0.2, subnet: 10.128.2.0/23}\n---\n"
      "{apiVersion: network.openshift.io/v1, kind: ClusterNetwork, metadata: {name: default}, "
      "clusterNetworks: [{CIDR: 10.128.0.0/14, hostSubnetLength: 9}], serviceNetwork: "
      "172.30.0.0/16, network: 10.128.0.0/14, hostsubnetlength: 9, pluginName: "
      "redhat/openshift-ovs-networkpolicy}";
  for (unsigned ns = 0; ns < 2; ++ns) {
    const std::string name = ns == 0 ? "a" : "b";
    text += "\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: " + name +
            ", labels: {team: " + name +
            "}}}\n---\n{apiVersion: network.openshift.io/v1, kind: "
            "NetNamespace, metadata: {name: " +
            name + "}, netname: " + name + ", netid: " + std::to_string(10 + ns) + "}";
    for (unsigned i = 0; i < 2; ++i) {
      const std::string number = std::to_string(i + 1);
      text += "\n---\n{apiVersion: v1, kind: Pod, metadata: {namespace: " + name + ", name: p" +
              number + ", labels: {app: " + ((labels >> (2 * ns + i) & 1U) != 0 ? "x" : "y") +
              "}}, spec: {nodeName: n" + number + ", containers: [{name: c, image: i, ports: " +
              "[{name: http, containerPort: " + (i == 0 ? "80" : "81") +
              "}]}]}, status: {phase: Running, podIP: 10.128." + (i == 0 ? "0." : "2.") +
              std::to_string(10 + ns) + "}}";
    }
  }
  return text +
         "\n---\n{apiVersion: v1, kind: Pod, metadata: {namespace: b, name: router, labels: "
         "{app: x}}, spec: {nodeName: n1, hostNetwork: true, containers: [{name: c, image: i}]}, "
         "status: {phase: Running, podIP: 192.168.0.1}}";
}

/// Every policy of at most one rule.
std::vector<std::string> policies() {
  std::vector<std::string> rules{""};
  for (const char* peer :
       {"", "{podSelector: {}}", "{podSelector: {matchLabels: {app: x}}}",
        "{namespaceSelector: {}}", "{namespaceSelector: {matchLabels: {team: b}}}",
        "{namespaceSelector: {matchLabels: {team: b}}, podSelector: {matchLabels: {app: x}}}",
        "{ipBlock: {cidr: 10.128.0.0/23}}"}) {
    for (const char* ports : {"", "ports: [{port: 80}]", "ports: [{port: http}]"}) {
      const std::string peers = *peer == 0 ? "" : std::string("PEERS: [") + peer + "]";
      const std::string comma = !peers.empty() && *ports != 0 ? ", " : "";
      rules.push_back("{" + peers + comma + ports + "}");
    }
  }
  std::vector<std::string> result;
  for (const std::string ns : {"a", "b"}) {
    for (const std::string subject : {"{}", "{matchLabels: {app: x}}"}) {
      for (const bool inwards : {true, false}) {
        for (std::string rule : rules) {
          if (const auto at = rule.find("PEERS"); at != std::string::npos) {
            rule.replace(at, 5, inwards ? "from" : "to");
          }
          const std::string direction = inwards ? "Ingress" : "Egress";
          const std::string field = inwards ? "ingress" : "egress";
          result.push_back(policy(ns, "p",
                                  "podSelector: " + subject + ", policyTypes: [" + direction +
                                      "], " + field + ": [" + rule + "]"));
        }
      }
    }
  }
  return result;
}

/// One cluster with all policies, of which each case takes two at most.
class SmallClusters {
 public:
  SmallClusters(const Setting& setting, unsigned labels) {
    std::string text = objects(labels);
    unsigned number = 100;
    for (std::string each : policies()) {
      each.replace(each.find("name: p"), 7, "name: p" + std::to_string(number++));
      text += each;
    }
    all_ = cluster_from(text, in_dialect(setting.dialect, setting.mode));
    with_ = all_;
  }

  [[nodiscard]] std::uint32_t count() const {
    return static_cast<std::uint32_t>(all_.policies.size());
  }

  /// With the policies of these numbers; count() stands for none.
  const Cluster& with(std::uint32_t first, std::uint32_t second) {
    with_.policies.clear();
    for (Namespace& ns : with_.namespaces) ns.policies.clear();
    for (const std::uint32_t index : {first, second}) {
      if (index >= count()) continue;
      const PolicyId id{static_cast<std::uint32_t>(with_.policies.size())};
      with_.policies.push_back(all_.policies[index]);
      with_.namespaces[all_.policies[index].ns.value].policies.push_back(id);
    }
    return with_;
  }

 private:
  Cluster all_;
  Cluster with_;
};

struct Tally {
  std::size_t cases = 0;
  Agreement agreement;
};

/// Every `step`th case.
Tally compare_small_clusters(const Setting& setting, unsigned step) {
  Tally tally;
  std::size_t number = 0;
  for (unsigned labels = 0; labels < 16; ++labels) {
    SmallClusters clusters(setting, labels);
    for (std::uint32_t first = 0; first <= clusters.count(); ++first) {
      for (std::uint32_t second = first; second <= clusters.count(); ++second) {
        if (number++ % step != 0) continue;
        const Agreement one =
            compare_all_pairs(clusters.with(first, second), {"203.0.113.7"}, {80, 81});
        ++tally.cases;
        tally.agreement.flows += one.flows;
        tally.agreement.open += one.open;
        tally.agreement.unknown += one.unknown;
        if (one.difference.empty()) continue;
        tally.agreement.difference = "labels " + std::to_string(labels) + ", policies " +
                                     std::to_string(first) + " and " + std::to_string(second) +
                                     ": " + one.difference;
        return tally;
      }
    }
  }
  return tally;
}

void check(const Setting& setting, const Tally& tally) {
  CHECK(tally.agreement.difference == "");
  CHECK(tally.agreement.open > 0);
  CHECK(tally.agreement.open < tally.agreement.flows);
  std::cout << setting.name << ": " << tally.cases << " clusters, " << tally.agreement.flows
            << " flows, " << tally.agreement.open << " of them open\n";
}

}  // namespace

TEST_CASE("the all-pairs engine agrees with evaluate on a sample of the small clusters",
          "[agreement]") {
  for (const Setting& setting : kSettings) {
    DYNAMIC_SECTION(setting.name) {
      const Tally tally = compare_small_clusters(setting, 1999);
      check(setting, tally);
      CHECK(tally.cases > 100);
    }
  }
}

TEST_CASE("the all-pairs engine agrees with evaluate on every small cluster", "[agreement][slow]") {
  for (const Setting& setting : kSettings) {
    DYNAMIC_SECTION(setting.name) {
      const Tally tally = compare_small_clusters(setting, 1);
      check(setting, tally);
      CHECK(tally.cases > 100000);
    }
  }
}

}  // namespace meshproof
