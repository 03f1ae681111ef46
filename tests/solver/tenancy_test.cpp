#include "solver/checks/tenancy.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "solver/verify.h"
#include "tests/support/yaml.h"

/// `builtin:tenancy` and `builtin:control-plane` in the situations of docs/SEMANTICS.md T.
namespace meshproof {

namespace {

std::string ns(const std::string& name, const std::string& labels) {
  return "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + ", labels: {" + labels +
         "}}\n";
}

std::string policy(const std::string& where, const std::string& name, const std::string& spec,
                   const std::string& metadata = "") {
  return "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {namespace: " +
         where + ", name: " + name + (metadata.empty() ? "" : ", " + metadata) + "}\nspec: {" +
         spec + "}\n";
}

std::string roll(const std::string& mesh, const std::string& members) {
  return "---\napiVersion: maistra.io/v1\nkind: ServiceMeshMemberRoll\nmetadata: {name: default, "
         "namespace: " +
         mesh + "}\nspec: {members: [" + members + "]}\n";
}

/// What the operator copies into a member.
std::string mesh_policies(const std::string& where, const std::string& mesh) {
  return policy(where, "istio-mesh-basic",
                "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
                "{maistra.io/member-of: " +
                    mesh + "}}}]}]") +
         policy(where, "istio-expose-route-basic",
                "podSelector: {matchLabels: {maistra.io/expose-route: \"true\"}}, ingress: "
                "[{from: [{namespaceSelector: {matchLabels: "
                "{network.openshift.io/policy-group: ingress}}}]}]");
}

std::string member(const std::string& name, const std::string& mesh) {
  return ns(name, "maistra.io/member-of: " + mesh) + mesh_policies(name, mesh);
}

std::string net(const std::string& name, int netid) {
  return "---\napiVersion: network.openshift.io/v1\nkind: NetNamespace\nmetadata: {name: " + name +
         "}\nnetname: " + name + "\nnetid: " + std::to_string(netid) + "\n";
}

const std::string kRouter = ns("openshift-ingress", "network.openshift.io/policy-group: ingress");
const std::string kTwoMeshes = roll("mesh-a", "shop") + roll("mesh-b", "pay") +
                               ns("mesh-a", "maistra.io/member-of: mesh-a") +
                               ns("mesh-b", "maistra.io/member-of: mesh-b") + kRouter +
                               ns("tools", "") + member("shop", "mesh-a") + member("pay", "mesh-b");

NetworkOptions network(Dialect dialect, SdnMode mode = SdnMode::NetworkPolicy) {
  NetworkOptions options;
  options.dialect = dialect;
  if (dialect == Dialect::OpenShiftSdn) options.sdn = mode;
  return options;
}

std::vector<Verdict> verdicts(const std::string& yaml, const NetworkOptions& options,
                              const std::string& statement = "builtin:tenancy") {
  return verify(snapshot_from(yaml, options), {{}, {statement}});
}

/// `holds`, `violated`, `undecided` or `vacuous`, the first word of the finding.
std::string word(const Verdict& verdict) {
  if (std::holds_alternative<Holds>(verdict.finding)) return "holds";
  if (std::holds_alternative<Violated>(verdict.finding)) return "violated";
  if (std::holds_alternative<Undecided>(verdict.finding)) return "undecided";
  return "vacuous";
}

std::string first_word(const std::string& yaml, const NetworkOptions& options) {
  return word(verdicts(yaml, options).front());
}

const std::string kKubernetes = "kubernetes";
const std::string kSdn = "openshift-sdn";
const std::string kOvn = "ovn-kubernetes";

struct Row {
  std::string name;
  std::string more;  ///< beside kTwoMeshes
  std::string kubernetes;
  std::string sdn;
  std::string ovn;
};

const std::string kAnyone = "podSelector: {}, ingress: [{}]";

}  // namespace

TEST_CASE("tenancy of mesh-a, by what its members hold beside the operator's policies") {
  const std::string holds = "holds";
  const std::string violated = "violated";
  const auto row = GENERATE_COPY(values<Row>({
      {"T3: the operator's own policies keep everybody out", "", holds, holds, holds},
      {"T5: a policy that admits every namespace lets outsiders in",
       policy("shop", "open", "podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]"),
       violated, violated, violated},
      {"T2: a labelled project without policies is open",
       ns("cart", "maistra.io/member-of: mesh-a"), violated, violated, violated},
      {"T3: a label of another mesh does not help an outsider",
       policy("shop", "b",
              "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
              "{maistra.io/member-of: mesh-b}}}]}]"),
       violated, violated, violated},
      {"T4: exposed pods may be reached from more than the router's projects",
       policy("shop", "wide",
              "podSelector: {matchLabels: {maistra.io/expose-route: \"true\"}}, "
              "ingress: [{}]"),
       violated, violated, violated},
      {"T4: a policy for the router on pods that are not exposed",
       policy("shop", "router",
              "podSelector: {}, ingress: [{from: [{namespaceSelector: "
              "{matchLabels: {network.openshift.io/policy-group: ingress}}}]}]"),
       violated, violated, violated},
      {"SDN-P4: a policy for openshift-host-network opens to all that enters from outside",
       ns("openshift-host-network", "policy-group: host") +
           policy("shop", "hosts",
                  "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
                  "{kubernetes.io/metadata.name: openshift-host-network}}}]}]"),
       violated, violated, violated},
      {"SDN-P4: it is not taken for a project with the same labels",
       ns("openshift-host-network", "team: red") + ns("zoo", "team: red") +
           policy("shop", "team",
                  "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
                  "{team: red}}}]}]"),
       violated, violated, violated},
      {"T8: an ipBlock of all addresses",
       policy("shop", "ip", "podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]"),
       violated, violated, violated},
      {"T3: outside addresses are outsiders too",
       policy("shop", "ip",
              "podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]"),
       violated, violated, violated},
      {"T3: a policy that admits the own project only",
       policy("shop", "own", "podSelector: {}, ingress: [{from: [{podSelector: {}}]}]"), holds,
       holds, holds},
      {"T3: a policy that names a project which does not exist yet",
       policy("shop", "later",
              "podSelector: {}, ingress: [{from: [{namespaceSelector: "
              "{matchLabels: {kubernetes.io/metadata.name: tomorrow}}}]}]"),
       violated, violated, violated},
      {"T8: a named port opens something in the dialects that know names, or ignore them",
       policy("shop", "named", "podSelector: {}, ingress: [{ports: [{port: http}]}]"), violated,
       holds, violated},
      {"OVN-3: the ingress rules of an Egress policy open with ovn-kubernetes",
       policy("shop", "leak",
              "podSelector: {}, policyTypes: [Egress], ingress: [{}], egress: "
              "[{}]"),
       holds, holds, violated},
      {"SDN-P3: the label of the router on default admits outside addresses with openshift-sdn",
       ns("default", "network.openshift.io/policy-group: ingress"), holds, violated, holds},
      {"T5: an internal policy of the control plane in a member",
       policy("shop", "gateway", "podSelector: {matchLabels: {app: gateway}}, ingress: [{}]",
              "labels: {maistra.io/owner: mesh-a}, annotations: {maistra.io/internal: \"true\"}"),
       holds, holds, holds},
      {"T5: the annotation alone does not make a member's policy internal",
       policy("shop", "gateway", "podSelector: {matchLabels: {app: gateway}}, ingress: [{}]",
              "annotations: {maistra.io/internal: \"true\"}"),
       violated, violated, violated},
      {"T9: egress policies of today's projects do not bind tomorrow's",
       policy("tools", "shut", "podSelector: {}, policyTypes: [Egress], egress: []") +
           policy("shop", "notb",
                  "podSelector: {}, ingress: [{from: [{namespaceSelector: "
                  "{matchExpressions: [{key: team, operator: DoesNotExist}]}}]}]"),
       violated, violated, violated},
      {"T9: a named project that its own egress policy shuts in",
       policy("tools", "shut", "podSelector: {}, policyTypes: [Egress], egress: []") +
           policy("shop", "named",
                  "podSelector: {}, ingress: [{from: [{namespaceSelector: "
                  "{matchLabels: {kubernetes.io/metadata.name: tools}}}]}]"),
       holds, holds, holds},
      {"T10: an enforcing kind that is not modelled",
       "---\napiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: c, "
       "namespace: shop}\nspec: {}\n",
       "undecided", "undecided", "undecided"},
      {"T10: such a kind in an outsider's project opens nothing of the members",
       "---\napiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: c, "
       "namespace: tools}\nspec: {}\n",
       holds, holds, holds},
  }));
  DYNAMIC_SECTION(row.name) {
    CHECK(first_word(kTwoMeshes + row.more, network(Dialect::Kubernetes)) == row.kubernetes);
    CHECK(first_word(kTwoMeshes + row.more, network(Dialect::OpenShiftSdn)) == row.sdn);
    CHECK(first_word(kTwoMeshes + row.more, network(Dialect::OvnKubernetes)) == row.ovn);
  }
}

TEST_CASE("each mesh has a verdict of its own, and one mesh's hole is not the other's") {
  const auto found =
      verdicts(kTwoMeshes + policy("pay", "open", kAnyone), network(Dialect::Kubernetes));
  REQUIRE(found.size() == 2);
  CHECK(found[0].id == "builtin:tenancy");
  CHECK(found[0].statement ==
        "nobody outside mesh mesh-a reaches its members (shop), but for what is exposed on "
        "purpose");
  CHECK(word(found[0]) == "holds");
  CHECK(std::get<Holds>(found[0].finding).universe == Universe::Unbounded);
  CHECK(word(found[1]) == "violated");
}

TEST_CASE("T12: a counterexample is the smallest, ready to create, with the policy as its reason") {
  const std::string open = policy(
      "shop", "monitoring",
      "podSelector: {matchLabels: {app: web}}, ingress: [{from: [{namespaceSelector: "
      "{matchLabels: {team: red}}, podSelector: {matchLabels: {app: probe}}}], ports: [{port: "
      "9090}]}]");
  const auto found = verdicts(kTwoMeshes + open, network(Dialect::Kubernetes));
  const auto& violated = std::get<Violated>(found[0].finding);
  CHECK(violated.src == "outsider/intruder");
  CHECK(violated.dst == "shop/target");
  CHECK(violated.protocol == Protocol::Tcp);
  CHECK(violated.port == 9090);
  REQUIRE(violated.manifests.size() == 3);
  CHECK(violated.manifests[0].string_at({"kind"}) == "Namespace");
  CHECK(violated.manifests[0].string_at({"metadata", "labels", "team"}) == "red");
  CHECK(violated.manifests[0].find_path({"metadata", "labels"})->fields.size() == 1);
  CHECK(violated.manifests[1].string_at({"metadata", "namespace"}) == "outsider");
  CHECK(violated.manifests[1].string_at({"metadata", "labels", "app"}) == "probe");
  CHECK(violated.manifests[2].string_at({"metadata", "labels", "app"}) == "web");
  REQUIRE_FALSE(violated.reasons.empty());
  bool is_named = false;
  for (const Reason& reason : violated.reasons) {
    is_named = is_named || reason.policy == "NetworkPolicy shop/monitoring";
  }
  CHECK(is_named);
}

TEST_CASE("T12: an existing project is preferred to one that would have to be made") {
  const auto found =
      verdicts(kTwoMeshes + policy("shop", "open", kAnyone), network(Dialect::OvnKubernetes));
  const auto& violated = std::get<Violated>(found[0].finding);
  CHECK(violated.manifests.size() == 2);
  CHECK(violated.manifests[0].string_at({"metadata", "namespace"}) != "outsider");
}

TEST_CASE("T12: where one source is not confirmed another is tried") {
  // SDN-P15: whether a namespaceSelector means tools is not known, as it has no NetNamespace.
  const std::string nets = net("mesh-a", 11) + net("mesh-b", 12) + net("shop", 13) +
                           net("pay", 14) + net("openshift-ingress", 15) +
                           "---\napiVersion: network.openshift.io/v1\nkind: ClusterNetwork\n"
                           "metadata: {name: default}\nclusterNetworks: [{CIDR: 10.128.0.0/14, "
                           "hostSubnetLength: 9}]\nserviceNetwork: 172.30.0.0/16\n";
  const std::string tools =
      "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: tools}}}";
  const auto from = [](const std::string& peers) {
    return policy("shop", "p", "podSelector: {}, ingress: [{from: [" + peers + "]}]");
  };
  CHECK(first_word(kTwoMeshes + nets + from(tools), network(Dialect::OpenShiftSdn)) == "undecided");
  const auto found =
      verdicts(kTwoMeshes + nets + from(tools + ", {ipBlock: {cidr: 203.0.113.0/24}}"),
               network(Dialect::OpenShiftSdn));
  CHECK(std::get<Violated>(found.front().finding).src == "203.0.113.9");
  std::vector<std::string> asked;
  VerifyOptions options;
  options.evidence.question = [&](const AskedQuestion& one) { asked.push_back(one.smt2); };
  (void)check_tenancy(
      snapshot_from(kTwoMeshes + nets + from(tools), network(Dialect::OpenShiftSdn)), options);
  CHECK(std::ranges::any_of(asked, [](const std::string& smt2) {
    return smt2.find("other sources than 1 not confirmed") != std::string::npos;
  }));
}

TEST_CASE("T12: pods of the input are shown where they break the statement themselves") {
  const auto pod = [](const std::string& where, const std::string& name, const std::string& labels,
                      const std::string& address) {
    return "---\napiVersion: v1\nkind: Pod\nmetadata: {namespace: " + where + ", name: " + name +
           ", labels: {" + labels +
           "}}\nspec: {containers: [{name: main, ports: [{name: http, "
           "containerPort: 8443}]}]}\nstatus: {phase: Running, podIP: " +
           address + "}\n";
  };
  const std::string open =
      policy("shop", "http",
             "podSelector: {matchLabels: {app: web}}, ingress: [{from: [{namespaceSelector: {}, "
             "podSelector: {matchLabels: {app: probe}}}], ports: [{port: http}]}]");
  const std::string pods = pod("shop", "db", "app: db", "10.128.0.5") +
                           pod("shop", "web", "app: web", "10.128.0.6") +
                           pod("tools", "other", "app: other", "10.128.0.7");
  const auto options = network(Dialect::Kubernetes);
  const auto target_only = verdicts(kTwoMeshes + open + pods, options);
  const auto& first = std::get<Violated>(target_only[0].finding);
  CHECK(first.dst == "shop/web");
  CHECK(first.port == 8443);
  CHECK(first.manifests.size() == 1);
  const auto both = verdicts(
      kTwoMeshes + open + pods + pod("tools", "probe", "app: probe", "10.128.0.8"), options);
  const auto& second = std::get<Violated>(both[0].finding);
  CHECK(second.src == "tools/probe");
  CHECK(second.dst == "shop/web");
  CHECK(second.manifests.empty());
}

TEST_CASE("SDN-P7: the next holder of a completed pod's address inherits what it was allowed") {
  const std::string done =
      "---\napiVersion: v1\nkind: Pod\nmetadata: {name: job, namespace: shop, labels: {app: job}}\n"
      "spec: {containers: [{name: main}]}\nstatus: {phase: Succeeded, podIP: 10.128.0.77}\n";
  const std::string jobs =
      policy("shop", "jobs",
             "podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: job}}}]}]");
  CHECK(first_word(kTwoMeshes + jobs, network(Dialect::OpenShiftSdn)) == "holds");
  CHECK(first_word(kTwoMeshes + jobs + done, network(Dialect::OpenShiftSdn)) == "violated");
  CHECK(first_word(kTwoMeshes + jobs + done, network(Dialect::OvnKubernetes)) == "holds");
}

TEST_CASE("T1: without a mesh, or a member, the statement says nothing") {
  const auto none = verdicts(ns("tools", ""), network(Dialect::Kubernetes));
  REQUIRE(none.size() == 1);
  CHECK(std::get<Vacuous>(none[0].finding).reason ==
        "there is no mesh: no control plane, no member roll and no project labelled "
        "maistra.io/member-of");
  const auto empty = verdicts(roll("mesh-a", "") + ns("mesh-a", ""), network(Dialect::Kubernetes));
  REQUIRE(empty.size() == 1);
  CHECK(std::get<Vacuous>(empty[0].finding).reason == "mesh mesh-a has no member project");
}

TEST_CASE("T2: a project on the roll without the label counts, unless it is another mesh's") {
  const std::string base = roll("mesh-a", "shop, pay, gone") + ns("mesh-a", "");
  const auto options = network(Dialect::Kubernetes);
  CHECK(first_word(base + ns("shop", ""), options) == "violated");
  CHECK(first_word(base + ns("shop", "") + mesh_policies("shop", "mesh-a"), options) == "holds");
  CHECK(first_word(base + ns("pay", "maistra.io/member-of: mesh-b"), options) == "vacuous");
}

TEST_CASE("T2: the control plane has a statement of its own") {
  const auto options = network(Dialect::Kubernetes);
  const std::string istiod = policy("mesh-a", "istio-istiod-basic",
                                    "podSelector: {matchLabels: {app: istiod}}, ingress: [{}]",
                                    "annotations: {maistra.io/internal: \"true\"}");
  const std::string closed = kTwoMeshes + mesh_policies("mesh-a", "mesh-a") + istiod;
  CHECK(word(verdicts(kTwoMeshes, options, "builtin:control-plane")[0]) == "violated");
  CHECK(word(verdicts(closed, options, "builtin:control-plane")[0]) == "holds");
  const std::string users = policy("mesh-a", "mine", "podSelector: {}, ingress: [{}]");
  CHECK(word(verdicts(closed + users, options, "builtin:control-plane")[0]) == "violated");
}

TEST_CASE("T11: in mode multitenant the NetIDs decide") {
  const std::string base = roll("mesh-a", "shop") + ns("mesh-a", "maistra.io/member-of: mesh-a") +
                           ns("shop", "maistra.io/member-of: mesh-a") + ns("tools", "") +
                           ns("default", "") + net("mesh-a", 11) + net("default", 0);
  struct NetRow {
    std::string name;
    std::string more;
    std::string word;
  };
  const auto row = GENERATE_COPY(values<NetRow>({
      {"a network of its own", net("shop", 11) + net("tools", 12), "holds"},
      {"an outsider joined to the mesh", net("shop", 11) + net("tools", 11), "violated"},
      {"a member that is global", net("shop", 0) + net("tools", 12), "violated"},
      {"an outsider that somebody made global", net("shop", 11) + net("tools", 0), "violated"},
      {"a member without NetNamespace", net("tools", 12), "undecided"},
      {"what the platform makes global is exempt",
       net("shop", 11) + net("tools", 12) + ns("openshift-dns", "") + net("openshift-dns", 0),
       "holds"},
  }));
  DYNAMIC_SECTION(row.name) {
    const auto options = network(Dialect::OpenShiftSdn, SdnMode::Multitenant);
    const auto found = verdicts(base + row.more, options);
    REQUIRE(found.size() == 1);
    CHECK(word(found[0]) == row.word);
    if (row.word == "holds") {
      CHECK(std::get<Holds>(found[0].finding).scope.find("without the solver") !=
            std::string::npos);
    }
  }
}

TEST_CASE("T11: in mode subnet nothing keeps anybody out") {
  const auto found = verdicts(kTwoMeshes, network(Dialect::OpenShiftSdn, SdnMode::Subnet));
  REQUIRE(found.size() == 2);
  CHECK(word(found[0]) == "violated");
  CHECK_FALSE(std::get<Violated>(found[0].finding).manifests.empty());
}

TEST_CASE("T10: projects that share a NetID in mode networkpolicy are undecided") {
  const std::string nets =
      net("mesh-a", 11) + net("shop", 11) + net("mesh-b", 13) + net("pay", 14) + net("tools", 15);
  CHECK(first_word(kTwoMeshes + nets, network(Dialect::OpenShiftSdn)) == "undecided");
  const auto global = verdicts(kTwoMeshes + net("shop", 0), network(Dialect::OpenShiftSdn));
  CHECK(std::get<Undecided>(global[0].finding).reason ==
        "namespaces shop and default share NetID 0; in mode networkpolicy the SDN does not define "
        "what then holds");
}

}  // namespace meshproof
