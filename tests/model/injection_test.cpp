// M9: which workloads get a sidecar, and the first rule that decides (operator.md 5.1, 5.2).

#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/model/injection_scene.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

constexpr const char* kAsked = "sidecar.istio.io/inject: 'true'";
constexpr const char* kMember = "maistra.io/member-of: mesh";

std::vector<std::string> versions_from(int first, int last = 999) {
  std::vector<std::string> names;
  for (const ControlPlaneVersion& version : control_plane_versions()) {
    if (first <= version.number && version.number <= last) names.emplace_back(version.name);
  }
  REQUIRE_FALSE(names.empty());
  return names;
}

/// The same words for all versions of a range, and others for the rest.
void check_versions(InjectionScenery scenery, int first, int last, const std::string& inside,
                    const std::string& outside) {
  for (const ControlPlaneVersion& version : control_plane_versions()) {
    scenery.version = version.name;
    const bool is_inside = first <= version.number && version.number <= last;
    INFO(scenery.version);
    CHECK(words_of(injection_in(scenery).decision) == (is_inside ? inside : outside));
  }
}

TEST_CASE("M9: a member's template with the annotation is injected by every version") {
  check_versions({.annotations = kAsked}, 100, 999, "yes by inject-annotation", "");
}

TEST_CASE("M9: the label decides membership, not the roll, and only of a mesh that is there") {
  const std::string roll =
      "apiVersion: maistra.io/v1\nkind: ServiceMeshMemberRoll\nmetadata: {name: default, "
      "namespace: mesh}\nspec: {members: [shop]}\n";
  const auto outside = injection_in({.ns_labels = "", .annotations = kAsked, .more = roll});
  CHECK(words_of(outside.decision) == "no by not-a-member");
  CHECK(outside.decision.reason == "namespace shop has no label maistra.io/member-of");
  CHECK(outside.is_refused());
  CHECK(outside.mesh.empty());
  const auto other =
      injection_in({.ns_labels = "maistra.io/member-of: gone", .annotations = kAsked});
  CHECK(words_of(other.decision) == "no by no-control-plane");
  CHECK(other.decision.where.is_known());
  const auto empty = injection_in({.ns_labels = "maistra.io/member-of: ''", .annotations = kAsked});
  CHECK(words_of(empty.decision) == "no by no-control-plane");
}

TEST_CASE("M9: a namespace that is ignored gets nothing from any version") {
  check_versions({.ns_labels = "maistra.io/member-of: mesh, maistra.io/ignore-namespace: ignore",
                  .annotations = kAsked},
                 100, 999, "no by ignored-namespace", "");
}

TEST_CASE("M9: istio-injection=disabled and istio-env exclude since v2.0") {
  check_versions(
      {.ns_labels = "maistra.io/member-of: mesh, istio-injection: disabled", .annotations = kAsked},
      200, 999, "no by disabled-namespace", "yes by inject-annotation");
  check_versions({.ns_labels = "maistra.io/member-of: mesh, istio-env: x", .annotations = kAsked},
                 200, 999, "no by istio-env", "yes by inject-annotation");
  check_versions({.ns_labels = "maistra.io/member-of: mesh, istio-injection: enabled"}, 100, 999,
                 "no by policy", "");
}

TEST_CASE("M9: app=istiod is left out since v2.4") {
  check_versions({.labels = "app: istiod", .annotations = kAsked}, 204, 999, "no by istiod-pod",
                 "yes by inject-annotation");
}

TEST_CASE("M9: the objectSelector of the technology preview wants a label, since v2.0") {
  const std::string preview =
      "techPreview: {sidecarInjectorWebhook: {objectSelector: {enabled: true}}}";
  check_versions({.spec = preview, .annotations = kAsked}, 200, 999, "no by object-selector",
                 "yes by inject-annotation");
  check_versions({.spec = preview, .labels = kAsked, .annotations = kAsked}, 202, 999,
                 "yes by inject-label", "yes by inject-annotation");
  const std::string automatic = preview + ", proxy: {injection: {autoInject: true}}";
  check_versions({.spec = automatic, .labels = "sidecar.istio.io/inject: 'false'"}, 200, 999,
                 "no by object-selector", "yes by policy");
  check_versions({.spec = automatic, .annotations = kAsked}, 100, 999, "yes by inject-annotation",
                 "");
}

TEST_CASE("M9: M12: hostNetwork is never injected, whatever it asks for") {
  check_versions({.annotations = kAsked, .pod_spec = "hostNetwork: true"}, 100, 999,
                 "no by host-network", "");
  const auto workload = injection_in({.annotations = kAsked, .pod_spec = "hostNetwork: true"});
  CHECK(workload.host_network);
  CHECK(workload.decision.where.is_known());
}

