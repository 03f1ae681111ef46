// Every state that the API server went through while a safe plan was carried out, there and back,
// looked at one by one.

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "backends/curl_transport.h"
#include "backends/json_tree.h"
#include "model/project.h"
#include "scenarios/kubeconfig.h"
#include "solver/evaluate.h"
#include "tests/cli/run_cli.h"
#include "tests/support/apiserver/operator_stand_in.h"
#include "tests/support/apiserver/recorded_stage.h"
#include "tests/support/yaml.h"

using namespace meshproof;

namespace {

constexpr std::string_view kPods = R"(
apiVersion: v1
kind: Namespace
metadata: {name: outside}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {nodeName: node-a, containers: [{name: web, image: i, ports: [{containerPort: 8080}]}]}
status: {phase: Running, podIP: 10.128.0.11, podIPs: [{ip: 10.128.0.11}]}
---
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop, labels: {app: cart}}
spec: {nodeName: node-a, containers: [{name: cart, image: i, ports: [{containerPort: 8080}]}]}
status: {phase: Running, podIP: 10.128.0.12, podIPs: [{ip: 10.128.0.12}]}
---
apiVersion: v1
kind: Pod
metadata: {name: ledger, namespace: bookinfo, labels: {app: ledger}}
spec: {nodeName: node-b, containers: [{name: ledger, image: i, ports: [{containerPort: 8080}]}]}
status: {phase: Running, podIP: 10.128.2.11, podIPs: [{ip: 10.128.2.11}]}
---
apiVersion: v1
kind: Pod
metadata: {name: stranger, namespace: outside, labels: {app: stranger}}
spec: {nodeName: node-b, containers: [{name: stranger, image: i}]}
status: {phase: Running, podIP: 10.128.2.12, podIPs: [{ip: 10.128.2.12}]}
)";

/// What changed on the server since a version, in the order in which it did.
class History {
 public:
  explicit History(const TestServer& server) {
    Sources sources;
    Diagnostics told;
    auto address = find_cluster_address({server.kubeconfig().string(), {}},
                                        KubeconfigPlaces::of_environment(), sources, told);
    REQUIRE(address);
    transport_ = open_curl_transport(*address);
    for (const std::string& path : kPaths) {
      const auto list = transport_->send({.path = path + "?limit=1"});
      REQUIRE(list);
      const auto tree = tree_of_json(list->body);
      REQUIRE(tree);
      versions_.emplace_back(tree->string_at({"metadata", "resourceVersion"}));
    }
  }

  /// By version; Null for what was deleted.
  [[nodiscard]] std::map<long, Object> changes() const {
    std::vector<HttpRequest> requests;
    for (std::size_t i = 0; i < kPaths.size(); ++i) {
      requests.push_back(
          {.path = kPaths[i] + "?watch=true&timeoutSeconds=2&resourceVersion=" + versions_[i]});
    }
    std::map<long, Object> result;
    const auto ends = transport_->stream(
        requests, std::chrono::seconds{10}, [&](std::size_t /*index*/, std::string_view line) {
          const auto event = tree_of_json(line);
          if (!event || event->find("object") == nullptr) return true;
          const Tree& object = *event->find("object");
          const bool is_gone = event->string_at({"type"}) == "DELETED";
          const long version =
              std::stol(std::string(object.string_at({"metadata", "resourceVersion"})));
          Object changed{key_of(object), ObjectTree{is_gone ? Tree::null() : object}};
          result.insert_or_assign(version, std::move(changed));
          return true;
        });
    REQUIRE(ends);
    return result;
  }

 private:
  static inline const std::vector<std::string> kPaths{"/apis/networking.k8s.io/v1/networkpolicies",
                                                      "/api/v1/namespaces"};
  std::unique_ptr<HttpTransport> transport_;
  std::vector<std::string> versions_;
};

/// The open flows between the pods, on the one port that counts.
std::set<std::string> open_flows(const ObjectStore& objects) {
  Diagnostics told;
  const Cluster cluster = project(objects, {}, told);
  const Evaluator evaluator(cluster);
  std::set<std::string> open;
  for (std::uint32_t src = 0; src < cluster.pods.size(); ++src) {
    for (std::uint32_t dst = 0; dst < cluster.pods.size(); ++dst) {
      const Flow flow{PodId{src}, PodId{dst}, Protocol::Tcp, 8080};
      if (evaluator.evaluate(flow).is_allowed()) {
        open.insert(to_string(flow.src, cluster) + " → " + to_string(flow.dst, cluster));
      }
    }
  }
  return open;
}

/// No flow that both ends have is closed in between, and none opens that neither has.
void check_moments(const ObjectStore& from, const std::map<long, Object>& changes,
                   std::size_t at_least) {
  std::vector<std::set<std::string>> moments{open_flows(from)};
  ObjectStore now = from;
  for (const auto& [version, object] : changes) {
    if (object.tree->is_null())
      now.erase(object.key);
    else
      now.put(object);
    moments.push_back(open_flows(now));
  }
  CHECK(moments.size() > at_least);
  const std::set<std::string>& before = moments.front();
  const std::set<std::string>& after = moments.back();
  CHECK(before != after);
  for (const std::set<std::string>& moment : moments) {
    for (const std::string& flow : before) {
      if (after.contains(flow)) CHECK(moment.contains(flow));
    }
    for (const std::string& flow : moment) CHECK((before.contains(flow) || after.contains(flow)));
  }
}

}  // namespace

TEST_CASE("no moment of a safe plan breaks a rule, there and back", "[apiserver][conformance]") {
  const TestServer* server = test_server();
  const auto recordings = operator_recordings();
  if (server == nullptr || recordings.empty()) return;
  RecordedStage stage(*server, recordings, {"03-sdn-netpol-join-3.1"});
  for (const Tree& object : trees_from(kPods)) {
    REQUIRE(stage.admin().create(object).is_ok());
    if (const Tree* status = object.find("status")) {
      REQUIRE(stage.admin().write_status(key_of(object), *status).is_ok());
    }
  }
  OperatorStandIn player(*server, stage.book());
  REQUIRE(player.comes_to_rest());
  const TemporaryFolder folder;
  const std::string kubeconfig = server->kubeconfig().string();
  const std::string plan = folder.path("plan.json");
  const CliRun planned = run_cli({"plan", "--kubeconfig", kubeconfig, "--join", "shop", "--safe",
                                  "--out", plan, "--quiet", "-o", "json"});
  INFO(planned.err);
  REQUIRE(json_of(planned).string_at({"safeOrder", "kind"}) == "bridges");
  for (const std::string way : {"there", "back"}) {
    INFO(way);
    const ObjectStore from = live_objects(stage.admin());
    const History history(*server);
    std::vector<std::string> args{"apply",
                                  plan,
                                  "--backend",
                                  "kube",
                                  "--kubeconfig",
                                  kubeconfig,
                                  "--accept-objections",
                                  "--network-delay",
                                  "0"};
    if (way == "back") args.emplace_back("--rollback");
    const CliRun run = run_cli(args);
    INFO(run.out << run.err);
    REQUIRE(run.code == ExitCode::Success);
    check_moments(from, history.changes(), 6);
  }
}
