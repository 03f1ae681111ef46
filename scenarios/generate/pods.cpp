// A pod is filled in two steps: what all pods of a workload share first, then what is its own.
#include "scenarios/generate/pods.h"

#include <cstdint>

#include <fmt/format.h>

#include "scenarios/generate/form.h"
#include "scenarios/generate/random.h"

namespace meshproof {
namespace {

constexpr std::string_view kPodForm = R"({"apiVersion": "v1",
 "kind": "Pod",
 "metadata": {"name": "$pod",
  "namespace": "$ns",
  "labels": {"app": "$app",
   "role": "$role",
   "version": "$version",
   $ownlabel}$metadata,
  "ownerReferences": [{"apiVersion": "$ownergroup",
    "controller": true,
    "kind": "$ownerkind",
    "name": "$owner",
    "uid": "$owneruid"}]},
 "spec": {"nodeName": "$node",
  "containers": [{"name": "$app",
    "image": "registry.example/$app:$version",
    "ports": [{"containerPort": $port, "name": "service", "protocol": "$protocol"},
     {"containerPort": $metrics, "name": "metrics", "protocol": "TCP"}]$container}$sidecar]$spec},
 "status": {"phase": "$phase",
  "hostIP": "$host",
  "podIP": "$address",
  "podIPs": [{"ip": "$address"}]$status}})";

constexpr std::string_view kMetadata = R"(,
  "annotations": {$networks"k8s.v1.cni.cncf.io/network-status":
    "[{\n    \"name\": \"default\",\n    \"interface\": \"eth0\",\n    \"ips\": [\n        \"$address\"\n    ],\n    \"default\": true,\n    \"dns\": {}\n}]",
   "openshift.io/scc": "restricted-v2",
   "seccomp.security.alpha.kubernetes.io/pod": "runtime/default",
   "sidecar.istio.io/inject": "$inject"},
  "creationTimestamp": "2026-01-06T09:30:00Z",
  "generateName": "$owner-",
  "managedFields": [{"apiVersion": "v1",
    "fieldsType": "FieldsV1",
    "fieldsV1": {"f:metadata": {"f:annotations": {".": {}, "f:sidecar.istio.io/inject": {}},
      "f:generateName": {},
      "f:labels": {".": {}, "f:app": {}, "f:role": {}, "f:version": {}},
      "f:ownerReferences": {".": {}, "k:{\"uid\":\"$owneruid\"}": {}}},
     "f:spec": {"f:containers": {"k:{\"name\":\"$app\"}": {".": {}, "f:env": {}, "f:image": {},
       "f:imagePullPolicy": {}, "f:livenessProbe": {}, "f:name": {}, "f:ports": {},
       "f:resources": {}, "f:securityContext": {}, "f:terminationMessagePath": {}}},
      "f:dnsPolicy": {}, "f:restartPolicy": {}, "f:schedulerName": {}}},
    "manager": "kube-controller-manager",
    "operation": "Update",
    "time": "2026-01-06T09:30:00Z"},
   {"apiVersion": "v1",
    "fieldsType": "FieldsV1",
    "fieldsV1": {"f:status": {"f:conditions": {}, "f:containerStatuses": {}, "f:hostIP": {},
      "f:phase": {}, "f:podIP": {}, "f:podIPs": {}, "f:startTime": {}}},
    "manager": "kubelet",
    "operation": "Update",
    "subresource": "status",
    "time": "2026-01-06T09:30:07Z"}],
  "resourceVersion": "$resourceversion",
  "uid": "$uid")";

constexpr std::string_view kContainer = R"(,
    "env": [{"name": "LOG_LEVEL", "value": "info"},
     {"name": "POD_NAME", "valueFrom": {"fieldRef": {"apiVersion": "v1",
       "fieldPath": "metadata.name"}}},
     {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"key": "password", "name": "$app"}}}],
    "imagePullPolicy": "IfNotPresent",
    "livenessProbe": {"failureThreshold": 3,
     "httpGet": {"path": "/healthz", "port": $metrics, "scheme": "HTTP"},
     "periodSeconds": 10, "successThreshold": 1, "timeoutSeconds": 1},
    "resources": {"limits": {"cpu": "500m", "memory": "512Mi"},
     "requests": {"cpu": "50m", "memory": "128Mi"}},
    "securityContext": {"allowPrivilegeEscalation": false,
     "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": true},
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
    "volumeMounts": [{"mountPath": "/etc/$app", "name": "config", "readOnly": true},
     {"mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
      "name": "kube-api-access-$suffix", "readOnly": true}])";

