// M9, M11: the annotation of the next pods of a workload, and the pods that run.

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/model/injection_scene.h"

namespace meshproof {
namespace {

constexpr const char* kAsked = "sidecar.istio.io/inject: 'true'";

std::string asked_with(const std::string& networks) {
  return std::string{kAsked} + ", k8s.v1.cni.cncf.io/networks: '" + networks + "'";
}

std::string attachment(const std::string& name, const std::string& ns = "shop") {
  return "apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\nmetadata: {name: " +
         name + ", namespace: " + ns + "}\n---\n";
}

TEST_CASE("M11: the network of each version is written as that version writes it") {
  struct Row {
    const char* version;
    const char* spec;
    const char* status;
    const char* after;
    NetworksChange change;
  };
  constexpr const char* kAppends =
      "istio: {sidecarInjectorWebhook: {injectPodRedirectAnnot: true}}";
  constexpr const char* kPreview =
      "techPreview: {sidecarInjectorWebhook: {injectPodRedirectAnnot: true}}";
  const auto row = GENERATE(values<Row>({
      {"v1.0", "", "", "istio-cni", NetworksChange::Replaced},
      {"v1.0", "istio: {sidecarInjectorWebhook: {injectPodRedirectAnnot: true}}", "", "istio-cni",
       NetworksChange::Replaced},
      {"v1.1", "", "", "v1-1-istio-cni", NetworksChange::Replaced},
      {"v1.1", "istio: {sidecarInjectorWebhook: {injectPodRedirectAnnot: false}}", "",
       "v1-1-istio-cni", NetworksChange::Replaced},
      {"v1.1", kAppends, "", "macvlan, v1-1-istio-cni", NetworksChange::Appended},
      {"v1.1", kPreview, "", "macvlan, v1-1-istio-cni", NetworksChange::Appended},
      {"v2.0", "", "", "macvlan, v2-0-istio-cni", NetworksChange::Appended},
      {"v2.0", "techPreview: {sidecarInjectorWebhook: {injectPodRedirectAnnot: false}}", "",
       "macvlan, v2-0-istio-cni", NetworksChange::Appended},
      {"v2.1", "", "", "macvlan, v2-1-istio-cni", NetworksChange::Appended},
      {"v2.2", "", "", "macvlan, v2-2-istio-cni", NetworksChange::Appended},
      {"v2.3", "", "", "macvlan, v2-3-istio-cni", NetworksChange::Appended},
      {"v2.4", "", "", "macvlan, v2-4-istio-cni", NetworksChange::Appended},
      {"v2.5", "", "", "macvlan, v2-5-istio-cni", NetworksChange::Appended},
  }));
  const auto workload = injection_in({.version = row.version,
                                      .spec = row.spec,
                                      .status = row.status,
                                      .annotations = asked_with("macvlan")});
  INFO(row.version << " " << row.spec);
  CHECK(workload.networks.before == "macvlan");
  CHECK(workload.networks.after == row.after);
  CHECK(to_string(workload.networks.change) == to_string(row.change));
  const bool is_lost = row.change == NetworksChange::Replaced;
  CHECK(workload.networks.lost ==
        (is_lost ? std::vector<std::string>{"macvlan"} : std::vector<std::string>{}));
  CHECK(networks_problem(workload.networks) ==
        (is_lost ? "the annotation is overwritten: pods lose macvlan" : ""));
  CHECK(workload.networks.place.is_known());
}

TEST_CASE("M11: JSON counts since 1.1.5, and from v2.1 on it has to be a list of objects") {
  struct Row {
    const char* version;
    const char* status;
    const char* before;
    const char* after;
    const char* problem;
  };
  constexpr const char* kBefore115 = "chartVersion: 1.1.4-2";
  constexpr const char* k115 = "chartVersion: 1.1.5";
  const auto row = GENERATE(values<Row>({
      {"v1.1", kBefore115, "macvlan", "macvlan, v1-1-istio-cni", ""},
      {"v1.1", kBefore115, "[{\"name\":\"a\"}]", "[{\"name\":\"a\"}], v1-1-istio-cni",
       "the annotation becomes one that Multus refuses: no pod starts"},
      {"v1.1", k115, "[{\"name\":\"a\"}]", "[{\"name\":\"a\"}, {\"name\": \"v1-1-istio-cni\"}]",
       ""},
      {"v1.1", "", "[{\"name\":\"a\"}]", "[{\"name\":\"a\"}, {\"name\": \"v1-1-istio-cni\"}]", ""},
      {"v2.0", "", "[]", "[, {\"name\": \"v2-0-istio-cni\"}]",
       "the annotation becomes one that Multus refuses: no pod starts"},
      {"v2.0", "", "a]b", "a, {\"name\": \"v2-0-istio-cni\"}]b",
       "Multus refuses the annotation: no pod starts"},
      {"v2.1", "", "[]", "[, {\"name\": \"v2-1-istio-cni\"}]",
       "the annotation becomes one that Multus refuses: no pod starts"},
      {"v2.5", "", "[\"a\"]", "[\"a\"]",
       "the annotation is no JSON list of objects, so it is left as it is: nothing redirects the "
       "pod's traffic to its sidecar"},
      {"v2.5", "", "[{\"name\":\"v2-5-istio-cni\"}]", "[{\"name\":\"v2-5-istio-cni\"}]", ""},
  }));
  const auto workload =
      injection_in({.version = row.version,
                    .spec = "techPreview: {sidecarInjectorWebhook: {injectPodRedirectAnnot: true}}",
                    .status = row.status,
                    .annotations = asked_with(row.before)});
  INFO(row.version << " " << row.before);
  CHECK(workload.networks.after == row.after);
  CHECK(networks_problem(workload.networks) == row.problem);
}

TEST_CASE("M11: without Multus the plugin is chained, and without a sidecar nothing is written") {
  NetworkOptions chained;
  chained.absent_kinds.insert("NetworkAttachmentDefinition");
  const auto without = injection_in({.annotations = asked_with("macvlan")}, chained);
  CHECK(without.decision.injected);
  CHECK(without.networks.change == NetworksChange::None);
  CHECK(without.networks.after == "macvlan");
  const auto outside =
      injection_in({.ns_labels = "", .annotations = asked_with("macvlan")}).networks;
  CHECK(outside.change == NetworksChange::None);
  CHECK(networks_problem(outside).empty());
  const auto gateway =
      injection_in({.annotations = std::string{kAsked} + ", inject.istio.io/templates: gateway"});
  CHECK(gateway.decision.injected);
  CHECK(gateway.networks.change == NetworksChange::None);
}

TEST_CASE("M11: the network that is written needs its NetworkAttachmentDefinition") {
  const auto lacks = [](const std::string& more) {
    return injection_in({.annotations = kAsked, .more = more}).networks;
  };
  CHECK_FALSE(lacks("").lacks_attachment);  // the input may not have collected them
  CHECK_FALSE(lacks(attachment("v2-5-istio-cni")).lacks_attachment);
  const auto old = lacks(attachment("v2-4-istio-cni"));
  CHECK(old.lacks_attachment);
  CHECK(networks_problem(old) ==
        "there is no NetworkAttachmentDefinition v2-5-istio-cni in the project: no pod starts");
  CHECK(lacks(attachment("v2-5-istio-cni", "mesh")).lacks_attachment);
}

TEST_CASE("M12: rights and redirecting containers of the template are told with it") {
  const auto workload = injection_in(
      {.annotations = kAsked,
       .pod_spec = "initContainers: [{name: istio-init, securityContext: {capabilities: {add: "
                   "[NET_ADMIN, NET_RAW]}}}]"});
  CHECK(workload.privileges.size() == 2);
  CHECK(workload.redirecting.size() == 1);
}

std::string pod(const std::string& name, const std::string& containers,
                const std::string& metadata = "", const std::string& status = "phase: Running") {
  return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name +
         ", namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, "
         "controller: true}]" +
         (metadata.empty() ? "" : ", " + metadata) + "}\nspec: {" + containers + "}\nstatus: {" +
         status + "}\n---\n";
}

constexpr const char* kPlain = "containers: [{name: app}]";
constexpr const char* kInjected = "containers: [{name: app}, {name: istio-proxy}]";
constexpr const char* kNetwork = "annotations: {k8s.v1.cni.cncf.io/networks: v2-5-istio-cni}";

std::string misfits_of(const WorkloadInjection& workload) {
  std::string text;
  for (const MisfittingPod& each : workload.misfits) {
    text += (text.empty() ? "" : ", ") + each.name + ' ' + std::string{to_string(each.misfit)};
  }
  return text;
}

TEST_CASE("M9: pods that are older than the membership lack their sidecar") {
  const auto workload =
      injection_in({.annotations = kAsked,
                    .more = pod("a", kPlain) + pod("b", kInjected, kNetwork) +
                            pod("c", kPlain, "", "phase: Succeeded") + pod("d", kPlain, "", "")});
  CHECK(workload.pods == 2);
  CHECK(workload.sidecars == 1);
  CHECK(misfits_of(workload) == "a lacks-sidecar");
  CHECK(workload.count(PodMisfit::LacksSidecar) == 1);
  CHECK(workload.misfits.front().place.is_known());
}

TEST_CASE("M9: pods keep their sidecar after leaving, also a native one") {
  const std::string native =
      "containers: [{name: app}], initContainers: [{name: istio-proxy, restartPolicy: Always}]";
  const std::string ended = "containers: [{name: app}], initContainers: [{name: istio-proxy}]";
  const auto workload =
      injection_in({.ns_labels = "",
                    .annotations = kAsked,
                    .more = pod("a", kInjected) + pod("b", native) + pod("c", ended)});
  CHECK(misfits_of(workload) == "a keeps-sidecar, b keeps-sidecar");
}

TEST_CASE("M9: M11: sidecars of another mesh, version or network are told") {
  const auto injected = [](const std::string& proxy) {
    return "containers: [{name: app}, {name: istio-proxy, " + proxy + "}]";
  };
  const std::string here = "env: [{name: CA_ADDR, value: 'istiod-basic.mesh.svc:15012'}]";
  const std::string there = "env: [{name: CA_ADDR, value: 'istiod-other.away.svc:15012'}]";
  const std::string old_args = "args: [proxy, --discoveryAddress, 'istio-pilot.away:15010']";
  const std::string versioned = ", labels: {maistra-version: 2.4.7}";
  const auto workload = injection_in(
      {.annotations = kAsked,
       .more =
           pod("a", injected(here), kNetwork) + pod("b", injected(there), kNetwork) +
           pod("c", injected(old_args), kNetwork) +
           pod("d", injected(here),
               "annotations: {k8s.v1.cni.cncf.io/networks: 'macvlan, v2-4-istio-cni'}") +
           pod("e", injected(here)) + pod("f", injected(here), kNetwork + versioned) +
           pod("g", injected(here), std::string{kNetwork} + ", labels: {maistra-version: 2.5.2}")});
  CHECK(misfits_of(workload) ==
        "b other-mesh, c other-mesh, d other-network, e not-redirected, f other-version");
}

TEST_CASE("M9: a gateway is a proxy, and no pod that lacks one") {
  const auto workload =
      injection_in({.annotations = std::string{kAsked} + ", inject.istio.io/templates: gateway",
                    .more = pod("a", "containers: [{name: istio-proxy}]")});
  CHECK(misfits_of(workload).empty());
}

TEST_CASE("M9: without a template a pod stands for the next one, injected or not") {
  const std::string bare =
      "apiVersion: v1\nkind: Pod\nmetadata: {name: bare, namespace: shop, annotations: "
      "{sidecar.istio.io/inject: 'true', k8s.v1.cni.cncf.io/networks: 'macvlan, "
      "v2-0-istio-cni'}}\nspec: {containers: [{name: app}, {name: istio-proxy}]}\nstatus: {phase: "
      "Running}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: gone-1, namespace: shop, "
      "annotations: {sidecar.istio.io/inject: 'true'}, ownerReferences: [{kind: StatefulSet, name: "
      "gone, controller: true}]}\nspec: {containers: [{name: app}]}\nstatus: {phase: Running}\n";
  const Injections found = injections_in({.version = "v2.0", .more = bare});
  REQUIRE(found.workloads.size() == 3);
  const WorkloadInjection& own = found.workloads[0];
  CHECK(own.kind == "Pod");
  CHECK(own.from_pod);
  CHECK(own.decision.injected);
  CHECK(own.networks.change == NetworksChange::None);
  CHECK(own.misfits.empty());
  const WorkloadInjection& gone = found.workloads[1];
  CHECK(gone.kind == "StatefulSet");
  CHECK(gone.from_pod);
  CHECK(misfits_of(gone) == "gone-1 lacks-sidecar");
}

}  // namespace
}  // namespace meshproof
