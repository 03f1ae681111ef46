#include <catch2/catch.hpp>

#include "tests/model/projected.h"

namespace meshproof {
namespace {

using Lines = std::vector<std::string>;

/// An object of a kind that makes pods; its pods have the label `app`.
std::string maker(const std::string& api_version, const std::string& kind, const std::string& name,
                  const std::string& owner = "", int replicas = 1) {
  const std::string references = owner.empty() ? "" : ", ownerReferences: [" + owner + "]";
  return "---\napiVersion: " + api_version + "\nkind: " + kind +
         "\nmetadata: {namespace: shop, name: " + name + references +
         "}\nspec:\n  replicas: " + std::to_string(replicas) +
         "\n  template:\n    metadata: {labels: {app: " + name + "}}\n    spec: {}\n";
}

std::string pod(const std::string& name, const std::string& owner = "",
                const std::string& phase = "Running", const std::string& metadata = "") {
  const std::string references = owner.empty() ? "" : ", ownerReferences: [" + owner + "]";
  return "---\napiVersion: v1\nkind: Pod\nmetadata: {namespace: shop, name: " + name + references +
         metadata + "}\nspec: {}\nstatus: {phase: " + phase + "}\n";
}

std::string owner(const std::string& kind, const std::string& name) {
  return "{kind: " + kind + ", name: " + name + ", controller: true}";
}

/// `Deployment/web: web-1 web-2(Failed); …` in the order of the workloads.
std::string print(const Cluster& cluster) {
  std::string text;
  for (const auto& workload : cluster.workloads) {
    if (!text.empty()) text += "; ";
    text += workload.kind + '/' + workload.name + (workload.scaled_to_zero ? " at zero:" : ":");
    for (const auto id : workload.pods) {
      const Pod& member = cluster.at(id);
      text += ' ' + member.name;
      if (member.stand_in) text += '*';
      if (member.is_completed()) text += '-';
    }
  }
  return text;
}

TEST_CASE("pods belong to the topmost owner, and nothing is counted twice") {
  struct Row {
    const char* name;
    std::string yaml;
    const char* printed;
  };
  const std::string web = maker("apps/v1", "Deployment", "web");
  const std::string web_set = maker("apps/v1", "ReplicaSet", "web-5d9", owner("Deployment", "web"));
  const std::string old_set =
      maker("apps/v1", "ReplicaSet", "web-4c8", owner("Deployment", "web"), 0);
  const std::string web_pod = pod("web-5d9-x", owner("ReplicaSet", "web-5d9"));
  const std::string hash = ", labels: {pod-template-hash: 5d9}";
  const auto row = GENERATE_COPY(values<Row>({
      {"a pod alone", pod("web"), "Pod/web: web"},
      {"a template alone", web, "Deployment/web: Deployment/web*"},
      {"Deployment, ReplicaSets and pod", web + web_set + old_set + web_pod,
       "Deployment/web: web-5d9-x"},
      {"Deployment and ReplicaSets without pods", web + web_set + old_set,
       "Deployment/web: Deployment/web*"},
      {"ReplicaSets without their Deployment", web_set + old_set,
       "Deployment/web: ReplicaSet/web-5d9*"},
      {"a pod without its ReplicaSet, which the hash tells",
       web + pod("web-5d9-x", owner("ReplicaSet", "web-5d9"), "Running", hash),
       "Deployment/web: web-5d9-x"},
      {"a pod whose ReplicaSet does not end in the hash",
       pod("web-5d9-x", owner("ReplicaSet", "web-6"), "Running", hash),
       "ReplicaSet/web-6: web-5d9-x"},
      {"a pod whose owner is not there", pod("db-0", owner("StatefulSet", "db")),
       "StatefulSet/db: db-0"},
      {"StatefulSet",
       maker("apps/v1", "StatefulSet", "db") + pod("db-0", owner("StatefulSet", "db")),
       "StatefulSet/db: db-0"},
      {"DaemonSet", maker("apps/v1", "DaemonSet", "log"), "DaemonSet/log: DaemonSet/log*"},
      {"DeploymentConfig, ReplicationController and pod",
       maker("apps.openshift.io/v1", "DeploymentConfig", "old") +
           maker("v1", "ReplicationController", "old-1", owner("DeploymentConfig", "old")) +
           pod("old-1-x", owner("ReplicationController", "old-1")),
       "DeploymentConfig/old: old-1-x"},
      {"a pod without its ReplicationController, which the annotation tells",
       pod("old-1-x", owner("ReplicationController", "old-1"), "Running",
           ", annotations: {openshift.io/deployment-config.name: old}"),
       "DeploymentConfig/old: old-1-x"},
      {"a ReplicationController of its own", maker("v1", "ReplicationController", "rc"),
       "ReplicationController/rc: ReplicationController/rc*"},
      {"Job without pods", maker("batch/v1", "Job", "once"), "Job/once: Job/once*"},
      {"a mirror pod is its own workload", pod("etcd-a", owner("Node", "a")), "Pod/etcd-a: etcd-a"},
      {"a pod of a kind that we do not know", pod("run-1", owner("TaskRun", "run")),
       "TaskRun/run: run-1"},
      {"what owns a Deployment is no workload",
       maker("apps/v1", "Deployment", "istiod", owner("ServiceMeshControlPlane", "basic")),
       "Deployment/istiod: Deployment/istiod*"},
      {"the controller among several owners",
       pod("web-x", "{kind: Gadget, name: g}, {kind: StatefulSet, name: db, controller: true}"),
       "StatefulSet/db: web-x"},
      {"the first owner if none controls",
       pod("web-x", "{kind: StatefulSet, name: db}, {kind: Gadget, name: g}"),
       "StatefulSet/db: web-x"},
      {"owners that go round in a circle",
       maker("apps/v1", "ReplicaSet", "a", owner("ReplicaSet", "b")) +
           maker("apps/v1", "ReplicaSet", "b", owner("ReplicaSet", "a")),
       "ReplicaSet/a: ReplicaSet/a*; ReplicaSet/b: ReplicaSet/b*"},
      {"replicas 0 still stands", maker("apps/v1", "Deployment", "web", "", 0),
       "Deployment/web at zero: Deployment/web*"},
      {"pods that ended, and those to come",
       web + pod("web-1", owner("Deployment", "web"), "Failed"),
       "Deployment/web: Deployment/web* web-1-"},
      {"a Deployment and a pod of the same name", web + pod("web"),
       "Deployment/web: Deployment/web*; Pod/web: web"},
  }));
  DYNAMIC_SECTION(row.name) {
    const auto projected = project_text(row.yaml);
    CHECK(lines_of(projected.diagnostics).empty());
    CHECK(print(projected.cluster) == row.printed);
  }
}

TEST_CASE("a CronJob stands by the template of its jobs, and its Jobs belong to it") {
  const std::string cron = R"(---
apiVersion: batch/v1
kind: CronJob
metadata: {namespace: shop, name: night}
spec: {jobTemplate: {spec: {template: {metadata: {labels: {app: night}}, spec: {}}}}}
)";
  const std::string job = maker("batch/v1", "Job", "night-28", owner("CronJob", "night"));
  const auto alone = project_text(cron);
  CHECK(print(alone.cluster) == "CronJob/night: CronJob/night*");
  CHECK(to_string(LabelSelector{{{alone.cluster.pods[0].labels.all()[0].key,
                                  LabelOperator::In,
                                  {alone.cluster.pods[0].labels.all()[0].value}}},
                                {}},
                  alone.cluster.symbols) == "app=night");
  CHECK(print(project_text(cron + job + pod("night-28-x", owner("Job", "night-28"))).cluster) ==
        "CronJob/night: night-28-x");
  // The next run will have the same labels, so the workload can still send and receive.
  CHECK(print(project_text(cron + job + pod("night-28-x", owner("Job", "night-28"), "Succeeded"))
                  .cluster) == "CronJob/night: CronJob/night* night-28-x-");
}

TEST_CASE("a Job that has ended makes no more pods") {
  const std::string ended = R"(---
apiVersion: batch/v1
kind: Job
metadata: {namespace: shop, name: once}
spec: {template: {metadata: {labels: {app: once}}, spec: {}}}
status: {conditions: [{type: Complete, status: 'True'}]}
)";
  CHECK(print(project_text(ended).cluster) == "Job/once: Job/once*-");
  CHECK(print(project_text(ended + pod("once-x", owner("Job", "once"), "Succeeded")).cluster) ==
        "Job/once: once-x-");
}

