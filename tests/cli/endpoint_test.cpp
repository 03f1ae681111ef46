#include "cli/endpoint.h"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/support/yaml.h"

using namespace meshproof;

namespace {

Cluster sample() {
  return cluster_from(R"(
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: blue}}
---
apiVersion: v1
kind: Namespace
metadata: {name: bank, labels: {team: red}}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, labels: {app: web, tier: front}}
status: {phase: Running, podIP: 10.128.0.5}
---
apiVersion: v1
kind: Pod
metadata: {name: db-1, namespace: bank, labels: {app: db}}
status: {phase: Running, podIP: 10.128.0.6}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: bank}
spec:
  selector: {matchLabels: {app: api}}
  template: {metadata: {labels: {app: api}}, spec: {containers: [{name: api, image: x}]}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: partners, namespace: bank}
spec:
  podSelector: {}
  ingress: [{from: [{ipBlock: {cidr: 198.51.100.0/24, except: [198.51.100.128/25]}}]}]
)");
}

std::string told(const Diagnostic& diagnostic) {
  return diagnostic.subject + ": error[" + diagnostic.code + "]: " + diagnostic.message;
}

std::vector<std::string> names(const std::string& text) {
  const Cluster cluster = sample();
  const auto ends = parse_endpoint(text, cluster);
  if (!ends) return {told(ends.error().front())};
  std::vector<std::string> result;
  for (const FlowEnd& end : ends->ends) result.push_back(to_string(end, cluster));
  std::sort(result.begin(), result.end());
  return result;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("an end is read in every form") {
  CHECK(names("shop/web-1") == Names{"shop/web-1"});
  CHECK(names("bank/Deployment/api") == Names{"bank/Deployment/api"});
  CHECK(names("bank/api") == Names{"bank/Deployment/api"});
  CHECK(names("ns=team=blue") == Names{"shop/web-1"});
  CHECK(names("ns=shop") == Names{"shop/web-1"});
  CHECK(names("label=app in (web, db)") == Names{"bank/db-1", "shop/web-1"});
  CHECK(names("label=app,!tier") == Names{"bank/Deployment/api", "bank/db-1"});
  CHECK(names("label=app!=web") == Names{"bank/Deployment/api", "bank/db-1"});
  CHECK(names("label=app notin (web,api)") == Names{"bank/db-1"});
  CHECK(names("svc:shop/web") == Names{"svc:shop/web"});
  CHECK(names("203.0.113.9") == Names{"203.0.113.9"});
}

TEST_CASE("a block stands as one address for each part that the policies tell apart") {
  CHECK(names("198.51.100.0/24") == Names{"198.51.100.0", "198.51.100.128"});
  CHECK(names("203.0.113.0/24") == Names{"203.0.113.0"});
  const Names outside = names("outside");
  CHECK(std::find(outside.begin(), outside.end(), "198.51.100.128") != outside.end());
  CHECK(std::find(outside.begin(), outside.end(), "203.0.113.1") != outside.end());
}

TEST_CASE("what an end does not name is told, with what was probably meant") {
  CHECK(names("shopp/web-1") == Names{"command line: error[unknown-namespace]: there is no "
                                      "namespace 'shopp'; did you mean 'shop'?"});
  CHECK(names("shop/web-2") == Names{"command line: error[unknown-pod]: namespace 'shop' has no "
                                     "pod 'web-2'; did you mean 'web-1'?"});
  CHECK(names("bank/Deployment/apo") ==
        Names{"command line: error[unknown-workload]: namespace 'bank' has no 'Deployment/apo'; "
              "did you mean 'Deployment/api'?"});
  CHECK(names("svc:shop/webs") == Names{"command line: error[unknown-service]: namespace 'shop' "
                                        "has no Service 'webs'; did you mean "
                                        "'web'?"});
  CHECK(
      names("svc:web") ==
      Names{"command line: error[bad-end]: 'svc:web' names no Service; write svc:NAMESPACE/NAME"});
  CHECK(names("label=app=nothing") ==
        Names{"command line: error[empty-end]: 'app=nothing' selects no pod"});
  CHECK(names("label=app in web") ==
        Names{"command line: error[bad-selector]: 'app in web' is no term of a label selector; "
              "terms are key=value, key!=value, "
              "key in (a,b), key notin (a,b), key, !key"});
  CHECK(names("1.2.3.4/99") == Names{"command line: error[bad-end]: '1.2.3.4/99' is no block of "
                                     "addresses; one is written like 10.128.0.0/14"});
  CHECK(names("web") ==
        Names{"command line: error[bad-end]: 'web' is no end of a flow; write NAMESPACE/POD, "
              "NAMESPACE/KIND/NAME, "
              "ns=SELECTOR, label=SELECTOR, svc:NAMESPACE/NAME, an address, a CIDR or outside"});
}

TEST_CASE("an end of a probe is exact") {
  const Cluster cluster = sample();
  CHECK(parse_probe_end("shop/web-1", cluster).has_value());
  CHECK(parse_probe_end("bank/Deployment/api", cluster).has_value());
  CHECK(parse_probe_end("svc:shop/web", cluster).has_value());
  CHECK(parse_probe_end("2001:db8::1", cluster).has_value());
  const auto refused = [&](const char* text) {
    const auto end = parse_probe_end(text, cluster);
    REQUIRE_FALSE(end.has_value());
    return told(end.error().front());
  };
  CHECK(refused("bank/api") ==
        "command line: error[unknown-pod]: namespace 'bank' has no pod 'api'");
  CHECK(refused("banc/db-1") ==
        "command line: error[unknown-namespace]: there is no namespace 'banc'; did you mean "
        "'bank'?");
  CHECK(refused("1.2.3.4/24") ==
        "command line: error[bad-end]: '1.2.3.4/24' is no end of a probe; write NAMESPACE/POD, an "
        "address or svc:NAMESPACE/NAME");
  CHECK(refused("bank") ==
        "command line: error[bad-end]: 'bank' is no end of a probe; write NAMESPACE/POD, an "
        "address or svc:NAMESPACE/NAME");
}
