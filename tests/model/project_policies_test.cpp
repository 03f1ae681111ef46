#include <catch2/catch.hpp>

#include "tests/model/projected.h"

namespace meshproof {
namespace {

using Lines = std::vector<std::string>;

/// A policy whose spec begins in line 5, indented by two.
std::string policy_yaml(const std::string& spec) {
  return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
         "metadata: {name: p, namespace: shop}\nspec:\n" +
         spec;
}

std::string print(const PolicyPeer& peer, const SymbolTable& symbols) {
  if (peer.block) {
    std::string text = peer.block->cidr.to_string();
    for (const auto& except : peer.block->except) text += '-' + except.to_string();
    return text;
  }
  std::string text;
  if (peer.namespaces) text += "ns:" + to_string(*peer.namespaces, symbols);
  if (peer.namespaces && peer.pods) text += '+';
  if (peer.pods) text += "pods:" + to_string(*peer.pods, symbols);
  return text;
}

std::string print(const PolicyPort& port) {
  std::string text{to_string(port.protocol)};
  if (port.range) {
    text += ' ' + std::to_string(port.range->from);
    if (port.range->to != port.range->from) text += '-' + std::to_string(port.range->to);
  }
  return port.name.empty() ? text : text + ' ' + port.name;
}

/// `pods | ingress [peer peer: port port] | egress` with `open` for directions without isolation.
std::string print(const NetworkPolicy& policy, const SymbolTable& symbols) {
  std::string text = to_string(policy.pods, symbols);
  for (const auto direction : {Direction::Ingress, Direction::Egress}) {
    text += policy.isolates(direction) ? " |" : " | open";
    for (const auto& rule : policy.rules(direction)) {
      text += " [";
      for (const auto& peer : rule.peers) text += print(peer, symbols) + ' ';
      text += ':';
      for (const auto& port : rule.ports) text += ' ' + print(port);
      text += ']';
    }
  }
  return text;
}

TEST_CASE("a policy is read as the API server defaults it") {
  struct Row {
    const char* name;
    const char* spec;
    const char* printed;
  };
  const auto row = GENERATE(values<Row>({
      {"an empty spec isolates every pod from ingress", "  {}", "all | | open"},
      {"podSelector null is empty", "  podSelector: null", "all | | open"},
      {"policyTypes absent, no egress rule", "  {egress: [], podSelector: {}}", "all | | open"},
      {"policyTypes absent, an egress rule", "  {egress: [{}]}", "all | | [:]"},
      {"policyTypes empty counts as absent", "  {egress: [{}], policyTypes: []}", "all | | [:]"},
      {"policyTypes as given: the other section is inert",
       "  {ingress: [{}], policyTypes: [Egress]}", "all | open [:] |"},
      {"policyTypes twice the same", "  {policyTypes: [Ingress, Ingress]}", "all | | open"},
      {"both types without rules", "  {policyTypes: [Ingress, Egress]}", "all | |"},
      {"no ingress rule and an empty one differ", "  {ingress: [{}]}", "all | [:] | open"},
      {"a null rule is an empty one", "  {ingress: [null]}", "all | [:] | open"},
      {"from null is absent", "  {ingress: [{from: null, ports: null}]}", "all | [:] | open"},
      {"matchLabels and matchExpressions",
       "  {podSelector: {matchLabels: {app: web}, matchExpressions: [{key: tier, operator: NotIn, "
       "values: [b, a, b]}, {key: x, operator: Exists}]}}",
       "app=web,tier notin (b,a),x | | open"},
      {"an empty value", "  {podSelector: {matchLabels: {app: ''}}}", "app= | | open"},
      {"peers",
       "  {ingress: [{from: [{podSelector: {}}, {namespaceSelector: {}}, {namespaceSelector: "
       "{matchLabels: {a: b}}, podSelector: {}}]}]}",
       "all | [pods:all ns:all ns:a=b+pods:all :] | open"},
      {"a null selector in a peer is absent",
       "  {ingress: [{from: [{podSelector: null, namespaceSelector: {}}]}]}",
       "all | [ns:all :] | open"},
      {"an ipBlock with except",
       "  {egress: [{to: [{ipBlock: {cidr: 10.0.0.5/8, except: [10.1.0.0/16, 10.2.0.0/16]}}]}]}",
       "all | | [10.0.0.0/8-10.1.0.0/16-10.2.0.0/16 :]"},
      {"ports",
       "  {ingress: [{ports: [{port: 80}, {port: http, protocol: UDP}, {protocol: SCTP}, {}, "
       "{port: "
       "8000, endPort: 8010}]}]}",
       "all | [: TCP 80 UDP http SCTP TCP TCP 8000-8010] | open"},
      {"endPort equal to port", "  {ingress: [{ports: [{port: 80, endPort: 80}]}]}",
       "all | [: TCP 80] | open"},
  }));
  DYNAMIC_SECTION(row.name) {
    const auto projected = project_text(policy_yaml(row.spec));
    CHECK(lines_of(projected.diagnostics).empty());
    REQUIRE(projected.cluster.policies.size() == 1);
    CHECK(print(projected.cluster.policies.front(), projected.cluster.symbols) == row.printed);
  }
}

TEST_CASE("a policy without spec isolates every pod from ingress") {
  const auto projected = project_text(
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
      "metadata: {name: p, namespace: shop}\n");
  CHECK(lines_of(projected.diagnostics).empty());
  REQUIRE(projected.cluster.policies.size() == 1);
  CHECK(print(projected.cluster.policies.front(), projected.cluster.symbols) == "all | | open");
}

TEST_CASE("what the API server would refuse in a policy is an error") {
  struct Row {
    const char* name;
    const char* spec;
    Lines lines;
  };
  const std::string port_name_rule =
      "; a port name has at most 15 of a-z, 0-9 and inner single -, at least one of them a letter";
  const auto row = GENERATE_COPY(values<Row>({
      {"policy type",
       "  policyTypes: [ingress]",
       {"5: error[bad-policy-type]: policy type `ingress` is unknown; it is Ingress or Egress"}},
      {"three policy types",
       "  policyTypes: [Ingress, Egress, Ingress]",
       {"5: error[bad-policy-type]: `policyTypes` has 3 entries; the API server takes two at "
        "most"}},
      {"spec of a wrong kind",
       "  all",
       {"5: error[wrong-type]: `spec` is the string `all`, not a mapping"}},
      {"podSelector of a wrong kind",
       "  podSelector: [a]",
       {"5: error[wrong-type]: `podSelector` is a list, not a mapping"}},
      {"rules of a wrong kind",
       "  ingress: all",
       {"5: error[wrong-type]: `ingress` is the string `all`, not a list"}},
      {"a rule of a wrong kind",
       "  ingress: [all]",
       {"5: error[wrong-type]: an item of `ingress` is the string `all`, not a mapping"}},
      {"a label of a wrong kind",
       "  podSelector: {matchLabels: {version: 2}}",
       {"5: error[wrong-type]: label `version` is the number `2`, not a string: write it in "
        "quotes"}},
      {"operator",
       "  podSelector: {matchExpressions: [{key: a, operator: in, values: [b]}]}",
       {"5: error[unknown-operator]: operator `in` is unknown; it is one of In, NotIn, Exists, "
        "DoesNotExist"}},
      {"no operator",
       "  podSelector: {matchExpressions: [{key: a}]}",
       {"5: error[missing-field]: the requirement has no `operator`; it is one of In, NotIn, "
        "Exists, DoesNotExist"}},
      {"no key",
       "  podSelector: {matchExpressions: [{operator: Exists}]}",
       {"5: error[missing-field]: the requirement has no `key`"}},
      {"In without values",
       "  podSelector: {matchExpressions: [{key: a, operator: In}]}",
       {"5: error[bad-values]: operator `In` needs at least one value"}},
      {"Exists with values",
       "  podSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}",
       {"5: error[bad-values]: operator `Exists` takes no values"}},
      {"an empty peer",
       "  ingress: [{from: [{}]}]",
       {"5: error[bad-peer]: the peer is empty; it needs a `podSelector`, a `namespaceSelector` or "
        "an `ipBlock`"}},
      {"an ipBlock and a selector",
       "  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}]",
       {"5: error[bad-peer]: the peer has an `ipBlock` and a selector; it must be one or the "
        "other"}},
      {"cidr",
       "  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/33}}]}]",
       {"5: error[bad-cidr]: `10.0.0.0/33` is no block of addresses; one is written like "
        "`10.128.0.0/14`"}},
      {"no cidr",
       "  ingress: [{from: [{ipBlock: {except: [10.0.0.0/8]}}]}]",
       {"5: error[missing-field]: the ipBlock has no `cidr`"}},
      {"except outside",
       "  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}}]}]",
       {"5: error[bad-except]: `except` holds `11.0.0.0/16`; it must be a strict part of "
        "`10.0.0.0/8`"}},
      {"except of the whole block",
       "  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]}]",
       {"5: error[bad-except]: `except` holds `10.0.0.0/8`; it must be a strict part of "
        "`10.0.0.0/8`"}},
      {"protocol",
       "  ingress: [{ports: [{protocol: tcp, port: 80}]}]",
       {"5: error[bad-protocol]: protocol `tcp` is unknown; it is one of TCP, UDP, SCTP"}},
      {"ICMP is no protocol of a policy",
       "  ingress: [{ports: [{protocol: ICMP}]}]",
       {"5: error[bad-protocol]: protocol `ICMP` is unknown; it is one of TCP, UDP, SCTP"}},
      {"port 0",
       "  ingress: [{ports: [{port: 0}]}]",
       {"5: error[bad-port]: `port` is the number `0`; it must be a number from 1 to 65535"}},
      {"a port beyond the last",
       "  ingress: [{ports: [{port: 65536}]}]",
       {"5: error[bad-port]: `port` is the number `65536`; it must be a number from 1 to 65535"}},
      {"a port list",
       "  ingress: [{ports: [{port: [80]}]}]",
       {"5: error[bad-port]: `port` is a list; it must be a number from 1 to 65535"}},
      {"a quoted number",
       "  ingress: [{ports: [{port: '80'}]}]",
       {"5: error[bad-port]: `port` is the string `80`; a port number is written without quotes"}},
      {"a port name in upper case",
       "  ingress: [{ports: [{port: HTTP}]}]",
       {"5: error[bad-port]: `port` is the string `HTTP`" + port_name_rule}},
      {"a port name that is too long",
       "  ingress: [{ports: [{port: abcdefghijklmnop}]}]",
       {"5: error[bad-port]: `port` is the string `abcdefghijklmnop`" + port_name_rule}},
      {"endPort below port",
       "  ingress: [{ports: [{port: 80, endPort: 79}]}]",
       {"5: error[bad-end-port]: `endPort` is 79; it must not be below `port`, which is 80"}},
      {"endPort with a name",
       "  ingress: [{ports: [{port: http, endPort: 90}]}]",
       {"5: error[bad-end-port]: `endPort` needs a `port` that is a number"}},
      {"endPort alone",
       "  ingress: [{ports: [{endPort: 90}]}]",
       {"5: error[bad-end-port]: `endPort` needs a `port` that is a number"}},
      {"all errors at once",
       "  ingress: [{ports: [{port: 0}],\n    from: [{ipBlock: {cidr: x}}]}]\n"
       "  podSelector: 1",
       {"5: error[bad-port]: `port` is the number `0`; it must be a number from 1 to 65535",
        "6: error[bad-cidr]: `x` is no block of addresses; one is written like `10.128.0.0/14`",
        "7: error[wrong-type]: `podSelector` is the number `1`, not a mapping"}},
  }));
  DYNAMIC_SECTION(row.name) {
    CHECK(lines_of(project_text(policy_yaml(row.spec)).diagnostics) == row.lines);
  }
}

TEST_CASE("a field that the API server prunes is told at every level of a policy") {
  const auto pruned = [](int line, const std::string& field) {
    return std::to_string(line) + ": warning[pruned-field]: field `" + field +
           "` is unknown here and pruned by the API server: what it meant to say does not count";
  };
  const auto projected = project_text(R"(apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
extra: 1
spec:
  priority: 1
  podSelector:
    matchlabels: {a: b}
  ingress:
  - ports: null
    port: 80
    to: []
  - from:
    - podSelector:
        matchExpressions:
        - {key: a, operator: Exists,
           value: b}
      ipblock: {}
    ports:
    - port: 80
      name: http
  egress:
  - from: []
    to:
    - ipBlock:
        cidr: 10.0.0.0/8
        excpet: []
)");
  CHECK(lines_of(projected.diagnostics) ==
        Lines{pruned(4, "extra"), pruned(6, "priority"), pruned(8, "matchlabels"),
              pruned(11, "port"), pruned(12, "to"), pruned(17, "value"), pruned(18, "ipblock"),
              pruned(21, "name"), pruned(23, "from"), pruned(27, "excpet")});
  REQUIRE(projected.cluster.policies.size() == 1);
  CHECK(print(projected.cluster.policies.front(), projected.cluster.symbols) ==
        "all | [:] [pods:a : TCP 80] | [10.0.0.0/8 :]");
}

TEST_CASE("a rule with an error is left out whole, never widened") {
  const auto projected = project_text(
      policy_yaml("  ingress: [{from: [{ipBlock: {cidr: x}}]}, {ports: [{port: 0}]}]"));
  REQUIRE(projected.cluster.policies.size() == 1);
  CHECK(projected.cluster.policies.front().ingress.empty());
}

TEST_CASE("policies are numbered by namespace and name") {
  const auto projected = project_text(R"(
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: b, namespace: shop}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: z, namespace: bank}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: a, namespace: shop}
)");
  const Cluster& cluster = projected.cluster;
  std::string order;
  for (const auto& policy : cluster.policies) {
    order += cluster.at(policy.ns).name + '/' + policy.name + ' ';
  }
  CHECK(order == "bank/z shop/a shop/b ");
  CHECK(cluster.at(cluster.find_namespace("shop")).policies == std::vector<PolicyId>{{1}, {2}});
}

}  // namespace
}  // namespace meshproof