TEST_CASE("M9: Kubernetes' own namespaces are never injected") {
  for (const char* ns : {"kube-system", "kube-public"}) {
    check_versions({.ns = ns, .annotations = kAsked}, 100, 999, "no by system-namespace", "");
  }
  for (const char* ns : {"kube-node-lease", "local-path-storage"}) {
    check_versions({.ns = ns, .annotations = kAsked}, 201, 999, "no by system-namespace",
                   "yes by inject-annotation");
  }
}

TEST_CASE("M9: the values of the annotation") {
  for (const char* yes : {"y", "yes", "true", "on", "Y", "YES", "True", "oN"}) {
    INFO(yes);
    CHECK(words_of(
              injection_in({.annotations = "sidecar.istio.io/inject: '" + std::string{yes} + "'"})
                  .decision) == "yes by inject-annotation");
  }
  for (const char* no : {"false", "no", "n", "off", "1", "0", "enabled", " true"}) {
    INFO(no);
    const auto decision =
        injection_in({.annotations = "sidecar.istio.io/inject: '" + std::string{no} + "'"})
            .decision;
    CHECK(words_of(decision) == "no by inject-annotation");
  }
  CHECK(injection_in({.annotations = "sidecar.istio.io/inject: '1'"}).decision.reason ==
        "the annotation sidecar.istio.io/inject=1: only y, yes, true and on mean yes");
  CHECK(words_of(injection_in({.annotations = "sidecar.istio.io/inject: ''"}).decision) ==
        "no by policy");
}

TEST_CASE("M9: a label of the pod counts since v2.2, and then before the annotation") {
  check_versions({.labels = kAsked}, 202, 999, "yes by inject-label", "no by policy");
  check_versions({.labels = "sidecar.istio.io/inject: 'false'", .annotations = kAsked}, 202, 999,
                 "no by inject-label", "yes by inject-annotation");
  check_versions({.labels = "sidecar.istio.io/inject: ''", .annotations = kAsked}, 202, 999,
                 "no by policy", "yes by inject-annotation");
  const auto old = injection_in({.version = "v2.1", .labels = kAsked});
  CHECK(old.is_refused());
  CHECK(old.wish.by == InjectionWish::By::Label);
  CHECK(old.decision.reason ==
        "the template has no annotation sidecar.istio.io/inject=true; a label of that name counts "
        "only since v2.2");
}

TEST_CASE("M9: the policy decides where the template says nothing, and is off by default") {
  check_versions({}, 100, 999, "no by policy", "");
  check_versions({.spec = "proxy: {injection: {autoInject: true}}"}, 100, 999, "yes by policy", "");
  for (const std::string& version : versions_from(100, 101)) {
    CHECK(words_of(injection_in({.version = version,
                                 .spec = "istio: {global: {proxy: {autoInject: enabled}}}"})
                       .decision) == "yes by policy");
    CHECK(words_of(injection_in({.version = version,
                                 .spec = "istio: {global: {proxy: {autoInject: disabled}}}"})
                       .decision) == "no by policy");
  }
  const auto workload = injection_in({.spec = "proxy: {injection: {autoInject: true}}"});
  CHECK(workload.decision.reason ==
        "autoInject of mesh/basic v2.5 is on, and the template says nothing");
  CHECK(workload.decision.where.line == 12);
}

TEST_CASE("M9: selectors decide before the policy, never before always, the flag before both") {
  const std::string both =
      "proxy: {injection: {neverInjectSelector: [{matchLabels: {tier: db}}], "
      "alwaysInjectSelector: [{}, {matchExpressions: [{key: tier, operator: In, values: [db, "
      "web]}]}]}}";
  CHECK(words_of(injection_in({.spec = both, .labels = "tier: db"}).decision) ==
        "no by never-selector");
  CHECK(words_of(injection_in({.spec = both, .labels = "tier: web"}).decision) ==
        "yes by always-selector");
  CHECK(words_of(injection_in({.spec = both, .labels = "tier: other"}).decision) == "no by policy");
  CHECK(words_of(
            injection_in({.spec = both, .labels = "tier: db", .annotations = kAsked}).decision) ==
        "yes by inject-annotation");
  CHECK(words_of(injection_in({.version = "v1.1",
                               .spec = "istio: {sidecarInjectorWebhook: {alwaysInjectSelector: "
                                       "[{matchLabels: {tier: web}}]}}",
                               .labels = "tier: web"})
                     .decision) == "yes by always-selector");
}

