#include <catch2/catch.hpp>

#include "tests/solver/evaluate_case.h"
#include "tests/solver/lint_case.h"

using namespace meshproof;

namespace {

const std::string kShop = R"(
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]}
status: {phase: Running, podIP: 10.128.0.9}
---
)";

std::string with_policy(std::string_view spec) { return kShop + policy("shop", "p", spec); }

const NetworkOptions kInSdn = in_dialect(kSdn);
const NetworkOptions kInOvn = in_dialect(kOvn);
const NetworkOptions kInKubernetes = in_dialect(kKubernetes);

}  // namespace

TEST_CASE("MP0401: each network has its own reading of a port's name") {
  struct Row {
    const char* ports;
    const NetworkOptions& network;
    const char* says;  ///< null: nothing is found
  };
  const Row rows[] = {
      {"[{port: http}]", kInSdn, "ingress[0] has only ports with names (http)"},
      {"[{port: http}, {port: 81}]", kInSdn, "ingress[0].ports[0] is the port named http, which"},
      {"[{port: http}]", kInOvn, "for which OVN-Kubernetes opens all of TCP"},
      {"[{port: http}, {port: 81}]", kInOvn, "ignores beside entries with a number"},
      {"[{port: http}, {port: 53, protocol: UDP}]", kInOvn, "opens all of TCP"},
      {"[{port: http}]", kInKubernetes, nullptr},
      {"[{port: http, protocol: UDP}]", kInKubernetes, "is the UDP port named http, which no pod"},
      {"[{port: nothing}]", kInKubernetes, "named nothing, which no pod"},
      {"[{port: 8080}]", kInSdn, nullptr},
      {"[{protocol: TCP}]", kInOvn, nullptr},
  };
  for (const Row& row : rows) {
    CAPTURE(row.ports);
    const auto lines = lint_lines(
        with_policy(std::string("podSelector: {}, ingress: [{ports: ") + row.ports + "}]"),
        "MP0401", row.network);
    if (row.says == nullptr) {
      CHECK(lines.empty());
    } else {
      check_one(lines, row.says);
    }
  }
}

TEST_CASE("MP0401: where the network is not known both readings are told") {
  const auto lines =
      lint_lines(with_policy("podSelector: {}, ingress: [{ports: [{port: http}]}]"), "MP0401");
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].find("with openshift-sdn: ") != std::string::npos);
  CHECK(lines[1].find("with ovn-kubernetes: ") != std::string::npos);
}

TEST_CASE("MP0402: what selectors mean beside pods") {
  struct Row {
    const char* spec;
    const NetworkOptions& network;
    const char* says;
  };
  const Row rows[] = {
      {"podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]", kInSdn,
       "ingress[0].from[0] is a namespaceSelector alone that also means nodes and addresses"},
      {"podSelector: {}, egress: [{to: [{namespaceSelector: {}}]}], policyTypes: [Egress]", kInSdn,
       "egress[0].to[0] is a namespaceSelector alone that also means nodes and addresses"},
      {"podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {}}]}]", kInSdn,
       nullptr},
      {"podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
       "{kubernetes.io/metadata.name: default}}}]}]",
       kInSdn, "also means nodes and addresses outside"},
      {"podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
       "{kubernetes.io/metadata.name: default}}}]}]",
       kInOvn, nullptr},
      {"podSelector: {}, ingress: [{from: [{ipBlock: {cidr: \"2001:db8::/32\"}}]}]", kInSdn,
       "is the IPv6 block 2001:db8::/32, which the OpenShift SDN skips"},
      {"podSelector: {}, ingress: [{from: [{ipBlock: {cidr: \"2001:db8::/32\"}}]}]", kInOvn,
       nullptr},
      {"podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ports: [{protocol: TCP}, "
       "{port: 80}]}]",
       kInOvn, "ingress[0].ports[0] means all of TCP, which OVN-Kubernetes ignores"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.spec);
    const auto lines = lint_lines(with_policy(row.spec), "MP0402", row.network);
    if (row.says == nullptr) {
      CHECK(lines.empty());
    } else {
      check_one(lines, row.says);
    }
  }
}