constexpr std::string_view kNetworks = R"("k8s.v1.cni.cncf.io/networks": "v2-5-istio-cni",
   )";

constexpr std::string_view kSidecar = R"(,
   {"name": "istio-proxy",
    "image": "registry.example/proxyv2:2.5",
    "args": ["proxy", "sidecar", "--domain", "$ns.svc.cluster.local"],
    "ports": [{"containerPort": 15090, "name": "http-envoy-prom", "protocol": "TCP"}]})";

constexpr std::string_view kSpec = R"(,
  "dnsPolicy": "ClusterFirst",
  "enableServiceLinks": true,
  "preemptionPolicy": "PreemptLowerPriority",
  "priority": 0,
  "restartPolicy": "Always",
  "schedulerName": "default-scheduler",
  "serviceAccountName": "$app",
  "terminationGracePeriodSeconds": 30,
  "tolerations": [{"effect": "NoExecute", "key": "node.kubernetes.io/not-ready",
    "operator": "Exists", "tolerationSeconds": 300},
   {"effect": "NoExecute", "key": "node.kubernetes.io/unreachable",
    "operator": "Exists", "tolerationSeconds": 300}],
  "volumes": [{"configMap": {"defaultMode": 420, "name": "$app"}, "name": "config"},
   {"name": "kube-api-access-$suffix",
    "projected": {"defaultMode": 420,
     "sources": [{"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
      {"configMap": {"items": [{"key": "ca.crt", "path": "ca.crt"}],
        "name": "kube-root-ca.crt"}},
      {"downwardAPI": {"items": [{"fieldRef": {"apiVersion": "v1",
          "fieldPath": "metadata.namespace"}, "path": "namespace"}]}}]}}])";

constexpr std::string_view kStatus = R"(,
  "conditions": [
   {"lastTransitionTime": "2026-01-06T09:30:00Z", "status": "True", "type": "Initialized"},
   {"lastTransitionTime": "2026-01-06T09:30:07Z", "status": "$ready", "type": "Ready"},
   {"lastTransitionTime": "2026-01-06T09:30:07Z", "status": "$ready", "type": "ContainersReady"},
   {"lastTransitionTime": "2026-01-06T09:30:00Z", "status": "True", "type": "PodScheduled"}],
  "containerStatuses": [{"containerID": "cri-o://$uid$uid",
    "image": "registry.example/$app:$version",
    "imageID": "registry.example/$app@sha256:$uid$uid",
    "name": "$app", "ready": $ready, "restartCount": 0, "started": $ready}],
  "qosClass": "Burstable",
  "startTime": "2026-01-06T09:30:00Z")";

constexpr std::string_view kDeploymentForm = R"({"apiVersion": "apps/v1",
 "kind": "Deployment",
 "metadata": {"name": "$name",
  "namespace": "$ns",
  "labels": {"app": "$app"}},
 "spec": {"replicas": 1,
  "selector": {"matchLabels": {"app": "$app", "version": "$version"}},
  "template": {
   "metadata": {"labels": {"app": "$app",
     "role": "$role",
     "version": "$version"}},
   "spec": {"containers": [{"name": "$app",
      "image": "registry.example/$app:$version",
      "ports": [{"containerPort": $port, "name": "service", "protocol": "$protocol"},
       {"containerPort": $metrics, "name": "metrics", "protocol": "TCP"}]}]}}}})";

constexpr std::string_view kMetrics = "9100";

/// Lower-case letters and digits, as generated names and hashes have them.
std::string draw_suffix(Random& random, std::size_t length) {
  constexpr std::string_view kLetters = "bcdfghjklmnpqrstvwxz2456789";
  std::string text;
  for (std::size_t i = 0; i < length; ++i) text += kLetters[random.below(kLetters.size())];
  return text;
}

std::string draw_uid(Random& random) {
  const std::uint64_t high = random.next();
  const std::uint64_t low = random.next();
  return fmt::format("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", high >> 32U, high >> 16U & 0xffffU,
                     high & 0xfffU, low >> 48U & 0xfffU, low & 0xffffffffffffU);
}

