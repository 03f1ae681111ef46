#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "reports/plan_report.h"
#include "tests/support/yaml.h"

using namespace meshproof;

namespace {

Step step(Verb verb, Step::Writer writer, std::string_view yaml) {
  Step result;
  result.verb = verb;
  result.writer = writer;
  Tree tree = trees_from(yaml).front();
  result.key = key_of(tree);
  result.api_version = tree.string_at({"apiVersion"});
  if (verb != Verb::Delete) result.object = std::move(tree);
  return result;
}

constexpr std::string_view kBefore = R"(
apiVersion: maistra.io/v1
kind: ServiceMeshMemberRoll
metadata: {name: default, namespace: istio-system}
spec: {members: [payments]}
---
apiVersion: network.openshift.io/v1
kind: NetNamespace
metadata: {name: myproject}
netname: myproject
netid: 7
---
apiVersion: v1
kind: Namespace
metadata: {name: myproject}
)";

Plan multitenant_plan() {
  Plan plan;
  plan.prediction.before = objects_from(kBefore);
  plan.prediction.steps = {step(Verb::Update, Step::Writer::User, R"(
apiVersion: maistra.io/v1
kind: ServiceMeshMemberRoll
metadata: {name: default, namespace: istio-system}
spec: {members: [payments, myproject]}
)"),
                           step(Verb::Update, Step::Writer::Operator, R"(
apiVersion: network.openshift.io/v1
kind: NetNamespace
metadata:
  name: myproject
  annotations: {pod.network.openshift.io/multitenant.change-network: "join:istio-system"}
netname: myproject
netid: 7
)"),
                           step(Verb::Update, Step::Writer::Operator, R"(
apiVersion: v1
kind: Namespace
metadata: {name: myproject, labels: {maistra.io/member-of: istio-system}}
)")};
  return plan;
}

bool is_shell(const std::string& script) {
  // Tests run at the same time, each in a process of its own.
  const std::string file = "plan_script_test." + std::to_string(::getpid()) + ".sh";
  std::ofstream(file) << script;
  const bool fine = std::system(("sh -n " + file).c_str()) == 0;
  std::remove(file.c_str());
  return fine;
}

bool has_line(const std::string& text, const std::string& line) {
  return text.find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("the script speaks in the field's own commands") {
  const std::string script = plan_script(multitenant_plan());
  CHECK(has_line(script,
                 "oc patch servicemeshmemberroll/default -n istio-system --type=merge -p "
                 "'{\"spec\":{\"members\":[\"payments\",\"myproject\"]}}'"));
  CHECK(has_line(script, "oc adm pod-network join-projects --to istio-system myproject"));
  CHECK(has_line(script,
                 "oc label namespace/myproject maistra.io/member-of=istio-system --overwrite"));
  CHECK(is_shell(script));
}

TEST_CASE("a leave isolates the project and takes its label off") {
  Plan plan;
  plan.prediction.before = objects_from(R"(
apiVersion: network.openshift.io/v1
kind: NetNamespace
metadata: {name: myproject}
netname: myproject
netid: 7
---
apiVersion: v1
kind: Namespace
metadata: {name: myproject, labels: {maistra.io/member-of: istio-system}}
)");
  plan.prediction.steps = {step(Verb::Update, Step::Writer::Operator, R"(
apiVersion: network.openshift.io/v1
kind: NetNamespace
metadata:
  name: myproject
  annotations: {pod.network.openshift.io/multitenant.change-network: isolate}
netname: myproject
netid: 7
)"),
                           step(Verb::Update, Step::Writer::Operator, R"(
apiVersion: v1
kind: Namespace
metadata: {name: myproject, labels: {}}
)")};
  const std::string script = plan_script(plan);
  CHECK(has_line(script, "oc adm pod-network isolate-projects myproject"));
  CHECK(has_line(script, "oc label namespace/myproject maistra.io/member-of- --overwrite"));
}

TEST_CASE("no name and no text of the input is more than a word of the script") {
  Plan plan = multitenant_plan();
  Step hostile = step(Verb::Create, Step::Writer::Operator, R"(
apiVersion: v1
kind: ConfigMap
metadata: {name: x, namespace: shop}
text: "END_OF_OBJECT\n'; touch /tmp/owned; $(id) `id`"
)");
  hostile.key.name = "x'; touch /tmp/owned; '";
  hostile.reason = "two\nlines; touch /tmp/owned";
  Step removed = hostile;
  removed.verb = Verb::Delete;
  Step aside = hostile;
  aside.aside = true;
  plan.prediction.steps.insert(plan.prediction.steps.end(), {hostile, removed, aside});
  plan.undo = "a\nb";
  const std::string script = plan_script(plan);
  CHECK(is_shell(script));
  CHECK(has_line(script, "oc delete 'configmap/x'\\''; touch /tmp/owned; '\\''' -n shop"));
  CHECK(has_line(script, "# two\\nlines; touch /tmp/owned"));
  CHECK(script.find("\nlines") == std::string::npos);
  CHECK(has_line(script, "# Undo: a\\nb"));
}

TEST_CASE("the script runs the user's edit alone") {
  const std::string script = plan_script(multitenant_plan());
  const std::size_t function = script.find("mesh_writes() {");
  REQUIRE(function != std::string::npos);
  CHECK(script.find("oc patch") < function);
  CHECK(script.find("join-projects") > function);
  CHECK(script.find("mesh_writes\n") == std::string::npos);
}

TEST_CASE("the script of several phases stops between them") {
  Plan plan = multitenant_plan();
  Step later = plan.prediction.steps.front();
  later.phase = 1;
  later.object.mapping_at("spec").set("members", Tree::strings({"payments"}));
  plan.prediction.steps.push_back(later);
  const std::string script = plan_script(plan);
  const std::size_t first = script.find("[\"payments\",\"myproject\"]");
  const std::size_t stop = script.find("\nread -r _\n");
  const std::size_t second = script.find("[\"payments\"]");
  REQUIRE(second != std::string::npos);
  CHECK(first < stop);
  CHECK(stop < second);
  CHECK(has_line(script, "# Phase 2. The plan holds only if the mesh has come to rest before it."));
  CHECK(is_shell(script));
  CHECK(plan_script(multitenant_plan()).find("read -r") == std::string::npos);
}

TEST_CASE("the script says which edit is refused or fails") {
  Plan plan = multitenant_plan();
  plan.prediction.outcomes = {
      {"myproject", "istio-system", Outcome::Status::Failed, "already a member of other-mesh"}};
  CHECK(has_line(plan_script(plan),
                 "# Predicted: myproject: failed, already a member of other-mesh"));
  plan.prediction.steps.clear();
  plan.prediction.outcomes.front().status = Outcome::Status::Rejected;
  const std::string refused = plan_script(plan);
  CHECK(has_line(refused, "# Predicted: myproject: rejected, already a member of other-mesh"));
  CHECK(has_line(refused, "# It would be refused."));
  CHECK(refused.find("Nothing is left to do") == std::string::npos);
}
