#include "scenarios/assertions.h"

#include <catch2/catch.hpp>

#include "tests/scenarios/told.h"

using namespace meshproof;

namespace {

using Lines = std::vector<std::string>;

struct Reading {
  Result<Assertions> assertions;
  Lines told;
};

const std::string kHead = "apiVersion: meshproof.io/v1\nkind: Assertions\n";

Reading read(const std::string& text) {
  const TemporaryFolder folder;
  Sources sources;
  Diagnostics warnings;
  auto assertions =
      read_assertions({folder.write("a.yaml", text), "builtin:tenancy"}, sources, warnings);
  Diagnostics all = assertions ? Diagnostics{} : assertions.error();
  all.insert(all.end(), warnings.begin(), warnings.end());
  Lines told = lines_of(all, sources);
  for (auto& line : told) line = without(line, folder.path() + '/');
  return {std::move(assertions), std::move(told)};
}

}  // namespace

TEST_CASE("assertions speak of named and inline groups") {
  const Reading reading = read(kHead + R"(groups:
  prod-mesh:  {namespaces: {memberOf: istio-system}}
  gateways:   {pods: {matchLabels: {maistra.io/expose-route: "true"}}}
  outsiders:  {namespaces: {notMemberOf: istio-system}, universe: unbounded}
  internet:   {cidr: [0.0.0.0/0, "::/0"], except: [cluster, 10.0.0.0/8], allowEmpty: true}
assertions:
  - {id: ISO-1, must: deny, from: outsiders, to: prod-mesh, except: {to: gateways}, severity: critical}
  - {id: ISO-2, must: isolate, between: [{mesh: mesh-a}, {mesh: mesh-b}]}
  - {id: REACH-1, must: allow, from: {ns: shop}, to: {ns: pay, app: api}, ports: [tcp/8443, UDP/53, icmp], severity: note}
  - {id: EXPO-1, must: deny, from: internet, to: {ns: [a, b]}, ports: any}
)");
  CHECK(reading.told.empty());
  REQUIRE(reading.assertions);
  CHECK(reading.assertions->builtins == std::vector<std::string>{"builtin:tenancy"});
  const auto& all = reading.assertions->assertions;
  REQUIRE(all.size() == 4);
  CHECK(all[0].from.name == "outsiders");
  CHECK(all[0].from.not_member_of == "istio-system");
  CHECK(all[0].from.unbounded);
  CHECK(all[0].to.member_of == "istio-system");
  REQUIRE(all[0].except_to);
  CHECK(all[0].except_to->pod_selector->terms.at(0).values.at(0) == "true");
  CHECK_FALSE(all[0].except_from);
  CHECK(all[0].severity == Severity::Error);
  CHECK(all[0].place.line == 9);
  CHECK(all[1].kind == AssertionKind::Isolate);
  REQUIRE(all[1].between.size() == 2);
  CHECK(all[1].between[1].mesh == "mesh-b");
  CHECK(all[1].between[1].name == "mesh: mesh-b");
  CHECK(all[2].severity == Severity::Note);
  CHECK(all[2].to.namespace_names == std::vector<std::string>{"pay"});
  CHECK(all[2].to.pod_selector->terms.at(0).key == "app");
  CHECK(all[2].ports.contains(Protocol::Tcp, 8443));
  CHECK(all[2].ports.contains(Protocol::Udp, 53));
  CHECK(all[2].ports.contains(Protocol::Icmp, 0));
  CHECK_FALSE(all[2].ports.contains(Protocol::Tcp, 8442));
  CHECK(all[3].from.cidrs.size() == 2);
  CHECK(all[3].from.except_cluster);
  CHECK(all[3].from.except_cidrs.size() == 1);
  CHECK(all[3].from.allow_empty);
  CHECK(all[3].ports.is_all());
  CHECK(all[3].to.namespace_names.size() == 2);
}

TEST_CASE("selectors of groups have all four operators") {
  const Reading reading = read(kHead + R"(assertions:
  - id: A
    must: deny
    from: {namespaces: {matchExpressions: [{key: env, operator: NotIn, values: [prod]}], names: [a]}}
    to: {pods: {matchExpressions: [{key: x, operator: Exists}, {key: "y", operator: DoesNotExist}]}}
    ports: [tcp/8000-8100]
)");
  CHECK(reading.told.empty());
  REQUIRE(reading.assertions);
  const Assertion& assertion = reading.assertions->assertions.at(0);
  CHECK(assertion.from.namespace_selector->terms.at(0).op == "NotIn");
  CHECK(assertion.from.namespace_names.at(0) == "a");
  CHECK(assertion.to.pod_selector->terms.size() == 2);
  CHECK(assertion.ports.contains(Protocol::Tcp, 8100));
}

