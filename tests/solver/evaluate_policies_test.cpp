#include "tests/solver/evaluate_case.h"

namespace meshproof {
namespace {

constexpr Access kYes = Access::Allowed;
constexpr Access kNo = Access::Denied;

std::string on_web(std::string_view ingress) {
  return policy("a", "p",
                "podSelector: {matchLabels: {app: web}}, ingress: " + std::string(ingress));
}

std::string from(std::string_view peer) { return on_web("[{from: [" + std::string(peer) + "]}]"); }

std::string ports(std::string_view entries) {
  return on_web("[{ports: [" + std::string(entries) + "]}]");
}

std::string selecting(std::string_view selector) {
  return policy("a", "p", "podSelector: " + std::string(selector));
}

const Question kEnter{"b/client", "a/web"};

TEST_CASE("every rule of the specification decides as written, in every dialect") {
  const auto row = GENERATE(values<EvaluateRow>({
      {"P1: nothing isolates", {}, "", kEnter, kYes, "P1"},
      {"P1: a policy without rules isolates", {}, selecting("{}"), kEnter, kNo, "P1"},
      {"P1: pods that no policy selects stay open",
       {},
       selecting("{matchLabels: {app: db}}"),
       kEnter,
       kYes,
       "P1"},
      {"L1: NotIn holds for a missing key",
       {},
       selecting("{matchExpressions: [{key: none, operator: NotIn, values: [v]}]}"),
       kEnter,
       kNo,
       "P1"},
      {"L1: DoesNotExist holds for a missing key",
       {},
       selecting("{matchExpressions: [{key: none, operator: DoesNotExist}]}"),
       kEnter,
       kNo,
       "P1"},
      {"L1: In needs the key",
       {},
       selecting("{matchExpressions: [{key: none, operator: In, values: [v]}]}"),
       kEnter,
       kYes,
       "P1"},
      {"L1: Exists needs the key",
       {},
       selecting("{matchExpressions: [{key: none, operator: Exists}]}"),
       kEnter,
       kYes,
       "P1"},
      {"L2: an empty value needs the key",
       {},
       selecting("{matchLabels: {none: \"\"}}"),
       kEnter,
       kYes,
       "P1"},
      {"L2: an empty value matches an empty value",
       {},
       selecting("{matchLabels: {tier: \"\"}}"),
       kEnter,
       kNo,
       "P1"},
      {"L3: metadata.name is a label of every namespace",
       {},
       from("{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: b}}}"),
       kEnter,
       kYes,
       "P6"},
      {"P2: policyTypes [Egress] leaves the ingress section inert and ingress open",
       {},
       policy("a", "p", "podSelector: {}, policyTypes: [Egress], ingress: []"),
       kEnter,
       kYes,
       "P1"},
      {"P2: egress: [] alone does not isolate egress",
       {},
       policy("b", "p", "podSelector: {}, egress: []"),
       kEnter,
       kYes,
       "P1"},
      {"P2: an egress rule isolates egress too",
       {},
       policy("b", "p", "podSelector: {}, egress: [{to: [{podSelector: {}}]}]"),
       kEnter,
       kNo,
       "P1"},
      {"F2: egress of the source must allow as well",
       {},
       policy("b", "p", "podSelector: {}, policyTypes: [Egress]") + on_web("[{}]"),
       kEnter,
       kNo,
       "P1"},
      {"P3: a policy that admits nothing takes nothing away",
       {},
       policy("a", "deny", "podSelector: {}") + on_web("[{}]"),
       kEnter,
       kYes,
       "P5"},
      {"P5: a rule without peers admits everybody", {}, on_web("[{}]"), kEnter, kYes, "P5"},
      {"P5: from: [] admits everybody",
       {},
       on_web("[{from: []}]"),
       {"203.0.113.9", "a/web"},
       kYes,
       "P5"},
      {"P5: ingress: [] admits nobody", {}, on_web("[]"), kEnter, kNo, "P1"},
      {"P6: both selectors of one peer must match",
       {},
       from("{namespaceSelector: {matchLabels: {team: \"y\"}}, podSelector: {matchLabels: {app: "
            "other}}}"),
       kEnter,
       kNo,
       "P1"},
      {"P6: two entries are alternatives",
       {},
       from("{namespaceSelector: {matchLabels: {team: \"y\"}}}, {podSelector: {matchLabels: {app: "
            "other}}}"),
       kEnter,
       kYes,
       "P6"},
      {"P7: a podSelector alone means the own namespace",
       {},
       from("{podSelector: {}}"),
       kEnter,
       kNo,
       "P1"},
      {"P7: podSelector {} admits the own namespace",
       {},
       from("{podSelector: {}}"),
       {"a/db", "a/web"},
       kYes,
       "P7"},
      {"P8: an ipBlock matches pods",
       {},
       from("{ipBlock: {cidr: 10.128.2.0/23}}"),
       kEnter,
       kYes,
       "P8"},
      {"P8: except cuts out",
       {},
       from("{ipBlock: {cidr: 10.128.2.0/23, except: [10.128.2.12/32]}}"),
       kEnter,
       kNo,
       "P1"},
      {"P8: an ipBlock matches outside",
       {},
       from("{ipBlock: {cidr: 203.0.113.0/24}}"),
       {"203.0.113.9", "a/web"},
       kYes,
       "P8"},
      {"P9: an unknown address in a part of the pod network is not decided",
       {},
       from("{ipBlock: {cidr: 10.128.2.0/23}}"),
       {"b/Deployment/next", "a/web"},
       Access::Unknown,
       "P9"},
      {"P9: an unknown address in a block of everything is decided",
       {},
       from("{ipBlock: {cidr: 10.0.0.0/8}}"),
       {"b/Deployment/next", "a/web"},
       kYes,
       "P9"},
      {"P9: an unknown address is in no block off the pod network",
       {},
       from("{ipBlock: {cidr: 203.0.113.0/24}}"),
       {"b/Deployment/next", "a/web"},
       kNo,
       "P1"},
      {"P10: an entry admits its port", {}, ports("{port: 8080}"), kEnter, kYes, "P5"},
      {"P10: and no other", {}, ports("{port: 8081}"), kEnter, kNo, "P1"},
      {"P10: the protocol defaults to TCP",
       {},
       ports("{port: 8080}"),
       {"b/client", "a/web", Protocol::Udp},
       kNo,
       "P1"},
      {"P10: an entry without port means all of its protocol",
       {},
       ports("{protocol: UDP}"),
       {"b/client", "a/web", Protocol::Udp},
       kYes,
       "P5"},
      {"P10: endPort is inclusive", {}, ports("{port: 8000, endPort: 8080}"), kEnter, kYes, "P5"},
      {"P10: what lies above endPort is closed",
       {},
       ports("{port: 8000, endPort: 8079}"),
       kEnter,
       kNo,
       "P1"},
      {"P12: a rule with ports does not match ICMP",
       {},
       ports("{port: 8080}"),
       {"b/client", "a/web", Protocol::Icmp, 0},
       kNo,
       "P1"},
      {"P12: a rule without ports matches ICMP",
       {},
       on_web("[{}]"),
       {"b/client", "a/web", Protocol::Icmp, 0},
       kYes,
       "P5"},
      {"F3: a pod reaches itself whatever the policies",
       {},
       selecting("{}"),
       {"a/web", "a/web"},
       kYes,
       "F3"},
      {"F4: a completed pod does not send", {}, "", {"b/done", "a/web"}, kNo, "F4"},
      {"F4: a completed pod does not receive", {}, "", {"a/web", "b/done"}, kNo, "F4"},
      {"F4: a pending pod without address does not send",
       {},
       "",
       {"b/waiting", "a/web"},
       kNo,
       "F4"},
      {"F5: the address of a pod is the pod",
       {},
       from("{namespaceSelector: {matchLabels: {team: \"y\"}}}"),
       {"10.128.2.12", "a/web"},
       kYes,
       "P6"},
      {"F6: the address of a completed pod is nobody's",
       {},
       "",
       {"10.128.2.20", "a/web"},
       kNo,
       "F6"},
      {"F6: an unused service address is nobody's", {}, "", {"a/web", "172.30.9.9"}, kNo, "F6"},
      {"F7: host to host is not judged", {}, "", {"h/host-a", "h/host-b"}, kYes, "F7"},
      {"H1: no policy protects a hostNetwork pod",
       {},
       policy("h", "p", "podSelector: {}"),
       {"b/client", "h/host-a"},
       kYes,
       "P1"},
  }));
  const Dialect dialect = GENERATE(kKubernetes, kSdn, kOvn);
  DYNAMIC_SECTION(row.name << ", " << to_string(dialect)) {
    EvaluateRow in_this = row;
    in_this.dialect = dialect;
    check_row(in_this);
  }
}

TEST_CASE("a refusal lists the isolating policies, a permission the rule, peer and port") {
  const Cluster refused = common_cluster(selecting("{}"), in_dialect(kSdn));
  const Decision no = ask(refused, kEnter);
  REQUIRE(no.reasons.size() == 1);
  CHECK(no.reasons[0].policy == "NetworkPolicy a/p");
  CHECK(no.reasons[0].place.line > 0);
  CHECK(no.reasons[0].text ==
        "NetworkPolicy a/p isolates a/web for ingress and no rule of the 1 policy that selects it "
        "admits b/client on TCP 8080");

  const std::string spec =
      "podSelector: {}, ingress: [{from: [{podSelector: {}}]}, {from: [{podSelector: {}}, "
      "{namespaceSelector: {matchLabels: {team: \"y\"}}}], ports: [{port: 80}, {port: 8080}]}]";
  const Cluster admitted = common_cluster(policy("a", "p", spec), in_dialect(kSdn));
  const Decision yes = ask(admitted, kEnter);
  REQUIRE(yes.reasons.size() == 2);
  CHECK(yes.reasons[0].text == "no NetworkPolicy isolates b/client for egress");
  CHECK(yes.reasons[1].text == "NetworkPolicy a/p admits b/client to a/web on TCP 8080");
  CHECK(yes.reasons[1].rule == 1);
  CHECK(yes.reasons[1].peer == 1);
  CHECK(yes.reasons[1].port == 1);
}

TEST_CASE("P8: networks whose ipBlocks match no pods can be described") {
  NetworkOptions options = in_dialect(kKubernetes);
  options.ip_block_matches_pods = false;
  const Cluster cluster = common_cluster(from("{ipBlock: {cidr: 0.0.0.0/0}}"), options);
  CHECK(ask(cluster, kEnter).access == kNo);
  CHECK(ask(cluster, {"203.0.113.9", "a/web"}).access == kYes);
}

}  // namespace
}  // namespace meshproof
