#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/keep.h"
#include "tests/cli/run_cli.h"
#include "tests/support/yaml.h"

using namespace meshproof;

namespace {

const std::string kExample = "scenarios/library/bookinfo-joins-networkpolicy/cluster.yaml";

CliRun suggest(const std::vector<std::string>& more, const std::string& input = kExample) {
  std::vector<std::string> args{"suggest", "-f", input, "--join", "bookinfo", "--quiet"};
  args.insert(args.end(), more.begin(), more.end());
  return run_cli(args);
}

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

const std::string kKeep = "storefront/web=bookinfo/productpage-v1:9080";

}  // namespace

TEST_CASE("M6: the policy that keeps a flow can be piped to oc, and then the flow is open") {
  const CliRun run = suggest({"--keep", kKeep, "-o", "yaml"});
  CHECK(run.code == ExitCode::Success);
  const ObjectStore objects = objects_from(run.out);
  REQUIRE(objects.size() == 1);
  const Object* policy =
      objects.find("NetworkPolicy", "bookinfo", "allow-storefront-web-to-productpage-v1");
  REQUIRE(policy != nullptr);
  CHECK(policy->labels() == nullptr);

  const TemporaryFolder folder;
  const std::string state = folder.path("state.json");
  const std::string file = folder.write("policy.yaml", run.out);
  REQUIRE(run_cli({"plan", "-f", kExample, "--join", "bookinfo", "--quiet", "--assert", "none",
                   "--state-out", state})
              .code == ExitCode::Success);
  const CliRun applied = run_cli({"plan", "-f", state, "--change", file, "--quiet", "-o", "json"});
  const Tree plan = json_of(applied);
  REQUIRE(plan.find("gained")->items.size() == 1);
  const Tree& gained = plan.find("gained")->items.front();
  CHECK(gained.string_at({"src", "workload"}) == "web");
  CHECK(gained.string_at({"dst", "workload"}) == "productpage-v1");
  CHECK(plan.find("lost")->items.empty());
}

TEST_CASE("M6: --state-out has the policies in it") {
  const TemporaryFolder folder;
  const std::string state = folder.path("state.json");
  REQUIRE(suggest({"--keep", kKeep, "--state-out", state}).code == ExitCode::Success);
  const std::vector<std::string> asked{
      "explain", "-f", state, "storefront/web", "bookinfo/productpage-v1", "--quiet", "--port"};
  std::vector<std::string> kept = asked;
  kept.emplace_back("9080");
  CHECK(says(run_cli(kept).out, "allow-storefront-web-to-productpage-v1"));
}

TEST_CASE("M6: the table says why a flow is lost, and what is proved of the policy") {
  const CliRun run = suggest({"--keep", kKeep});
  CHECK(says(run.out, "KEEPS   storefront/web → bookinfo/productpage-v1   TCP 9080"));
  CHECK(says(run.out, "NetworkPolicy bookinfo/istio-mesh-basic isolates"));
  CHECK(says(run.out, "HOLDS   suggest:nothing-else"));
  CHECK(says(run.out, "unbounded: any pod with any labels"));
  CHECK(says(run.out, "2/2 hold"));
}

TEST_CASE("M6: the contract of suggest") {
  const CliRun run =
      suggest({"--keep", kKeep, "--keep", "payments/checkout=bookinfo/details-v1", "-o", "json"});
  const Tree json = json_of(run);
  CHECK(json.integer_at({"version"}) == 1);
  CHECK(json.boolean_at({"proved"}) == true);
  const Tree& flows = *json.find("flows");
  REQUIRE(flows.items.size() == 2);
  CHECK(flows.items[0].string_at({"status"}) == "kept");
  CHECK(flows.items[1].string_at({"status"}) == "not-needed");
  CHECK(flows.items[0].find("policies")->items.front().text ==
        "bookinfo/allow-storefront-web-to-productpage-v1");
  const Tree& policy = json.find("policies")->items.front();
  CHECK(policy.string_at({"object", "kind"}) == "NetworkPolicy");
  CHECK(json.find("verdicts")->items.front().string_at({"universe"}) == "unbounded");
}

TEST_CASE("M6: what was closed before is exit 1, what cannot be had is exit 3") {
  const CliRun closed = suggest({"--keep", "storefront/web=databases/mysql:3306"});
  CHECK(closed.code == ExitCode::Violated);
  CHECK(says(closed.out, "CLOSED  storefront/web → databases/mysql"));
  const TemporaryFolder folder;
  const std::string state = folder.path("state.json");
  REQUIRE(run_cli({"plan", "-f", "scenarios/library/bookinfo-joins-multitenant/cluster.yaml",
                   "--join", "bookinfo", "--quiet", "--state-out", state})
              .code == ExitCode::Success);
  const CliRun multitenant = run_cli({"suggest", "-f", state, "--leave", "bookinfo", "--quiet",
                                      "--keep", "payments/checkout=bookinfo/details-v1"});
  INFO(multitenant.out << multitenant.err);
  CHECK(multitenant.code == ExitCode::Inconclusive);
  CHECK(says(multitenant.out, "CANNOT"));
  CHECK(says(multitenant.out, "no NetworkPolicy has a say"));
  const CliRun subnet =
      suggest({"--keep", kKeep}, "scenarios/library/bookinfo-joins-subnet/cluster.yaml");
  CHECK(subnet.code == ExitCode::Success);
  CHECK(says(subnet.out, "OPEN"));
}

