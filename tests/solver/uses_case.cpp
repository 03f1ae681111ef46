#include "tests/solver/uses_case.h"

#include <utility>

#include "tests/support/yaml.h"

namespace meshproof {
namespace {

constexpr std::string_view kBase = R"(
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: shop}}
---
apiVersion: v1
kind: Namespace
metadata: {name: pay, labels: {team: pay}}
---
apiVersion: v1
kind: Namespace
metadata: {name: platform, labels: {openshift.io/cluster-monitoring: "true"}}
---
apiVersion: v1
kind: Namespace
metadata: {name: openshift-ingress, labels: {network.openshift.io/policy-group: ingress}}
---
apiVersion: v1
kind: Namespace
metadata: {name: openshift-monitoring}
---
apiVersion: v1
kind: Namespace
metadata: {name: openshift-user-workload-monitoring}
---
apiVersion: v1
kind: Node
metadata: {name: master, labels: {node-role.kubernetes.io/master: ""}}
status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}
---
apiVersion: v1
kind: Node
metadata: {name: worker}
status: {addresses: [{type: InternalIP, address: 192.168.0.2}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  nodeName: worker
  containers: [{name: main, ports: [{name: http, containerPort: 8080}, {name: metrics, containerPort: 9102}]}]
status: {phase: Running, podIP: 10.128.2.10}
---
apiVersion: v1
kind: Pod
metadata: {name: admit, namespace: shop, labels: {app: admit}}
spec: {nodeName: master, containers: [{name: main, ports: [{containerPort: 9443}]}]}
status: {phase: Running, podIP: 10.128.0.10}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: pay}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: main, env: [{name: LOG_LEVEL, value: info}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: router, namespace: openshift-ingress}
spec: {nodeName: worker, containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.2.20}
---
apiVersion: v1
kind: Pod
metadata: {name: prometheus-k8s-0, namespace: openshift-monitoring, labels: {app.kubernetes.io/name: prometheus}}
spec: {nodeName: worker, containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.2.30}
---
apiVersion: v1
kind: Pod
metadata: {name: prometheus-user-0, namespace: openshift-user-workload-monitoring, labels: {app.kubernetes.io/name: prometheus}}
spec: {nodeName: worker, containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.2.31}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {team: shop}}
spec:
  clusterIP: 172.30.0.10
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: http}, {name: metrics, port: 9102, targetPort: metrics}]
---
apiVersion: v1
kind: Service
metadata: {name: admit, namespace: shop}
spec: {clusterIP: 172.30.0.11, selector: {app: admit}, ports: [{port: 443, targetPort: 9443}]}
---
apiVersion: v1
kind: Service
metadata: {name: peers, namespace: shop}
spec: {clusterIP: None, selector: {app: web}, ports: [{name: http, port: 8080}]}
)";

std::string names(const Use& use, const Cluster& cluster) {
  std::string text;
  if (use.pods == nullptr) return text;
  for (const PodId pod : *use.pods) {
    if (cluster.at(pod).ns == use.apart) continue;
    text += (text.empty() ? "" : ", ") + cluster.at(cluster.at(pod).ns).name + '/' +
            cluster.at(pod).name;
  }
  return text;
}

std::string sources(const Use& use, const Cluster& cluster) {
  std::string text = names(use, cluster);
  for (const NodeId node : use.nodes) text += "node " + cluster.at(node).name;
  for (const IpBlock& block : use.blocks) text += block.cidr.to_string();
  return text;
}

}  // namespace

std::string uses_cluster() { return std::string(kBase); }

Snapshot uses_snapshot(const std::string& more) {
  return snapshot_from(more.empty() ? uses_cluster() : uses_cluster() + "\n---\n" + more);
}

std::vector<std::string> to_lines(const Uses& uses, const Cluster& cluster) {
  std::vector<std::string> lines;
  for (const Use& use : uses.uses) {
    std::string line;
    for (const UseSign& sign : use.signs) {
      line += std::string(to_string(sign.evidence)) + ": " + sign.words + ": ";
    }
    if (!use.source.empty()) line += use.source + ": ";
    line += sources(use, cluster) + " →";
    for (const UseTarget& target : use.targets) {
      line += ' ' + cluster.at(cluster.at(target.pod).ns).name + '/' + cluster.at(target.pod).name +
              ' ' + to_string(target.ports);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace meshproof
