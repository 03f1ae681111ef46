// The section `Pods` of a plan, and its member `pods` (missions M9, M11, M12).

#include "reports/injection_report.h"

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

using namespace meshproof;

namespace {

InjectionChange workload(const std::string& name, bool injected, const std::string& ns = "shop") {
  InjectionChange change;
  WorkloadInjection& after = change.after;
  after.ns = ns;
  after.kind = "Deployment";
  after.name = name;
  after.mesh = "mesh";
  after.control_plane = "basic";
  after.version = "v2.5";
  after.decision.injected = injected;
  after.decision.rule = injected ? InjectionRule::InjectAnnotation : InjectionRule::Policy;
  after.decision.reason = injected ? "it asks" : "nobody asks";
  after.wish.by = injected ? InjectionWish::By::Annotation : InjectionWish::By::Nothing;
  after.upstream = {false, "no label", {}};
  change.before = InjectionDecision{};
  return change;
}

InjectionChange misfitting(const std::string& name, PodMisfit misfit) {
  InjectionChange change = workload(name, misfit != PodMisfit::KeepsSidecar);
  change.after.pods = 2;
  change.after.sidecars = misfit == PodMisfit::LacksSidecar ? 0 : 2;
  change.after.misfits = {{name + "-1", misfit, {}}, {name + "-2", misfit, {}}};
  return change;
}

Step labelling(const std::string& project, int rank, const std::string& kind) {
  Step step;
  step.verb = Verb::Update;
  step.key = {"", kind, kind == "Namespace" ? "" : project, project};
  step.project = project;
  step.rank = rank;
  return step;
}

std::string lines(const Plan& plan, bool full = false) {
  return injection_lines(plan, {}, 200, full);
}

std::string lines(std::vector<InjectionChange> workloads, bool full = false) {
  Plan plan;
  plan.injection.workloads = std::move(workloads);
  return lines(plan, full);
}

}  // namespace

TEST_CASE("M9: a plan says which pods to restart, and after which of the mesh's steps") {
  Plan plan;
  plan.injection.workloads = {misfitting("web", PodMisfit::LacksSidecar), workload("cart", false)};
  plan.prediction.steps = {labelling("shop", 1, "NetworkPolicy"),
                           labelling("shop", 1, "NetworkPolicy"),
                           labelling("shop", 2, "RoleBinding"), labelling("shop", 3, "Namespace")};
  CHECK(lines(plan) ==
        "Pods\n  1 of 2 workloads wants a sidecar and has none: restart web after step 3\n");
  plan.injection.workloads.push_back(misfitting("pay", PodMisfit::LacksSidecar));
  plan.injection.workloads.back().after.ns = "other";
  CHECK(lines(plan) ==
        "Pods\n  2 of 3 workloads want a sidecar and have none: restart shop/web, other/pay\n");
}

TEST_CASE("M9: pods that keep a sidecar after leaving, and those that only change their mind") {
  auto left = misfitting("web", PodMisfit::KeepsSidecar);
  left.after.mesh.clear();
  CHECK(lines({left}) ==
        "Pods\n  1 workload still has a sidecar after leaving, without a control plane: restart "
        "web\n");
  CHECK(lines({misfitting("web", PodMisfit::KeepsSidecar), workload("a", true)}) ==
        "Pods\n  1 workload without pods in the input: what is made has a sidecar: a\n"
        "  1 workload still has a sidecar that the next pods will not have: restart web\n");
}

TEST_CASE("M9: M11: sidecars of another mesh, network or version") {
  CHECK(
      lines({misfitting("a", PodMisfit::OtherMesh), misfitting("b", PodMisfit::OtherNetwork),
             misfitting("c", PodMisfit::NotRedirected),
             misfitting("d", PodMisfit::OtherVersion)}) ==
      "Pods\n"
      "  1 workload with a sidecar of another control plane: restart a\n"
      "  1 workload with the network of another version in the Multus annotation: restart b\n"
      "  1 workload with a sidecar and no network of the mesh in the Multus annotation, so nothing "
      "redirects their traffic: restart c\n"
      "  1 workload with a sidecar of another version than the control plane's: restart d\n");
}

