#include <algorithm>
#include <iterator>
#include <map>
#include <string>

#include "model/project/fields.h"
#include "model/project/projection.h"

namespace meshproof {
namespace {

using NodesByName = std::map<std::string, Node, std::less<>>;

constexpr std::string_view kNodeSubnets = "k8s.ovn.org/node-subnets";
constexpr unsigned kHostPrefixV6 = 64;

template <typename Value>
void add_once(std::vector<Value>& values, const Value& value) {
  if (std::ranges::find(values, value) == values.end()) values.push_back(value);
}

/// The strings of `{"default":"10.128.0.0/23"}` or `{"default":["10.128.0.0/23",…]}`; empty for
/// anything else. Subnets hold no escapes, so a quote ends a string.
std::vector<std::string> default_subnets(std::string_view json) {
  constexpr std::string_view kBlank = " \t\r\n";
  std::vector<std::string> found;
  const auto take = [&](char wanted) {
    json.remove_prefix(std::min(json.find_first_not_of(kBlank), json.size()));
    if (json.empty() || json.front() != wanted) return false;
    json.remove_prefix(1);
    return true;
  };
  const auto take_string = [&] {
    const auto end = take('"') ? json.find('"') : std::string_view::npos;
    if (end == std::string_view::npos) return false;
    found.emplace_back(json.substr(0, end));
    json.remove_prefix(end + 1);
    return true;
  };
  const auto key = json.find("\"default\"");
  if (key == std::string_view::npos) return {};
  json.remove_prefix(key + std::string_view{"\"default\""}.size());
  if (!take(':')) return {};
  if (!take('[')) return take_string() ? found : std::vector<std::string>{};
  do {
    if (!take_string()) return {};
  } while (take(','));
  return take(']') ? found : std::vector<std::string>{};
}

void read_node_subnets(const Tree& annotation, Node& node, Diagnostics& diagnostics) {
  const auto texts = default_subnets(annotation.text);
  for (const auto& text : texts) {
    if (const auto block = Cidr::parse(text)) add_once(node.pod_subnets, *block);
  }
  if (!node.pod_subnets.empty()) return;
  add_warning(diagnostics, annotation.place, "bad-annotation",
              "annotation `k8s.ovn.org/node-subnets` is " + describe(annotation) +
                  "; it is written like `{\"default\":[\"10.128.0.0/23\"]}`");
}

void read_pod_cidrs(const Tree& spec, Node& node, Diagnostics& diagnostics) {
  auto texts = string_items(spec, "podCIDRs", diagnostics);
  const Tree* single = field(spec, "podCIDR", TreeKind::String, diagnostics);
  if (single != nullptr && !single->text.empty()) texts.push_back(single);
  for (const auto* text : texts) {
    if (const auto block = parse_cidr(*text, diagnostics)) add_once(node.pod_subnets, *block);
  }
}

void read_node(const Object& object, const Tree& tree, Node& node, Projection& projection) {
  Diagnostics& diagnostics = projection.diagnostics;
  node.place = object.place();
  node.assumed = false;
  node.labels = read_labels(tree.find("metadata"), projection);
  if (const Tree* status = field(tree, "status", TreeKind::Mapping, diagnostics)) {
    for (const auto* item : object_items(*status, "addresses", diagnostics)) {
      if (item->string_at({"type"}) != "InternalIP") continue;
      const Tree* text = field(*item, "address", TreeKind::String, diagnostics);
      if (text == nullptr) continue;
      if (const auto address = parse_address(*text, diagnostics)) {
        add_once(node.addresses, *address);
      }
    }
  }
  const Tree* subnets = tree.find_path({"metadata", "annotations", kNodeSubnets});
  if (subnets != nullptr) read_node_subnets(*subnets, node, diagnostics);
  const Tree* spec = field(tree, "spec", TreeKind::Mapping, diagnostics);
  if (spec != nullptr && node.pod_subnets.empty()) read_pod_cidrs(*spec, node, diagnostics);
}

/// The SDN's own word wins over what the Node says.
void read_host_subnet(const Object& object, const Tree& tree, Node& node,
                      Diagnostics& diagnostics) {
  if (!node.place.is_known()) node.place = object.place();
  node.assumed = false;
  if (const Tree* text = field(tree, "hostIP", TreeKind::String, diagnostics)) {
    if (const auto address = parse_address(*text, diagnostics)) add_once(node.addresses, *address);
  }
  if (const Tree* text = field(tree, "subnet", TreeKind::String, diagnostics)) {
    if (const auto block = parse_cidr(*text, diagnostics)) node.pod_subnets = {*block};
  }
}

Node& node_named(NodesByName& nodes, std::string_view name) {
  const auto at = nodes.find(name);
  if (at != nodes.end()) return at->second;
  Node node;
  node.name = name;
  node.assumed = true;
  return nodes.emplace(std::string{name}, std::move(node)).first->second;
}

/// Nodes that pods refer to, and their addresses. Gives the pods the ids of the nodes.
void add_nodes_of_pods(Projection& projection, NodesByName& nodes) {
  for (Node& told : projection.pod_nodes) {
    Node& node = node_named(nodes, told.name);
    if (!node.place.is_known()) node.place = told.place;
    for (const IpAddress& address : told.addresses) add_once(node.addresses, address);
  }
  std::vector<NodeId> ids;
  for (const Node& told : projection.pod_nodes) {
    const auto rank = std::distance(nodes.begin(), nodes.find(told.name));
    ids.push_back({static_cast<std::uint32_t>(rank)});
  }
  for (Pod& pod : projection.cluster.pods) {
    if (pod.node.is_valid()) pod.node = ids[pod.node.value];
  }
}

}  // namespace

void project_nodes(Projection& projection) {
  NodesByName nodes;
  visit(projection, "Node", [&](const Object& object, const Tree& tree) {
    read_node(object, tree, node_named(nodes, object.key.name), projection);
  });
  visit(projection, "HostSubnet", [&](const Object& object, const Tree& tree) {
    const auto host = tree.string_at({"host"});
    read_host_subnet(object, tree, node_named(nodes, host.empty() ? object.key.name : host),
                     projection.diagnostics);
  });
  add_nodes_of_pods(projection, nodes);
  for (auto& [name, node] : nodes) projection.cluster.nodes.push_back(std::move(node));
}

void assume_pod_subnets(Projection& projection) {
  Cluster& cluster = projection.cluster;
  for (const auto& pod : cluster.pods) {
    if (!pod.node.is_valid() || pod.host_network) continue;
    Node& node = cluster.nodes[pod.node.value];
    if (!node.pod_subnets.empty() && !node.subnet_assumed) continue;
    for (const auto& address : pod.addresses) {
      const unsigned prefix = address.is_v4() ? cluster.network.host_prefix : kHostPrefixV6;
      add_once(node.pod_subnets, Cidr::of(address, prefix));
      node.subnet_assumed = true;
    }
  }
  const auto assumed = std::ranges::count_if(cluster.nodes, &Node::subnet_assumed);
  if (assumed == 0) return;
  add_warning(projection.diagnostics, {}, "node-subnet-assumed",
              "the pod subnet of " + std::to_string(assumed) + (assumed == 1 ? " node" : " nodes") +
                  " is assumed: the host prefix /" + std::to_string(cluster.network.host_prefix) +
                  " around the addresses of its pods; HostSubnets or Nodes in the input would say "
                  "it");
}

}  // namespace meshproof