TEST_CASE("MP0402: OVN-Kubernetes takes hosts for openshift-host-network where it exists") {
  const std::string hosts =
      "\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: openshift-host-network}\n";
  const std::string all = "podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]";
  CHECK(lint_lines(with_policy(all), "MP0402", kInOvn).empty());
  check_one(lint_lines(with_policy(all) + hosts, "MP0402", kInOvn), "that also means the nodes");
  // Who names it means it.
  const std::string named =
      "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
      "{kubernetes.io/metadata.name: openshift-host-network}}}]}]";
  CHECK(lint_lines(with_policy(named) + hosts, "MP0402", kInOvn).empty());
}

TEST_CASE("MP0402: OVN-Kubernetes heeds rules of a direction that policyTypes leaves out") {
  const std::string ingress_only =
      "podSelector: {}, policyTypes: [Ingress], egress: [{to: [{podSelector: {}}]}]";
  CHECK(lint_lines(with_policy(ingress_only), "MP0402", kInOvn).empty());
  const std::string closed =
      with_policy(ingress_only) + "\n---\n" +
      policy("shop", "closed", "podSelector: {}, policyTypes: [Egress], egress: []");
  check_one(lint_lines(closed, "MP0402", kInOvn), "policyTypes does not list");
  CHECK(lint_lines(closed, "MP0402", kInSdn).empty());
}

TEST_CASE("MP0402: what is copied is told of the control plane's policy alone") {
  const std::string copy = kShop + R"(
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop, labels: {maistra.io/member-of: mesh-a}}
spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}
)";
  CHECK(lint_lines(copy, "MP0402", kInSdn).empty());
}

TEST_CASE("MP0404: a field that was applied and is not there any more") {
  const auto applied = [](std::string_view rule) {
    return kShop + R"(
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: p
  namespace: shop
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"apiVersion":"networking.k8s.io/v1",
      "kind":"NetworkPolicy","metadata":{"name":"p","namespace":"shop"},
      "spec":{"podSelector":{},"ingress":[)" +
           std::string(rule) + R"(]}}'
spec: {podSelector: {}, ingress: [{}]}
)";
  };
  check_one(lint_lines(applied(R"({"port": 8080})"), "MP0404"), "in what was applied last, ");
  // A rule that somebody has edited since has lost nothing to the API server.
  CHECK(lint_lines(applied(R"({"ports": [{"port": 8080}]})"), "MP0404").empty());
  CHECK(lint_lines(applied("no JSON"), "MP0404").empty());
}

TEST_CASE("MP0405: pods that a policy cannot be for") {
  const std::string close_web = "podSelector: {matchLabels: {app: web}}, ingress: []";
  CHECK(lint_lines(with_policy(close_web), "MP0405").empty());
  const std::string host = R"(
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {hostNetwork: true, containers: [{name: web}]}
status: {phase: Running, podIP: 192.168.0.1}
---
)";
  check_one(lint_lines(host + policy("shop", "p", close_web), "MP0405"),
            "only pods that have ended");
  // A project without pods in the input may get them.
  CHECK(lint_lines(policy("shop", "p", close_web), "MP0405").empty());
  CHECK(lint_lines(with_policy("podSelector: {}, ingress: []"), "MP0405").empty());
}

TEST_CASE("MP0406: peers of labels that are not there, or not known") {
  const auto from = [](std::string_view peer) {
    return with_policy("podSelector: {}, ingress: [{from: [" + std::string(peer) + "]}]");
  };
  check_one(lint_lines(from("{namespaceSelector: {matchLabels: {team: pay}}}"), "MP0406"),
            "no project is team=pay");
  check_one(lint_lines(from("{podSelector: {matchLabels: {app: db}}}"), "MP0406"),
            "no pod of its own project is app=db");
  check_one(
      lint_lines(from("{namespaceSelector: {}, podSelector: {matchLabels: {app: db}}}"), "MP0406"),
      "no pod of projects that are all is app=db");
  CHECK(lint_lines(from("{podSelector: {matchLabels: {app: web}}}"), "MP0406").empty());
  // The labels of a project that the input lacks may be these.
  const std::string other = "\n---\n" + policy("pay", "q", "podSelector: {}");
  CHECK(lint_lines(from("{namespaceSelector: {matchLabels: {team: pay}}}") + other, "MP0406")
            .empty());
}