TEST_CASE("every mistake in assertions is told") {
  const auto one = [](const std::string& fields) {
    return kHead + "assertions:\n- {" + fields + "}\n";
  };
  const std::string flow = "id: A, must: deny, from: {ns: a}, to: {ns: b}";
  struct Row {
    std::string text;
    Lines told;
  };
  const auto row = GENERATE_COPY(values<Row>({
      {one("must: deny, from: {ns: a}, to: {ns: b}"),
       {"a.yaml:4:3: error[missing-field]: id is missing"}},
      {one("id: A, must: denny"),
       {"a.yaml:4:17: error[unknown-assertion]: there is no assertion \"denny\"; did you mean "
        "deny?"}},
      {one("id: A, must: nothing"),
       {"a.yaml:4:17: error[unknown-assertion]: there is no assertion \"nothing\"; there are deny, "
        "allow, isolate, only-via, unchanged, no-orphans, no-privilege, no-shadowed-rules"}},
      {one("id: A, must: only-via, from: {ns: a}, to: {ns: b}"),
       {"a.yaml:4:3: error[missing-field]: via is missing"}},
      {one("id: A, must: only-via, from: {ns: a}, to: {ns: b}, via: {ns: c}, except: {to: {ns: "
           "d}}"),
       {"a.yaml:4:69: error[unknown-field]: there is no field \"except\" here"}},
      {one("id: A, must: isolate, between: [{ns: a}, {ns: b}], transitive: 0"),
       {"a.yaml:4:67: error[bad-hops]: transitive is the number of hops, from 1 to 100, not 0"}},
      {one("id: A, must: unchanged, except: [{touchng: {ns: a}}]"),
       {"a.yaml:4:37: error[missing-field]: touching is missing",
        "a.yaml:4:38: error[unknown-field]: there is no field \"touchng\" here; did you mean "
        "touching?"}},
      {one("id: A, must: unchanged, when: [before, after]"),
       {"a.yaml:4:34: error[bad-when]: unchanged compares with the state before, so it is about "
        "every-step or after"}},
      {one("id: A, must: no-orphans, kinds: [RoleBindng, cert-manager.io/Issuer, Wombat]"),
       {"a.yaml:4:37: error[unknown-kind]: \"RoleBindng\" is no kind that has a bare name; did you "
        "mean RoleBinding?",
        "a.yaml:4:73: error[unknown-kind]: \"Wombat\" is no kind that has a bare name; write "
        "GROUP/Kind"}},
      {one("id: A, must: no-privilege, capabilities: [CAP_NET_ADMIN, NET_ROW, FLY]"),
       {"a.yaml:4:46: error[unknown-capability]: there is no capability \"CAP_NET_ADMIN\"; did you "
        "mean NET_ADMIN?",
        "a.yaml:4:61: error[unknown-capability]: there is no capability \"NET_ROW\"; did you mean "
        "NET_RAW?",
        "a.yaml:4:70: error[unknown-capability]: there is no capability \"FLY\""}},
      {one("id: A, must: no-privilege, hostNetwork: true"),
       {"a.yaml:4:3: error[missing-field]: this forbids nothing: no-privilege needs capabilities, "
        "or hostNetwork: false"}},
      {one("id: A, must: no-shadowed-rules, in: shp") + "groups: {shop: {ns: shop}}\n",
       {"a.yaml:4:40: error[unknown-group]: there is no group \"shp\"; did you mean shop?"}},
      {one("id: A, must: isolate, between: [{ns: a}]"),
       {"a.yaml:4:35: error[missing-field]: isolate needs between, a list of at least two groups"}},
      {one("id: A, must: deny, from: nobody"),
       {"a.yaml:4:3: error[missing-field]: to is missing",
        "a.yaml:4:29: error[unknown-group]: there is no group \"nobody\""}},
      {one(flow + ", port: [tcp]"),
       {"a.yaml:4:51: error[unknown-field]: there is no field \"port\" here; did you mean ports?"}},
      {one(flow + ", ports: [tcp/0]"),
       {"a.yaml:4:59: error[bad-port]: \"tcp/0\" is no port: write any, tcp, tcp/8443, "
        "udp/8000-8100 or icmp"}},
      {one(flow + ", ports: [tpc/80, tcp/80-70, icmp/8]"),
       {"a.yaml:4:59: error[bad-port]: \"tpc/80\" is no port: write any, tcp, tcp/8443, "
        "udp/8000-8100 or icmp; did you mean tcp?",
        "a.yaml:4:67: error[bad-port]: \"tcp/80-70\" is no port: write any, tcp, tcp/8443, "
        "udp/8000-8100 or icmp",
        "a.yaml:4:78: error[bad-port]: \"icmp/8\" is no port: write any, tcp, tcp/8443, "
        "udp/8000-8100 or icmp"}},
      {one(flow + ", ports: []"),
       {"a.yaml:4:58: error[bad-port]: no port at all says nothing: write any, or leave ports "
        "out"}},
      {one(flow + ", severity: fatal"),
       {"a.yaml:4:61: error[unknown-severity]: severity is critical, error, warning or note, not "
        "\"fatal\""}},
      {one(flow + ", when: [before, evry-step]"),
       {"a.yaml:4:66: error[unknown-when]: when is before, every-step or after, not \"evry-step\"; "
        "did you mean every-step?"}},
      {one(flow + ", when: never"),
       {"a.yaml:4:57: error[unknown-when]: when is before, every-step or after, not \"never\""}},
      {one("id: A, must: deny, from: {namespace: a}, to: {ns: b}"),
       {"a.yaml:4:30: error[unknown-field]: there is no field \"namespace\" here; did you mean "
        "namespaces? a pod label of that name goes to pods.matchLabels"}},
      {one("id: A, must: deny, from: {ns: a, app: 5}, to: {ns: b}"),
       {"a.yaml:4:42: error[wrong-type]: the label app must be a string, not the number `5`: quote "
        "it"}},
      {one("id: A, must: deny, from: {ns: a, except: [cluster]}, to: {ns: b}"),
       {"a.yaml:4:46: error[except-without-cidr]: except takes addresses out of cidr, and this "
        "group "
        "has none"}},
      {one("id: A, must: deny, from: {ns: a, universe: all}, to: {ns: b}"),
       {"a.yaml:4:47: error[unknown-universe]: universe is enumerated or unbounded, not \"all\""}},
      {one("id: A, must: deny, from: {pods: {matchExpressions: [{key: k, operator: in}]}}, to: "
           "{ns: "
           "b}"),
       {"a.yaml:4:75: error[unknown-operator]: there is no operator \"in\"; did you mean In?"}},
      {one("id: A, must: deny, from: {pods: {matchExpressions: [{key: k, operator: In}]}}, to: "
           "{ns: "
           "b}"),
       {"a.yaml:4:56: error[bad-values]: In needs values"}},
      {one("id: A, must: deny, from: {pods: {matchExpressions: [{key: k, operator: Exists, values: "
           "[x]}]}}, to: {ns: b}"),
       {"a.yaml:4:56: error[bad-values]: Exists takes no values"}},
      {one(flow) + "- {" + flow + "}\n",
       {"a.yaml:5:8: error[duplicate-id]: the id A stands twice (a.yaml:4:8: first here)"}},
      {kHead, {"a.yaml:1:1: error[no-assertions]: there is no assertion in this document"}},
      {"", {"a.yaml: error[no-assertions]: there is no assertion in this file"}},
      {"apiVersion: v1\nkind: Pod\n",
       {"a.yaml:1:1: error[not-assertions]: an assertion file has kind Assertions and apiVersion "
        "meshproof.io/v1, not \"Pod\" and \"v1\""}},
  }));
  CAPTURE(row.text);
  CHECK(read(row.text).told == row.told);
}

