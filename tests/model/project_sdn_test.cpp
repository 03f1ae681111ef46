#include <catch2/catch.hpp>

#include "tests/model/projected.h"

namespace meshproof {
namespace {

using Lines = std::vector<std::string>;

std::string net_namespace(const std::string& fields) {
  return "---\napiVersion: network.openshift.io/v1\nkind: NetNamespace\nmetadata: {name: shop}\n" +
         fields + "\n";
}

std::string egress_policy(const std::string& rules) {
  return "---\napiVersion: network.openshift.io/v1\nkind: EgressNetworkPolicy\n"
         "metadata: {namespace: shop, name: default}\nspec:\n  egress: " +
         rules + "\n";
}

TEST_CASE("a NetNamespace gives its namespace the NetID") {
  const auto projected = project_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n" +
                                      net_namespace("netname: shop\nnetid: 16777215"));
  CHECK(lines_of(projected.diagnostics).empty());
  const Cluster& cluster = projected.cluster;
  const auto id = cluster.at(cluster.find_namespace("shop")).net_namespace;
  REQUIRE(id.is_valid());
  CHECK(cluster.at(id).netid == 16777215);
  CHECK(cluster.at(id).pending_change.empty());
}

TEST_CASE("mode multitenant without any NetNamespace is told") {
  NetworkOptions options;
  options.dialect = Dialect::OpenShiftSdn;
  options.sdn = SdnMode::Multitenant;
  const std::string shop = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";
  CHECK(lines_of(project_text(shop, options).diagnostics) ==
        Lines{"0: warning[net-namespaces-missing]: the input has no NetNamespace, and in mode "
              "multitenant those decide: every namespace of a cluster has one"});
  const std::string with_one = shop + net_namespace("netname: shop\nnetid: 7");
  CHECK(lines_of(project_text(with_one, options).diagnostics).empty());
}

TEST_CASE("a NetNamespace alone makes no namespace") {
  const auto projected = project_text(net_namespace("netname: shop\nnetid: 0"));
  CHECK(projected.cluster.namespaces.empty());
  REQUIRE(projected.cluster.net_namespaces.size() == 1);
  CHECK(projected.cluster.net_namespaces.front().name == "shop");
}

TEST_CASE("a change of network that is asked for is kept") {
  const auto projected = project_text(R"(
apiVersion: network.openshift.io/v1
kind: NetNamespace
metadata:
  name: shop
  annotations: {pod.network.openshift.io/multitenant.change-network: 'join:mesh'}
netname: shop
netid: 10
)");
  REQUIRE(projected.cluster.net_namespaces.size() == 1);
  CHECK(projected.cluster.net_namespaces.front().pending_change == "join:mesh");
}

TEST_CASE("a NetID must be a number of 24 bits") {
  struct Row {
    const char* fields;
    const char* line;
  };
  const auto row = GENERATE(values<Row>({
      {"netname: shop", "2: error[missing-field]: NetNamespace shop has no `netid`"},
      {"netid: -1", "5: error[bad-netid]: `netid` is -1; it must be from 0 to 16777215"},
      {"netid: 16777216",
       "5: error[bad-netid]: `netid` is 16777216; it must be from 0 to 16777215"},
      {"netid: '7'", "5: error[wrong-type]: `netid` is the string `7`, not a number"},
      {"netid: 1.5", "5: error[wrong-type]: `netid` is the number `1.5`, not an integer"},
  }));
  DYNAMIC_SECTION(row.fields) {
    const auto projected = project_text(net_namespace(row.fields));
    CHECK(lines_of(projected.diagnostics) == Lines{row.line});
    CHECK(projected.cluster.net_namespaces.empty());
  }
}

TEST_CASE("an EgressNetworkPolicy is a list of rules") {
  const auto projected = project_text(
      egress_policy("[{type: Allow, to: {cidrSelector: 203.0.113.7/24}}, {type: Allow, to: "
                    "{dnsName: example.com}}, {type: Deny, to: {cidrSelector: 0.0.0.0/32}}]"));
  CHECK(lines_of(projected.diagnostics).empty());
  const Cluster& cluster = projected.cluster;
  REQUIRE(cluster.egress_policies.size() == 1);
  CHECK(cluster.namespaces.front().egress_policies == std::vector<EgressPolicyId>{{0}});
  std::string text;
  for (const auto& rule : cluster.egress_policies.front().rules) {
    text += rule.allow ? "allow " : "deny ";
    text += (rule.cidr ? rule.cidr->to_string() : rule.dns_name) + "; ";
  }
  CHECK(text == "allow 203.0.113.0/24; allow example.com; deny 0.0.0.0/0; ");
}

TEST_CASE("what is wrong in an EgressNetworkPolicy is told") {
  struct Row {
    const char* name;
    const char* rules;
    Lines lines;
  };
  const auto row = GENERATE(values<Row>({
      {"type",
       "[{type: allow, to: {cidrSelector: 10.0.0.0/8}}]",
       {"6: error[bad-rule-type]: `type` is `allow`; it is Allow or Deny"}},
      {"no type",
       "[{to: {cidrSelector: 10.0.0.0/8}}]",
       {"6: error[missing-field]: the rule has no `type`"}},
      {"no target", "[{type: Deny}]", {"6: error[missing-field]: the rule has no `to`"}},
      {"an empty target",
       "[{type: Deny, to: {}}]",
       {"6: error[bad-peer]: `to` needs either `cidrSelector` or `dnsName`"}},
      {"two targets",
       "[{type: Deny, to: {cidrSelector: 10.0.0.0/8, dnsName: a.example.com}}]",
       {"6: error[bad-peer]: `to` needs either `cidrSelector` or `dnsName`"}},
      {"cidr",
       "[{type: Deny, to: {cidrSelector: 10.0.0.0}}]",
       {"6: error[bad-cidr]: `10.0.0.0` is no block of addresses; one is written like "
        "`10.128.0.0/14`"}},
      {"an unknown field",
       "[{type: Deny, to: {cidrSelector: 10.0.0.0/8}, ports: []}]",
       {"6: warning[pruned-field]: field `ports` is unknown here and pruned by the API server: "
        "what it meant to say does not count"}},
  }));
  DYNAMIC_SECTION(row.name) {
    CHECK(lines_of(project_text(egress_policy(row.rules)).diagnostics) == row.lines);
  }
}

}  // namespace
}  // namespace meshproof
