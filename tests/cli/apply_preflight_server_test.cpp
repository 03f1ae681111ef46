// What is refused before anything is written, on a real API server.

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/live_scene.h"
#include "tests/support/yaml.h"

using namespace meshproof;
using Catch::Matchers::Contains;

namespace {

/// Each object with the version in which it is: any write shows.
std::vector<std::string> versions(Live& live) {
  std::vector<std::string> lines;
  for (const Object& object : live_objects(live.admin())) {
    lines.push_back(to_string(object.key) + ' ' +
                    std::string(object.tree->string_at({"metadata", "resourceVersion"})));
  }
  return lines;
}

std::size_t count(std::string_view text, std::string_view word) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string_view::npos; ++at) ++found;
  return found;
}

/// An apply that exits with 4, tells one code and no other error, and writes nothing.
std::string refusal(Live& live, const std::string& plan, const std::string& code, std::size_t times,
                    const std::vector<std::string>& more = {}) {
  const auto before = versions(live);
  const CliRun run = live.apply(plan, more);
  INFO(run.out << run.err);
  CHECK(run.code == ExitCode::OutputFailed);
  CHECK(count(run.err, '[' + code + "]: ") == times);
  CHECK(count(run.err, "error[") == times);
  CHECK(run.out.empty());
  CHECK(versions(live) == before);
  CHECK_FALSE(std::filesystem::exists(plan + ".journal"));
  return run.err;
}

void edit(Live& live, const ObjectKey& key, std::string_view patch) {
  const ApiAnswer answer =
      live.admin().merge(key, json_of({ExitCode::Success, std::string(patch), {}}));
  INFO(answer.text());
  REQUIRE(answer.is_ok());
}

void create(Live& live, std::string_view object) {
  const ApiAnswer answer = live.admin().create(trees_from(object).front());
  INFO(answer.text());
  REQUIRE(answer.is_ok());
}

ObjectKey roll() { return key_for("ServiceMeshMemberRoll", "mesh-a", "default"); }

}  // namespace

TEST_CASE("a plan for another cluster is not carried out", "[apiserver][conformance]") {
  const auto live = open_live("subnet");
  if (live == nullptr) return;
  const std::string snapshot = live->snapshot("before.json");
  const auto system = live->admin().find(key_for("Namespace", "", "kube-system"));
  const std::string uid{system->string_at({"metadata", "uid"})};
  REQUIRE(count(read_file(snapshot), uid) > 0);
  const std::string elsewhere =
      live->folder().write("other.json", replaced(read_file(snapshot), uid, "another-uid"));
  const std::string plan = live->plan_of(elsewhere, {"bookinfo"});
  const std::string told = refusal(*live, plan, "other-cluster", 1);
  CHECK_THAT(told, Contains(uid) && Contains("another-uid"));
  const CliRun wait = live->run({"plan", "wait", plan, "--timeout", "1"});
  CHECK(wait.code == ExitCode::OutputFailed);
  CHECK_THAT(wait.err, Contains("[other-cluster]: "));
}

TEST_CASE("a plan of manifests is for no cluster at all", "[apiserver][conformance]") {
  const auto live = open_live("subnet");
  if (live == nullptr) return;
  const auto manifests = operator_recordings() / "60-subnet-join-leave.1" / "before.yaml";
  const std::string plan = live->plan_of(manifests.string(), {"bookinfo"});
  CHECK_THAT(refusal(*live, plan, "plan-without-cluster", 1), Contains("plan from a snapshot"));
}