TEST_CASE("M6: with nothing to suggest the YAML has no object") {
  const CliRun run = suggest({"--keep", "payments/checkout=bookinfo/details-v1", "-o", "yaml"});
  CHECK(run.code == ExitCode::Success);
  CHECK(run.out.starts_with("# "));
  CHECK(objects_from(run.out).size() == 0);
}

TEST_CASE("M6: wrong words of suggest are told") {
  struct Row {
    std::vector<std::string> args;
    const char* code;
  };
  const auto row =
      GENERATE(Row{{}, "missing-option"}, Row{{"--keep", "storefront/web"}, "bad-keep"},
               Row{{"--keep", "=bookinfo/details-v1"}, "bad-keep"},
               Row{{"--keep", "svc:bookinfo/details=bookinfo/details-v1"}, "bad-keep"},
               Row{{"--keep", "storefront/web=outside"}, "bad-keep"},
               Row{{"--keep", "storefront/web=203.0.113.9:443"}, "bad-keep"},
               Row{{"--keep", "storefront/web=bookinfo/details-v1:99999"}, "bad-port"},
               Row{{"--keep", "storefront/web=bookinfo/nobody"}, "unknown-pod"},
               Row{{"--keep", "nobody/web=bookinfo/details-v1"}, "unknown-namespace"},
               Row{{"--keep", kKeep, "-o", "csv"}, "unknown-value"});
  const CliRun run = suggest(row.args);
  CHECK(run.code == ExitCode::InvalidInput);
  CHECK(run.out.empty());
  INFO(run.err);
  CHECK(says(run.err, std::string("error[") + row.code + "]"));
}

TEST_CASE("M6: the ends of --keep are told apart whatever they hold") {
  const Cluster cluster = cluster_from(R"(
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web, ns: foo}}
status: {phase: Running, podIP: 10.128.0.5}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: blue}}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: pay, labels: {app: api}}
status: {phase: Running, podIP: 10.128.0.6}
---
apiVersion: v1
kind: Pod
metadata: {name: done, namespace: pay, labels: {app: done}}
status: {phase: Succeeded}
)");
  struct Row {
    const char* text;
    const char* from;
    const char* to;
    int port;
  };
  const auto row =
      GENERATE(Row{"pay/api=shop/web", "pay/api", "shop/web", 0},
               Row{"pay/api=shop/web:80", "pay/api", "shop/web", 80},
               Row{"pay/api=shop/web:53/udp", "pay/api", "shop/web", 53},
               Row{"pay/Pod/api=shop/Pod/web:80/TCP", "pay/Pod/api", "shop/Pod/web", 80},
               Row{"ns=team=blue=pay/api", "ns=team=blue", "pay/api", 0},
               Row{"ns=shop=ns=pay:80", "ns=shop", "ns=pay", 80},
               Row{"label=app=web=ns=pay", "label=app=web", "ns=pay", 0},
               Row{"ns=shop=label=app=api:80", "ns=shop", "label=app=api", 80},
               Row{"label=ns=foo=pay/api", "label=ns=foo", "pay/api", 0},
               Row{"10.128.0.0/14=shop/web:80", "10.128.0.0/14", "shop/web", 80},
               Row{"203.0.113.9=shop/web", "203.0.113.9", "shop/web", 0},
               Row{"outside=shop/web:80", "outside", "shop/web", 80},
               Row{"10.128.0.6=10.128.0.5:80", "10.128.0.6", "10.128.0.5", 80});
  INFO(row.text);
  const auto flow = parse_keep(row.text, cluster);
  REQUIRE(flow.has_value());
  CHECK(flow->from == row.from);
  CHECK(flow->to == row.to);
  CHECK((flow->port ? flow->port->second : 0) == row.port);
  for (const FlowEnd& end : flow->destinations) CHECK(std::holds_alternative<PodId>(end));
  CHECK_FALSE(parse_keep("pay/done=shop/web", cluster).has_value());
}

TEST_CASE("M6: more pairs than can be judged are refused") {
  std::string yaml = "apiVersion: v1\nkind: List\nitems:\n";
  for (int i = 0; i < 400; ++i) {
    yaml += "- {apiVersion: v1, kind: Pod, metadata: {name: p" + std::to_string(i) +
            ", namespace: shop}, status: {phase: Running}}\n";
  }
  const auto flow = parse_keep("ns=shop=ns=shop", cluster_from(yaml));
  REQUIRE_FALSE(flow.has_value());
  CHECK(flow.error().front().code == "keep-too-wide");
}