/// What owns the pods of a workload, and how it names them.
struct Owner {
  std::string_view group;
  std::string name;
  std::string label;  ///< that it puts on the pod number $index
};

Owner draw_owner(const Deployed& deployed, Random& random) {
  const std::string_view kind = deployed.application->owner;
  if (kind == "StatefulSet") {
    return {"apps/v1", deployed.name,
            fmt::format("\"statefulset.kubernetes.io/pod-name\": \"{}-$index\"", deployed.name)};
  }
  if (kind == "Job") {
    return {"batch/v1", deployed.name,
            fmt::format("\"batch.kubernetes.io/job-name\": \"{}\"", deployed.name)};
  }
  const std::string hash = draw_suffix(random, 10);
  return {"apps/v1", deployed.name + '-' + hash,
          fmt::format("\"pod-template-hash\": \"{}\"", hash)};
}

/// The form of all pods of a shape.
std::string pod_form(bool lean, bool is_member) {
  return filled(kPodForm, {{"metadata", lean ? "" : kMetadata},
                           {"container", lean ? "" : kContainer},
                           {"spec", lean ? "" : kSpec},
                           {"status", lean ? "" : kStatus},
                           {"sidecar", is_member ? kSidecar : ""}});
}

bool generate_workload(const GeneratedProject& project, const Deployed& deployed,
                       std::string_view form, const Machines& machines, std::size_t first,
                       Random& random, const TakeObject& take) {
  const Application& application = *deployed.application;
  const Owner owner = draw_owner(deployed, random);
  const std::string of_workload = filled(form, {{"ns", project.name},
                                                {"app", deployed.name},
                                                {"role", application.role},
                                                {"version", deployed.version},
                                                {"ownlabel", owner.label},
                                                {"ownergroup", owner.group},
                                                {"ownerkind", application.owner},
                                                {"owner", owner.name},
                                                {"owneruid", draw_uid(random)},
                                                {"port", std::to_string(application.port)},
                                                {"protocol", application.protocol},
                                                {"metrics", kMetrics},
                                                {"networks", project.is_member ? kNetworks : ""},
                                                {"inject", project.is_member ? "true" : "false"}});
  const bool is_job = application.owner == "Job";
  for (std::size_t i = 0; i < deployed.pods; ++i) {
    const PodPlace place = place_of_pod(first + i, machines);
    const std::string suffix = draw_suffix(random, 5);
    const std::string index = std::to_string(i);
    const bool is_set = application.owner == "StatefulSet";
    // Jobs run to their end; now and then one fails.
    const std::string_view phase = !is_job             ? "Running"
                                   : random.one_in(10) ? "Failed"
                                   : random.one_in(3)  ? "Running"
                                                       : "Succeeded";
    const bool taken =
        take(filled(of_workload, {{"pod", owner.name + '-' + (is_set ? index : suffix)},
                                  {"index", index},
                                  {"suffix", suffix},
                                  {"uid", draw_uid(random)},
                                  {"resourceversion", std::to_string(100000 + first + i)},
                                  {"node", place.node},
                                  {"host", place.host_address},
                                  {"address", place.address},
                                  {"phase", phase},
                                  {"ready", phase == "Running" ? "true" : "false"}}));
    if (!taken) return false;
  }
  return true;
}

bool generate_deployment(const GeneratedProject& project, const Deployed& deployed,
                         const TakeObject& take) {
  return take(filled(kDeploymentForm, {{"name", deployed.name},
                                       {"ns", project.name},
                                       {"app", deployed.name},
                                       {"version", deployed.version},
                                       {"role", deployed.application->role},
                                       {"port", std::to_string(deployed.application->port)},
                                       {"protocol", deployed.application->protocol},
                                       {"metrics", kMetrics}}));
}

}  // namespace

bool generate_pods(const GeneratedProject& project, const ClusterShape& shape,
                   const Machines& machines, std::size_t first, const TakeObject& take) {
  Random random(shape.seed ^ 0x9d0d5U, project.number);
  const std::string form = pod_form(shape.lean, project.is_member);
  for (const Deployed& deployed : project.applications) {
    const bool taken = shape.deployments ? generate_deployment(project, deployed, take)
                                         : generate_workload(project, deployed, form, machines,
                                                             first, random, take);
    if (!taken) return false;
    first += deployed.pods;
  }
  return true;
}

}  // namespace meshproof