TEST_CASE("the fields of a pod that decide who reaches it") {
  const auto projected = project_text(R"(
apiVersion: v1
kind: Pod
metadata: {namespace: shop, name: web, labels: {app: web}}
spec:
  nodeName: node-a
  containers:
  - name: web
    ports: [{name: http, containerPort: 8080}, {containerPort: 53, protocol: UDP}]
  - name: idle
  initContainers:
  - name: proxy
    restartPolicy: Always
    ports: [{name: metrics, containerPort: 15020}]
  - name: setup
    ports: [{name: never, containerPort: 1}]
status:
  phase: Pending
  hostIP: 192.168.0.1
  podIP: 10.128.0.10
  podIPs: [{ip: 10.128.0.10}, {ip: 'fd01::a'}, {ip: '::ffff:10.128.0.11'}]
)");
  CHECK_FALSE(has_errors(projected.diagnostics));
  const Cluster& cluster = projected.cluster;
  const PodId id = cluster.find_pod(cluster.find_namespace("shop"), "web");
  REQUIRE(id.is_valid());
  const Pod& web = cluster.at(id);
  CHECK(web.phase == PodPhase::Pending);
  CHECK_FALSE(web.host_network);
  CHECK_FALSE(web.stand_in);
  CHECK(cluster.at(web.node).name == "node-a");
  std::string addresses;
  for (const auto& address : web.addresses) addresses += address.to_string() + ' ';
  CHECK(addresses == "10.128.0.10 fd01::a 10.128.0.11 ");
  std::string ports;
  for (const auto& port : web.ports) {
    ports += port.name + '/' + std::to_string(port.port) + '/' +
             std::string{to_string(port.protocol)} + ' ';
  }
  CHECK(ports == "http/8080/TCP /53/UDP metrics/15020/TCP ");
}