TEST_CASE("M7: MP0407 counts the projects that one EgressNetworkPolicy cuts off") {
  const auto project_with = [](const std::string& name, const std::string& netid) {
    return "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name +
           "}\n---\napiVersion: network.openshift.io/v1\nkind: NetNamespace\nmetadata: {name: " +
           name + "}\nnetname: " + name + "\nnetid: " + netid + "\n---\n";
  };
  const std::string firewall = R"(
apiVersion: network.openshift.io/v1
kind: EgressNetworkPolicy
metadata: {name: default, namespace: shop}
spec: {egress: [{type: Allow, to: {cidrSelector: 0.0.0.0/0}}]}
)";
  const NetworkOptions multitenant = in_dialect(kSdn, SdnMode::Multitenant);
  const std::string shared = project_with("mesh-a", "20") + project_with("shop", "20") + firewall;
  check_one(lint_lines(shared, "MP0407", multitenant),
            "is in one of 2 projects with NetID 20 (mesh-a and shop)");
  CHECK(lint_lines(shared, "MP0407", kInOvn).empty());
  CHECK(lint_lines(shared, "MP0407", in_dialect(kSdn, SdnMode::Subnet)).empty());
  // NetID 0 is exempt.
  const std::string global = project_with("mesh-a", "0") + project_with("shop", "0") + firewall;
  CHECK(lint_lines(global, "MP0407", multitenant).empty());
  const std::string own = project_with("mesh-a", "20") + project_with("shop", "21") + firewall;
  CHECK(lint_lines(own, "MP0407", multitenant).empty());
}

TEST_CASE("M8: MP0410 tells of policies that the mode does not look at") {
  const std::string one = with_policy("podSelector: {}, ingress: []");
  check_one(lint_lines(one, "MP0410", in_dialect(kSdn, SdnMode::Subnet)),
            "has 1 NetworkPolicy (p), which the OpenShift SDN does not look at in mode subnet");
  CHECK(lint_lines(one, "MP0410", kInSdn).empty());
  const std::string unknown = one + R"(
---
apiVersion: config.openshift.io/v1
kind: Network
metadata: {name: cluster}
spec: {networkType: Flannel}
---
apiVersion: maistra.io/v1
kind: ServiceMeshMemberRoll
metadata: {name: default, namespace: mesh-a}
spec: {members: [shop]}
)";
  check_one(lint_lines(unknown, "MP0410"), "networkType Flannel is not known to enforce");
}

TEST_CASE("MP0411: blocks around, inside of and beside the addresses of the cluster") {
  const auto block = [](std::string_view text) {
    return with_policy("podSelector: {}, ingress: [{from: [{ipBlock: " + std::string(text) +
                       "}]}]") +
           R"(
---
apiVersion: config.openshift.io/v1
kind: Network
metadata: {name: cluster}
spec: {networkType: OVNKubernetes, clusterNetwork: [{cidr: 10.128.0.0/14}], serviceNetwork: [172.30.0.0/16]}
)";
  };
  check_one(lint_lines(block("{cidr: 0.0.0.0/0}"), "MP0411"), "it admits every pod");
  check_one(lint_lines(block("{cidr: 10.128.0.9/32}"), "MP0411"), "lies in the pod network");
  check_one(lint_lines(block("{cidr: 172.30.0.10/32}"), "MP0411"), "lies in the service network");
  CHECK(lint_lines(block("{cidr: 0.0.0.0/0, except: [10.128.0.0/14]}"), "MP0411").empty());
  CHECK(lint_lines(block("{cidr: 198.51.100.0/24}"), "MP0411").empty());
}