TEST_CASE("M9: an injector's selector that is empty or refused matches nothing") {
  const Tree labels = Tree::mapping({{"a", Tree::string("b")}});
  const auto matches = [&](const std::string& selector) {
    Tree object =
        trees_from("apiVersion: v1\nkind: X\nmetadata: {name: x}\nselector: " + selector).at(0);
    return injector_matches(object.mapping_at("selector"), &labels);
  };
  CHECK(matches("{matchLabels: {a: b}}"));
  CHECK(matches("{matchExpressions: [{key: a, operator: Exists}]}"));
  CHECK(matches("{matchExpressions: [{key: c, operator: DoesNotExist}]}"));
  CHECK(matches("{matchExpressions: [{key: c, operator: NotIn, values: [x]}]}"));
  CHECK_FALSE(matches("{}"));
  CHECK_FALSE(matches("{matchLabels: {a: c}}"));
  CHECK_FALSE(
      matches("{matchLabels: {a: b}, matchExpressions: [{key: a, operator: In, values: "
              "[c]}]}"));
  CHECK_FALSE(matches("{matchExpressions: [{key: a, operator: In}]}"));
  CHECK_FALSE(matches("{matchExpressions: [{key: a, operator: Exists, values: [b]}]}"));
  CHECK_FALSE(matches("{matchExpressions: [{key: a, operator: Gt, values: [b]}]}"));
  CHECK_FALSE(matches("{matchExpressions: [{operator: Exists}]}"));
}

TEST_CASE("M9: the Gateway controller's webhook asks for no namespace, since v2.4") {
  const std::string gateway = "gateway.openshift.io/inject: 'true'";
  InjectionScenery scenery{.spec = "techPreview: {gatewayAPI: {controllerMode: true}}",
                           .ns_labels = "",
                           .labels = gateway,
                           .annotations = kAsked};
  check_versions(scenery, 204, 999, "yes by inject-annotation", "no by not-a-member");
  scenery.labels = "";
  CHECK(words_of(injection_in(scenery).decision) == "no by not-a-member");
}

TEST_CASE("M9: upstream's answer hangs on labels alone") {
  struct Row {
    const char* ns_labels;
    const char* labels;
    const char* annotations;
    bool injected;
  };
  const auto row = GENERATE(values<Row>({
      {"", "", kAsked, false},
      {kMember, "", kAsked, false},
      {"istio-injection: enabled", "", "", true},
      {"istio-injection: enabled", "", "sidecar.istio.io/inject: 'false'", false},
      {"istio-injection: enabled", "sidecar.istio.io/inject: 'false'", "", false},
      {"istio-injection: enabled", kAsked, "sidecar.istio.io/inject: 'false'", true},
      {"istio-injection: disabled", kAsked, "", false},
      {"istio.io/rev: canary", "", "", true},
      {"istio-injection: disabled, istio.io/rev: canary", "", "", false},
      {"", kAsked, "", true},
      {"", "istio.io/rev: canary", "", true},
      {"", "istio.io/rev: canary, sidecar.istio.io/inject: 'false'", "", false},
  }));
  const auto workload = injection_in(
      {.ns_labels = row.ns_labels, .labels = row.labels, .annotations = row.annotations});
  INFO(row.ns_labels << " | " << row.labels << " | " << row.annotations);
  CHECK(workload.upstream.injected == row.injected);
  CHECK_FALSE(workload.upstream.reason.empty());
}

TEST_CASE("M9: upstream injects neither hostNetwork nor Kubernetes' own namespaces") {
  CHECK_FALSE(
      injection_in({.ns_labels = "istio-injection: enabled", .pod_spec = "hostNetwork: true"})
          .upstream.injected);
  CHECK_FALSE(injection_in({.ns_labels = "istio-injection: enabled", .ns = "kube-system"})
                  .upstream.injected);
}

TEST_CASE("M9: what upstream would inject and this mesh does not is told apart") {
  const auto by_namespace =
      injection_in({.ns_labels = "maistra.io/member-of: mesh, istio-injection: enabled"});
  CHECK(by_namespace.only_upstream());
  CHECK_FALSE(by_namespace.is_refused());
  CHECK_FALSE(injection_in({.labels = kAsked}).only_upstream());
}

TEST_CASE("M9: the annotation on the Deployment itself does nothing, and is told") {
  const auto misplaced =
      injection_in({.own_metadata = "annotations: {" + std::string{kAsked} + "}"});
  CHECK(words_of(misplaced.decision) == "no by policy");
  REQUIRE(misplaced.misplaced_wish);
  CHECK(misplaced.misplaced_wish->is_known());
  CHECK_FALSE(injection_in({.annotations = kAsked,
                            .own_metadata = "annotations: {" + std::string{kAsked} + "}"})
                  .misplaced_wish.has_value());
}