TEST_CASE("each object that has changed since the plan was made is named",
          "[apiserver][conformance]") {
  const auto live = open_live("networkpolicy");
  if (live == nullptr) return;
  live->player().set_pace({.acts = false});
  const std::string plan = live->plan({"shop", "bookinfo", "payments"});
  // Of the name that the operator wants for its own.
  create(*live,
         "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, "
         "metadata: {name: istio-mesh-basic, namespace: shop}, spec: {podSelector: {}}}");
  edit(*live, key_for("Namespace", "", "bookinfo"), "{metadata: {labels: {team: red}}}");
  edit(*live, roll(), "{spec: {members: [payments]}}");
  REQUIRE(live->admin().remove(key_for("NetworkPolicy", "mesh-a", "istio-jaeger-ingress")).is_ok());
  const std::string told = refusal(*live, plan, "plan-stale", 4);
  CHECK_THAT(told,
             Contains("NetworkPolicy shop/istio-mesh-basic: error[plan-stale]: is new since"));
  CHECK_THAT(told, Contains("Namespace bookinfo: error[plan-stale]: is not as it was since"));
  CHECK_THAT(told, Contains("ServiceMeshMemberRoll mesh-a/default: error[plan-stale]: is not as it "
                            "was since"));
  CHECK_THAT(told, Contains("NetworkPolicy mesh-a/istio-jaeger-ingress: error[plan-stale]: is gone "
                            "since"));
}

TEST_CASE("what no plan rests on may change", "[apiserver][conformance]") {
  const auto live = open_live("subnet");
  if (live == nullptr) return;
  REQUIRE(live->player().comes_to_rest());
  const std::string plan = live->plan({"bookinfo"});
  create(*live, "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: bookinfo}}");
  edit(*live, key_for("Namespace", "", "bookinfo"),
       "{metadata: {annotations: {kubectl.kubernetes.io/last-applied-configuration: '{}'}}}");
  const CliRun run = live->apply(plan);
  INFO(run.out << run.err);
  CHECK(run.code == ExitCode::Success);
}

TEST_CASE("a kind that the cluster does not serve is named", "[apiserver][conformance]") {
  const auto live = open_live("subnet");
  if (live == nullptr) return;
  const std::string change =
      live->folder().write("change.yaml",
                           "{apiVersion: networking.istio.io/v1beta1, kind: Sidecar, "
                           "metadata: {name: default, namespace: bookinfo}, spec: {}}\n");
  const CliRun planned = run_cli({"plan", "-f", live->snapshot("before.json"), "--change", change,
                                  "--out", live->file("plan.json"), "--quiet"});
  INFO(planned.err);
  REQUIRE(planned.code == ExitCode::Success);
  const std::string told = refusal(*live, live->file("plan.json"), "kind-not-served", 1);
  CHECK_THAT(told, Contains("networking.istio.io/v1beta1 Sidecar"));
}

TEST_CASE("what a repository keeps is given to the repository", "[apiserver][conformance]") {
  const auto [by, mark] = GENERATE(table<std::string, std::string>(
      {{"Argo CD", "annotations: {argocd.argoproj.io/tracking-id: 'mesh:maistra.io/x'}"},
       {"Argo CD", "labels: {argocd.argoproj.io/instance: mesh}"},
       {"Flux", "labels: {kustomize.toolkit.fluxcd.io/name: mesh}"}}));
  DYNAMIC_SECTION(mark) {
    const auto live = open_live("networkpolicy");
    if (live == nullptr) return;
    edit(*live, roll(), "{metadata: {" + mark + "}}");
    REQUIRE(live->player().comes_to_rest());
    const std::string plan = live->plan({"shop"});
    const auto before = versions(*live);
    const CliRun told = live->apply(plan, {"-o", "table"});
    INFO(told.out << told.err);
    CHECK(told.code == ExitCode::OutputFailed);
    CHECK(count(told.err, "[tracked-object]: " + by + " keeps it") == 1);
    const std::vector<Tree> patches = trees_from(told.out);
    REQUIRE(patches.size() == 1);
    CHECK(key_of(patches.front()) == roll());
    CHECK(versions(*live) == before);
    const CliRun forced = live->apply(plan, {"--force"});
    INFO(forced.out << forced.err);
    CHECK(forced.code == ExitCode::Success);
    CHECK(result_of(forced) == "after");
  }
}