TEST_CASE("every kind of assertion is read, with groups that are defined below it") {
  const Reading reading = read(kHead + R"(assertions:
  - {id: ISO-2, must: isolate, between: [gateways, {mesh: mesh-b}], transitive: 2, when: [after, before, after]}
  - {id: VIA, must: only-via, from: internet, to: {ns: pay}, via: gateways, ports: tcp}
  - {id: DIFF, must: unchanged, except: [{touching: gateways}, {touching: {ns: [new]}}], ports: [udp/53]}
  - {id: RBAC, must: no-orphans, kinds: [RoleBinding, k8s.cni.cncf.io/NetworkAttachmentDefinition], label: maistra.io/member-of}
  - {id: PRIV, must: no-privilege, in: gateways, capabilities: [NET_ADMIN, NET_RAW], hostNetwork: false, allowInit: [istio-init]}
  - {id: HOST, must: no-privilege, capabilities: [ALL], hostNetwork: true}
  - {id: HYG, must: no-shadowed-rules, description: nothing twice}
groups:
  gateways: {ns: shop, app: gateway}
  internet: {cidr: 0.0.0.0/0, except: cluster}
)");
  CHECK(reading.told.empty());
  REQUIRE(reading.assertions);
  const auto& all = reading.assertions->assertions;
  REQUIRE(all.size() == 7);
  CHECK(all[0].hops == 2);
  CHECK(all[0].between.at(0).name == "gateways");
  CHECK(all[0].when == std::vector<Moment>{Moment::Before, Moment::After});
  CHECK(all[1].kind == AssertionKind::OnlyVia);
  CHECK(all[1].via.pod_selector->terms.at(0).values.at(0) == "gateway");
  CHECK(all[1].from.except_cluster);
  CHECK(all[1].ports.contains(Protocol::Tcp, 1));
  CHECK_FALSE(all[1].ports.contains(Protocol::Udp, 1));
  CHECK(all[1].when == std::vector<Moment>{Moment::After});
  CHECK(all[2].kind == AssertionKind::Unchanged);
  REQUIRE(all[2].touching.size() == 2);
  CHECK(all[2].touching[1].namespace_names == std::vector<std::string>{"new"});
  CHECK(all[2].touching[1].name_places.at("new").line == 6);
  CHECK(all[2].ports.contains(Protocol::Udp, 53));
  CHECK(all[3].kind == AssertionKind::NoOrphans);
  CHECK(all[3].object_kinds.size() == 2);
  CHECK(all[3].label == "maistra.io/member-of");
  CHECK(all[4].kind == AssertionKind::NoPrivilege);
  CHECK(all[4].capabilities == std::vector<std::string>{"NET_ADMIN", "NET_RAW"});
  CHECK_FALSE(all[4].allows_host_network);
  CHECK(all[4].allowed_init == std::vector<std::string>{"istio-init"});
  REQUIRE(all[4].in);
  CHECK(all[4].in->name == "gateways");
  CHECK(all[5].allows_host_network);
  CHECK_FALSE(all[5].in);
  CHECK(all[6].kind == AssertionKind::NoShadowedRules);
  CHECK(all[6].description == "nothing twice");
}

