#include "tests/scenarios/must_gather_tree.h"

namespace meshproof {
namespace {

std::string platform(const std::string& path) {
  return "quay-io-openshift-release-dev-ocp-v4-0-art-dev-sha256-0123456789abcdef/" + path;
}

std::string mesh(const std::string& path) {
  return "registry-redhat-io-openshift-service-mesh-istio-must-gather-rhel8-sha256-fedcba98/" +
         path;
}

std::string list_text(const std::string& api_version, const std::string& kind,
                      const std::string& items) {
  return "---\napiVersion: " + api_version + "\nitems:" + items + "\nkind: " + kind +
         "\nmetadata:\n  continue: \"\"\n  resourceVersion: \"90\"\n";
}

void add_namespace(std::vector<PackedFile>& files, const std::string& root, const std::string& ns,
                   int pods) {
  const std::string folder = root + "namespaces/" + ns + "/";
  files.push_back({folder + ns + ".yaml", namespace_text(ns)});
  files.push_back({folder + "core/pods.yaml", pods_text(ns, pods)});
  files.push_back({folder + "core/services.yaml", list_text("v1", "ServiceList", " []")});
  files.push_back({folder + "core/events.yaml", "---\nnot: [even, YAML\n"});
  files.push_back({folder + "core/secrets.yaml", list_text("v1", "SecretList", "\n- broken: [")});
}

}  // namespace

std::string namespace_text(const std::string& name) {
  return "---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: " + name + "\n  uid: uid-" +
         name + "\n  resourceVersion: \"5\"\n";
}

std::string pods_text(const std::string& ns, int count) {
  std::string items = count == 0 ? " []" : "";
  for (int i = 0; i < count; ++i) {
    const std::string name = "pod-" + std::to_string(i);
    items += "\n- metadata:\n    name: " + name + "\n    namespace: " + ns + "\n    uid: " + ns +
             '-' + name + "\n    resourceVersion: \"7\"";
  }
  return list_text("v1", "PodList", items);
}

std::vector<PackedFile> must_gather_tree() {
  std::vector<PackedFile> files{
      {"event-filter.html", "<html>"},
      {"timestamp", "2023-10-01 started\n"},
      {platform("version"), "openshift/must-gather\n4.12\n"},
      {platform("cluster-scoped-resources/config.openshift.io/networks.yaml"),
       list_text("config.openshift.io/v1", "NetworkList",
                 "\n- apiVersion: config.openshift.io/v1\n  kind: Network\n  metadata:\n    name: "
                 "cluster\n  spec:\n    networkType: OpenShiftSDN")},
      {platform("cluster-scoped-resources/core/nodes/n1.yaml"),
       "---\napiVersion: v1\nkind: Node\nmetadata:\n  name: n1\n"},
      {platform("cluster-scoped-resources/network.openshift.io/hostsubnets/n1.yaml"),
       "---\napiVersion: network.openshift.io/v1\nkind: HostSubnet\nmetadata:\n  name: n1\nhost: "
       "n1\nhostIP: 10.0.0.1\nsubnet: 10.128.0.0/23\n"},
      {platform("cluster-scoped-resources/network.openshift.io/netnamespaces/openshift-dns.yaml"),
       "---\napiVersion: network.openshift.io/v1\nkind: NetNamespace\nmetadata:\n  name: "
       "openshift-dns\nnetid: 0\nnetname: openshift-dns\n"},
      {platform("etcd_info/endpoint_health.json"), "[{\"health\":true}]"},
      {platform("network_logs/ovnk_database_store.tar.gz"), "\x1f\x8b"},
      {platform("namespaces/kube-system/pods/pod-0/pod-0.yaml"),
       "---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: pod-0\n  namespace: kube-system\n  "
       "uid: kube-system-pod-0\n  resourceVersion: \"6\"\n"},
      {platform("namespaces/kube-system/pods/pod-0/main/main/logs/current.log"), "E0101"},
      {platform("namespaces/kube-system/pods/pod-0/main/main/logs/rotated/0.log.gz"), "\x1f"},
      {mesh("cluster-scoped-resources/apiextensions.k8s.io/customresourcedefinitions/"
            "servicemeshmemberrolls.maistra.io.yaml"),
       "---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  "
       "name: servicemeshmemberrolls.maistra.io\n"},
      {mesh("namespaces/istio-system/maistra.io/servicemeshmemberrolls/default.yaml"),
       "---\napiVersion: maistra.io/v1\nkind: ServiceMeshMemberRoll\nmetadata:\n  name: default\n "
       " namespace: istio-system\nspec:\n  members:\n  - shop\n"},
      {mesh("namespaces/shop/maistra.io/servicemeshmembers/default.yaml"),
       "---\napiVersion: maistra.io/v1\nkind: ServiceMeshMember\nmetadata:\n  name: default\n  "
       "namespace: shop\nspec: {}\n"},
  };
  add_namespace(files, platform(""), "kube-system", 1);
  add_namespace(files, mesh(""), "istio-system", 0);
  return files;
}

}  // namespace meshproof