TEST_CASE("a pod without status counts as running") {
  const auto projected =
      project_text("apiVersion: v1\nkind: Pod\nmetadata: {namespace: shop, name: web}\nspec: {}\n");
  CHECK(projected.cluster.pods.front().phase == PodPhase::Running);
}

TEST_CASE("what is wrong in a pod is an error") {
  struct Row {
    const char* name;
    const char* rest;
    Lines lines;
  };
  const auto row = GENERATE(values<Row>({
      {"phase",
       "status: {phase: Done}",
       {"4: error[bad-phase]: phase `Done` is unknown; it is one of Pending, Running, Succeeded, "
        "Failed, Unknown"}},
      {"address",
       "status: {podIP: 10.128.0.010}",
       {"4: error[bad-address]: `10.128.0.010` is no IP address; one is written like `10.128.0.4` "
        "or `fd01::4`"}},
      {"host address",
       "status: {hostIP: node-a}",
       {"4: error[bad-address]: `node-a` is no IP address; one is written like `10.128.0.4` or "
        "`fd01::4`"}},
      {"hostNetwork",
       "spec: {hostNetwork: 'true'}",
       {"4: error[wrong-type]: `hostNetwork` is the string `true`, not a boolean"}},
      {"container port",
       "spec: {containers: [{ports: [{containerPort: 70000}]}]}",
       {"4: error[bad-port]: `containerPort` is the number `70000`; it must be a number from 1 to "
        "65535"}},
      {"no container port",
       "spec: {containers: [{ports: [{name: http}]}]}",
       {"4: error[missing-field]: the container port has no `containerPort`"}},
      {"containers",
       "spec: {containers: {name: a}}",
       {"4: error[wrong-type]: `containers` is a mapping, not a list"}},
      {"node name",
       "spec: {nodeName: 7}",
       {"4: error[wrong-type]: `nodeName` is the number `7`, not a string"}},
      {"labels", "spec: [a]", {"4: error[wrong-type]: `spec` is a list, not a mapping"}},
  }));
  DYNAMIC_SECTION(row.name) {
    const std::string head = "apiVersion: v1\nkind: Pod\nmetadata: {namespace: shop, name: web}\n";
    CHECK(lines_of(project_text(head + row.rest).diagnostics) == row.lines);
  }
}

TEST_CASE("a template that is missing is an error") {
  const auto projected = project_text(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {namespace: shop, name: web}\nspec: {}\n");
  CHECK(lines_of(projected.diagnostics) ==
        Lines{"1: error[missing-field]: Deployment shop/web has no pod template"});
}

}  // namespace
}  // namespace meshproof