TEST_CASE("M9: who asks and gets none, and what only upstream would inject") {
  auto refused = workload("web", false);
  refused.after.wish.by = InjectionWish::By::Label;
  auto upstream = workload("cart", false);
  upstream.after.upstream = {true, "the namespace's label", {}};
  auto outside = workload("far", false);
  outside.after.wish.by = InjectionWish::By::Annotation;
  outside.after.mesh.clear();
  auto misplaced = workload("api", true);
  misplaced.before->injected = true;
  misplaced.after.misplaced_wish = Place{};
  CHECK(lines({refused, upstream, outside, misplaced}) ==
        "Pods\n"
        "  ! web: asks for a sidecar and gets none: nobody asks\n"
        "  cart: not injected (nobody asks), although upstream would: the namespace's label\n"
        "  api: asks for a sidecar in its own metadata, which does nothing: it has to stand in the "
        "pod template\n"
        "  1 workload asks for a sidecar and will be in no mesh that gives it: far\n");
}

TEST_CASE("M11: M12: networks that are lost, rights and redirecting containers") {
  auto lost = workload("web", true);
  lost.before->injected = true;
  lost.after.networks.change = NetworksChange::Replaced;
  lost.after.networks.lost = {"macvlan"};
  auto held = lost;
  held.after.name = "api";
  held.after.privileges = {{"app", false, Privilege::NetAdmin, {}},
                           {"app", false, Privilege::NetAdmin, {}}};
  held.after.redirecting = {{"istio-init", "it is called istio-init", {}}};
  CHECK(
      lines({held, lost}) ==
      "Pods\n"
      "  ! api, web: the annotation is overwritten: pods lose macvlan\n"
      "  api: holds NET_ADMIN in container app: with the mesh's CNI plugin no pod of a member "
      "needs it\n"
      "  ! api: init container istio-init redirects the pod's traffic a second time (it is called "
      "istio-init)\n");
}

TEST_CASE("M9: a project in which nobody gets a sidecar is told, what fits is not") {
  CHECK(lines({workload("web", false), workload("api", false)}) ==
        "Pods\n  no sidecar in shop: none of 2 workloads gets one with its next pods\n");
  auto fits = workload("web", true);
  fits.after.pods = fits.after.sidecars = 1;
  CHECK(lines({fits}).empty());
  CHECK(lines(std::vector<InjectionChange>{}).empty());
}

TEST_CASE("long lists of pods are folded, and with --full every workload has a line") {
  std::vector<InjectionChange> many;
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
    many.push_back(misfitting(name, PodMisfit::LacksSidecar));
  }
  CHECK(lines(many) ==
        "Pods\n  8 of 8 workloads want a sidecar and have none: restart a, b, c, d, e, f and 2 "
        "more\n");
  many.front().after.networks.change = NetworksChange::Set;
  many.front().after.networks.after = "v2-5-istio-cni";
  const std::string full = lines(many, true);
  CHECK(full.find("restart a, b, c, d, e, f, g, h\n") != std::string::npos);
  CHECK(full.find("  Deployment shop/a: injected by inject-annotation: it asks; not injected "
                  "before; networks none → `v2-5-istio-cni`; upstream: not injected\n") !=
        std::string::npos);
}

TEST_CASE("what is not modelled is told with the pods, and no name steers a terminal") {
  Plan plan;
  plan.injection.unmodelled = {"mesh: profile own is not read"};
  CHECK(lines(plan) == "Pods\n  not modelled: mesh: profile own is not read\n");
  plan.injection.workloads = {misfitting("\x1b[31m", PodMisfit::LacksSidecar)};
  CHECK(lines(plan, true).find('\x1b') == std::string::npos);
}

TEST_CASE("the JSON of a workload tells all of it") {
  auto change = misfitting("web", PodMisfit::LacksSidecar);
  change.after.privileges = {{"app", true, Privilege::AllCapabilities, {}}};
  change.after.networks = {
      "a", "v2-5-istio-cni", NetworksChange::Replaced, "v2-5-istio-cni", {"a"}};
  const std::string text = dump(pods_json(change, {}));
  for (const std::string_view part :
       {R"("injected": true)", R"("injectedBefore": false)", R"("rule": "inject-annotation")",
        R"("change": "replaced")", R"("pods": 2)", R"("sidecars": 0)", R"("needed": true)",
        R"("code": "lacks-sidecar")", R"("privilege": "ALL")"}) {
    INFO(part);
    CHECK(text.find(part) != std::string::npos);
  }
  change.before.reset();
  CHECK(dump(pods_json(change, {})).find(R"("injectedBefore": null)") != std::string::npos);
}
