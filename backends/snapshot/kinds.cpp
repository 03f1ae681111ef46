#include "backends/snapshot/kinds.h"

#include <array>

#include "model/coverage.h"

namespace meshproof {
namespace {

constexpr bool kOfCluster = false;

constexpr auto kKinds = std::to_array<ReadKind>({
    {"", "Namespace", "namespaces", kOfCluster},
    {"", "Service", "services"},

    {"", "ConfigMap", "configmaps"},
    {"", "Endpoints", "endpoints"},
    {"", "Node", "nodes", kOfCluster},
    {"", "Pod", "pods"},
    {"", "ReplicationController", "replicationcontrollers"},
    {"", "ServiceAccount", "serviceaccounts"},
    {"admissionregistration.k8s.io", "MutatingWebhookConfiguration",
     "mutatingwebhookconfigurations", kOfCluster},
    {"admissionregistration.k8s.io", "ValidatingWebhookConfiguration",
     "validatingwebhookconfigurations", kOfCluster},
    {"apiextensions.k8s.io", "CustomResourceDefinition", "customresourcedefinitions", kOfCluster},
    {"apiregistration.k8s.io", "APIService", "apiservices", kOfCluster},
    {"apps", "DaemonSet", "daemonsets"},
    {"apps", "Deployment", "deployments"},
    {"apps", "ReplicaSet", "replicasets"},
    {"apps", "StatefulSet", "statefulsets"},
    {"apps.openshift.io", "DeploymentConfig", "deploymentconfigs"},
    {"argoproj.io", "Application", "applications"},
    {"argoproj.io", "ArgoCD", "argocds"},
    {"authentication.istio.io", "MeshPolicy", "meshpolicies", kOfCluster},
    {"authentication.istio.io", "Policy", "policies"},
    {"authentication.maistra.io", "ServiceMeshPolicy", "servicemeshpolicies"},
    {"autoscaling", "HorizontalPodAutoscaler", "horizontalpodautoscalers"},
    {"batch", "CronJob", "cronjobs"},
    {"batch", "Job", "jobs"},
    {"cilium.io", "CiliumClusterwideNetworkPolicy", "ciliumclusterwidenetworkpolicies", kOfCluster},
    {"cilium.io", "CiliumNetworkPolicy", "ciliumnetworkpolicies"},
    {"config.openshift.io", "ClusterVersion", "clusterversions", kOfCluster},
    {"config.openshift.io", "DNS", "dnses", kOfCluster},
    {"config.openshift.io", "Infrastructure", "infrastructures", kOfCluster},
    {"config.openshift.io", "Ingress", "ingresses", kOfCluster},
    {"config.openshift.io", "Network", "networks", kOfCluster},
    {"crd.antrea.io", "ClusterNetworkPolicy", "clusternetworkpolicies", kOfCluster},
    {"crd.antrea.io", "NetworkPolicy", "networkpolicies"},
    {"crd.projectcalico.org", "GlobalNetworkPolicy", "globalnetworkpolicies", kOfCluster},
    {"crd.projectcalico.org", "HostEndpoint", "hostendpoints", kOfCluster},
    {"crd.projectcalico.org", "NetworkPolicy", "networkpolicies"},
    {"discovery.k8s.io", "EndpointSlice", "endpointslices"},
    {"extensions.istio.io", "WasmPlugin", "wasmplugins"},
    {"federation.maistra.io", "ExportedServiceSet", "exportedservicesets"},
    {"federation.maistra.io", "ImportedServiceSet", "importedservicesets"},
    {"federation.maistra.io", "ServiceMeshPeer", "servicemeshpeers"},
    {"jaegertracing.io", "Jaeger", "jaegers"},
    {"k8s.cni.cncf.io", "MultiNetworkPolicy", "multi-networkpolicies"},
    {"k8s.cni.cncf.io", "NetworkAttachmentDefinition", "network-attachment-definitions"},
    {"k8s.ovn.org", "ClusterUserDefinedNetwork", "clusteruserdefinednetworks", kOfCluster},
    {"k8s.ovn.org", "EgressFirewall", "egressfirewalls"},
    {"k8s.ovn.org", "UserDefinedNetwork", "userdefinednetworks"},
    {"kiali.io", "Kiali", "kialis"},
    {"maistra.io", "ServiceMeshControlPlane", "servicemeshcontrolplanes"},
    {"maistra.io", "ServiceMeshExtension", "servicemeshextensions"},
    {"maistra.io", "ServiceMeshMember", "servicemeshmembers"},
    {"maistra.io", "ServiceMeshMemberRoll", "servicemeshmemberrolls"},
    {"monitoring.coreos.com", "PodMonitor", "podmonitors"},
    {"monitoring.coreos.com", "ServiceMonitor", "servicemonitors"},
    {"network.openshift.io", "ClusterNetwork", "clusternetworks", kOfCluster},
    {"network.openshift.io", "EgressNetworkPolicy", "egressnetworkpolicies"},
    {"network.openshift.io", "HostSubnet", "hostsubnets", kOfCluster},
    {"network.openshift.io", "NetNamespace", "netnamespaces", kOfCluster},
    {"networking.istio.io", "EnvoyFilter", "envoyfilters"},
    {"networking.istio.io", "Gateway", "gateways"},
    {"networking.istio.io", "ServiceEntry", "serviceentries"},
    {"networking.istio.io", "VirtualService", "virtualservices"},
    {"networking.istio.io", "WorkloadEntry", "workloadentries"},
    {"networking.istio.io", "WorkloadGroup", "workloadgroups"},
    {"networking.k8s.io", "Ingress", "ingresses"},
    {"networking.k8s.io", "IngressClass", "ingressclasses", kOfCluster},
    {"networking.k8s.io", "NetworkPolicy", "networkpolicies"},
    {"operator.openshift.io", "IngressController", "ingresscontrollers"},
    {"operator.openshift.io", "Network", "networks", kOfCluster},
    {"policy", "PodDisruptionBudget", "poddisruptionbudgets"},
    {"policy.networking.k8s.io", "AdminNetworkPolicy", "adminnetworkpolicies", kOfCluster},
    {"policy.networking.k8s.io", "BaselineAdminNetworkPolicy", "baselineadminnetworkpolicies",
     kOfCluster},
    {"policy.networking.k8s.io", "ClusterNetworkPolicy", "clusternetworkpolicies", kOfCluster},
    {"projectcalico.org", "GlobalNetworkPolicy", "globalnetworkpolicies", kOfCluster},
    {"projectcalico.org", "HostEndpoint", "hostendpoints", kOfCluster},
    {"projectcalico.org", "NetworkPolicy", "networkpolicies"},
    {"rbac.authorization.k8s.io", "ClusterRole", "clusterroles", kOfCluster},
    {"rbac.authorization.k8s.io", "ClusterRoleBinding", "clusterrolebindings", kOfCluster},
    {"rbac.authorization.k8s.io", "Role", "roles"},
    {"rbac.authorization.k8s.io", "RoleBinding", "rolebindings"},
    {"rbac.istio.io", "ClusterRbacConfig", "clusterrbacconfigs", kOfCluster},
    {"rbac.istio.io", "RbacConfig", "rbacconfigs", kOfCluster},
    {"rbac.istio.io", "ServiceRole", "serviceroles"},
    {"rbac.istio.io", "ServiceRoleBinding", "servicerolebindings"},
    {"rbac.maistra.io", "ServiceMeshRbacConfig", "servicemeshrbacconfigs"},
    {"route.openshift.io", "Route", "routes"},
    {"security.istio.io", "AuthorizationPolicy", "authorizationpolicies"},
    {"security.istio.io", "PeerAuthentication", "peerauthentications"},
});

}  // namespace

std::string ReadKind::full_name() const { return group_and_kind(group, kind); }

std::string ReadKind::resource() const {
  std::string name{plural};
  if (!group.empty()) (name += '.') += group;
  return name;
}

std::span<const ReadKind> read_kinds() { return kKinds; }

}  // namespace meshproof