TEST_CASE("M9: what of a control plane is not read is told") {
  const auto unmodelled = [](const std::string& spec, const std::string& more = {}) {
    const Injections found = injections_in({.spec = spec, .more = more});
    REQUIRE(found.injectors.size() == 1);
    return found.injectors.front().unmodelled;
  };
  using Texts = std::vector<std::string>;
  CHECK(unmodelled("profiles: [default]").empty());
  CHECK(unmodelled("profiles: [own]") == Texts{"profile own is not read"});
  CHECK(unmodelled("techPreview: {global: {proxy: {}}, sidecarInjectorWebhook: {objectSelector: "
                   "{}, templates: {}}}") ==
        Texts{"spec.techPreview.global is not read",
              "spec.techPreview.sidecarInjectorWebhook.templates is not read"});
  CHECK(unmodelled("proxy: {injection: {injectedAnnotations: {k8s.v1.cni.cncf.io/networks: x}}}") ==
        Texts{"injectedAnnotations write k8s.v1.cni.cncf.io/networks, which is not read"});
  const auto map = [](const std::string& policy) {
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio-sidecar-injector-basic, "
           "namespace: mesh}\ndata: {config: \"a: b\\npolicy: " +
           policy + "\\nc: d\"}\n";
  };
  CHECK(unmodelled("", map("disabled")).empty());
  CHECK(unmodelled("", map("enabled")) ==
        Texts{"ConfigMap mesh/istio-sidecar-injector-basic has policy enabled, which is not read: "
              "the spec's disabled is taken"});
  const auto unknown = injections_in({.version = "v2.9"}).injectors.front();
  CHECK(unknown.unmodelled == Texts{"version v2.9 is not known: it is taken as v2.6"});
}

TEST_CASE("M9: every kind that makes pods is asked about, and only the namespaces that are named") {
  const auto with_template = [](const std::string& kind, const std::string& version,
                                const std::string& spec) {
    return "apiVersion: " + version + "\nkind: " + kind +
           "\nmetadata: {name: x, namespace: shop}\nspec: " + spec + "\n---\n";
  };
  const std::string pod =
      "{metadata: {annotations: {sidecar.istio.io/inject: 'yes'}}, spec: "
      "{containers: [{name: a}]}}";
  const std::string simple = "{template: " + pod + "}";
  const std::string more =
      with_template("StatefulSet", "apps/v1", simple) +
      with_template("DaemonSet", "apps/v1", simple) +
      with_template("ReplicaSet", "apps/v1", simple) + with_template("Job", "batch/v1", simple) +
      with_template("DeploymentConfig", "apps.openshift.io/v1", simple) +
      with_template("ReplicationController", "v1", simple) +
      with_template("CronJob", "batch/v1", "{jobTemplate: {spec: " + simple + "}}") +
      "apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: shop, annotations: "
      "{sidecar.istio.io/inject: 'yes'}}\nspec: {containers: [{name: a}]}\n---\n"
      "apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: mesh}\nspec: {containers: "
      "[{name: a}]}\n";
  const InjectionScenery scenery{.annotations = kAsked, .more = more};
  const Injections found = injections_in(scenery);
  CHECK(found.workloads.size() == 10);
  std::set<std::string> kinds;
  for (const WorkloadInjection& workload : found.workloads) {
    if (workload.ns != "shop") continue;
    kinds.insert(workload.kind);
    INFO(workload.kind);
    CHECK(words_of(workload.decision) == "yes by inject-annotation");
  }
  CHECK(kinds.size() == 9);
  CHECK(found.find_injector("mesh") != nullptr);
  CHECK(found.find_injector("shop") == nullptr);
}

TEST_CASE("M9: only the namespaces that are asked for are looked at") {
  const Snapshot state = snapshot_from(
      "apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: a}\nspec: {containers: [{name: "
      "a}]}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: b}\nspec: {containers: "
      "[{name: a}]}\n");
  const std::set<std::string> only{"b"};
  const auto found = find_injections(state, {}, &only);
  REQUIRE(found.has_value());
  REQUIRE(found->workloads.size() == 1);
  CHECK(found->workloads.front().ns == "b");
  CHECK(words_of(found->workloads.front().decision) == "no by not-a-member");
  PredictOptions unknown;
  unknown.operator_version = "9.9";
  CHECK_FALSE(find_injections(state, unknown).has_value());
}

TEST_CASE("M9: rules have names of their own") {
  std::set<std::string_view> names;
  for (const InjectionRule rule : injection_rules()) names.insert(to_string(rule));
  CHECK(names.size() == injection_rules().size());
}

}  // namespace
}  // namespace meshproof
