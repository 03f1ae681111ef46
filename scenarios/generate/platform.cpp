#include "scenarios/generate/platform.h"

#include <algorithm>

#include <fmt/format.h>

#include "scenarios/generate/form.h"

namespace meshproof {
namespace {

constexpr std::string_view kNetworkForm = R"({"apiVersion": "config.openshift.io/v1",
 "kind": "Network",
 "metadata": {"name": "cluster"},
 "spec": {"clusterNetwork": [{"cidr": "$network", "hostPrefix": 23}],
  "networkType": "$plugin",
  "serviceNetwork": ["172.30.0.0/16"]},
 "status": {"clusterNetwork": [{"cidr": "$network", "hostPrefix": 23}],
  "clusterNetworkMTU": 1450,
  "networkType": "$plugin",
  "serviceNetwork": ["172.30.0.0/16"]}})";

constexpr std::string_view kClusterNetworkForm = R"({"apiVersion": "network.openshift.io/v1",
 "kind": "ClusterNetwork",
 "metadata": {"name": "default"},
 "clusterNetworks": [{"CIDR": "$network", "hostSubnetLength": 9}],
 "hostsubnetlength": 9,
 "mtu": 1450,
 "network": "$network",
 "pluginName": "redhat/openshift-ovs-$mode",
 "serviceNetwork": "172.30.0.0/16",
 "vxlanPort": 4789})";

constexpr std::string_view kHostSubnetForm = R"({"apiVersion": "network.openshift.io/v1",
 "kind": "HostSubnet",
 "metadata": {"name": "$node"},
 "host": "$node",
 "hostIP": "$host",
 "subnet": "$subnet"})";

constexpr std::string_view kNodeForm = R"({"apiVersion": "v1",
 "kind": "Node",
 "metadata": {"name": "$node",
  "annotations": {$annotation},
  "labels": {"kubernetes.io/hostname": "$node",
   "kubernetes.io/os": "linux",
   "node-role.kubernetes.io/$role": "",
   "topology.kubernetes.io/zone": "zone-$zone"}},
 "spec": {$spec},
 "status": {"addresses": [{"address": "$host", "type": "InternalIP"},
   {"address": "$node", "type": "Hostname"}],
  "conditions": [{"status": "True", "type": "Ready"}]}})";

constexpr std::string_view kNetNamespaceForm = R"({"apiVersion": "network.openshift.io/v1",
 "kind": "NetNamespace",
 "metadata": {"name": "$name"},
 "netid": $netid,
 "netname": "$name"})";

std::string subnet_base(std::size_t node) {
  const std::size_t block = node * 2;  // a /23 is two /24
  return fmt::format("10.{}.{}", 128 + block / 256, block % 256);
}

std::string network_cidr(const Machines& machines) {
  return fmt::format("10.128.0.0/{}", machines.network_prefix);
}

bool generate_node(std::size_t node, const ClusterShape& shape, const TakeObject& take) {
  const std::string name = node_name(node);
  const std::string host = node_address(node);
  const std::string subnet = subnet_base(node) + ".0/23";
  const bool is_ovn = shape.dialect == Dialect::OvnKubernetes;
  const bool is_plain = shape.dialect == Dialect::Kubernetes;
  const std::string annotation =
      is_ovn ? fmt::format(R"("k8s.ovn.org/node-subnets": "{{\"default\":[\"{}\"]}}")", subnet)
             : "";
  const std::string spec = is_plain ? fmt::format(R"("podCIDR": "{}")", subnet) : "";
  const bool taken = take(filled(kNodeForm, {{"node", name},
                                             {"host", host},
                                             {"annotation", annotation},
                                             {"spec", spec},
                                             {"role", node < 3 ? "infra" : "worker"},
                                             {"zone", std::string{"abc"}.substr(node % 3, 1)}}));
  if (!taken || shape.dialect != Dialect::OpenShiftSdn) return taken;
  return take(filled(kHostSubnetForm, {{"node", name}, {"host", host}, {"subnet", subnet}}));
}

}  // namespace

Machines machines_of(const ClusterShape& shape) {
  constexpr std::size_t kFewestNodes = 3;
  // A few places more, for the pods of the mesh and the router.
  const std::size_t pods = shape.namespaces * shape.pods + kPodsOfNode;
  Machines machines;
  machines.nodes = std::max(kFewestNodes, (pods + kPodsOfNode - 1) / kPodsOfNode);
  for (std::size_t room = 512; room < machines.nodes; room *= 2) --machines.network_prefix;
  return machines;
}

std::string node_name(std::size_t node) { return fmt::format("node-{:05}", node + 1); }

std::string node_address(std::size_t node) {
  return fmt::format("192.168.{}.{}", node / 250, node % 250 + 1);
}

PodPlace place_of_pod(std::size_t pod, const Machines& machines) {
  const std::size_t node = pod % machines.nodes;
  const std::size_t index = pod / machines.nodes + 2;  // the gateway has the first address
  return {node_name(node), node_address(node),
          index < 256 ? fmt::format("{}.{}", subnet_base(node), index) : ""};
}

std::string net_namespace_json(std::string_view name, std::size_t netid,
                               const ClusterShape& shape) {
  if (shape.dialect != Dialect::OpenShiftSdn) return "";
  return filled(kNetNamespaceForm, {{"name", name}, {"netid", std::to_string(netid)}});
}

std::size_t project_netid(std::size_t project) { return 10 + project; }

bool generate_network(const ClusterShape& shape, const TakeObject& take) {
  if (shape.dialect == Dialect::Kubernetes) return true;
  const std::string network = network_cidr(machines_of(shape));
  const bool is_ovn = shape.dialect == Dialect::OvnKubernetes;
  if (!take(filled(kNetworkForm, {{"network", network},
                                  {"plugin", is_ovn ? "OVNKubernetes" : "OpenShiftSDN"}}))) {
    return false;
  }
  return is_ovn ||
         take(filled(kClusterNetworkForm, {{"network", network}, {"mode", to_string(shape.mode)}}));
}

bool generate_nodes(const ClusterShape& shape, const Machines& machines, const TakeObject& take) {
  for (std::size_t node = 0; node < machines.nodes; ++node) {
    if (!generate_node(node, shape, take)) return false;
  }
  return true;
}

}  // namespace meshproof