TEST_CASE("groups of one document are not seen by another") {
  const std::string flow = "assertions: [{id: A, must: deny, from: shop, to: {ns: b}}]\n";
  CHECK(
      read(kHead + flow + "---\n" + kHead + "groups: {shop: {ns: shop}}\nassertions: []\n").told ==
      Lines{"a.yaml:3:40: error[unknown-group]: there is no group \"shop\""});
}

TEST_CASE("assertions that contradict each other for certain are told with both places") {
  const auto two = [](const std::string& denied, const std::string& allowed) {
    return kHead + "assertions:\n- {id: N-1, " + denied + "}\n- {id: Y-1, must: allow, " + allowed +
           "}\n";
  };
  const Lines contradiction{
      "a.yaml:5:3: error[contradicting-assertions]: Y-1 allows what N-1 denies "
      "(a.yaml:4:3: denied here)"};
  const std::string deny = "must: deny, from: {ns: a}, to: {ns: b, app: api}";
  CHECK(read(two(deny, "from: {ns: a}, to: {ns: b}")).told == contradiction);
  CHECK(read(two(deny, "from: {ns: a, app: x}, to: {ns: [b, c]}, ports: tcp/80")).told ==
        contradiction);
  CHECK(read(two("must: isolate, between: [{ns: b}, {mesh: m}, {ns: a}], ports: [tcp/80-90]",
                 "from: {ns: a}, to: {ns: b}, ports: tcp/90-99"))
            .told == contradiction);
  CHECK(
      read(two("must: deny, from: {namespaces: {notMemberOf: m}, universe: unbounded}, to: {ns: b}",
               "from: {namespaces: {notMemberOf: m}, ns: a}, to: {ns: b}"))
          .told == contradiction);

  CHECK(read(two(deny, "from: {ns: c}, to: {ns: b}")).told.empty());
  CHECK(read(two(deny + ", ports: tcp/80", "from: {ns: a}, to: {ns: b}, ports: tcp/81"))
            .told.empty());
  CHECK(read(two(deny + ", when: before", "from: {ns: a}, to: {ns: b}")).told.empty());
  CHECK(read(two(deny + ", except: {from: {app: x}}", "from: {ns: a}, to: {ns: b}")).told.empty());
  CHECK(read(two("must: deny, from: {ns: a, allowEmpty: true}, to: {ns: b}",
                 "from: {ns: a}, to: {ns: b}"))
            .told.empty());
  // Whether project b is a member is a matter of the cluster.
  CHECK(read(two("must: deny, from: {ns: a}, to: {namespaces: {memberOf: m}}",
                 "from: {ns: a}, to: {ns: b}"))
            .told.empty());
  CHECK(read(two("must: deny, from: {cidr: 10.0.0.0/8}, to: {ns: b}",
                 "from: {cidr: 10.0.0.0/9}, to: {ns: b}"))
            .told.empty());
}
