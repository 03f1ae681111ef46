#include "model/project/network_addresses.h"

#include <algorithm>

#include "model/project/fields.h"

namespace meshproof {
namespace {

void add_block(const Tree& parent, std::string_view key, std::vector<Cidr>& blocks,
               Diagnostics& diagnostics) {
  const Tree* text = field(parent, key, TreeKind::String, diagnostics);
  const auto block = text == nullptr ? std::nullopt : parse_cidr(*text, diagnostics);
  if (block && std::ranges::find(blocks, *block) == blocks.end()) blocks.push_back(*block);
}

void set_host_prefix(std::int64_t prefix, Place place, Network& network, Diagnostics& diagnostics) {
  if (prefix >= 1 && prefix <= 32) {
    network.host_prefix = static_cast<unsigned>(prefix);
    return;
  }
  add_error(diagnostics, place, "bad-host-prefix",
            "the host prefix is " + std::to_string(prefix) + "; it must be from 1 to 32");
}

/// `spec` or `status` of a config.openshift.io Network.
void read_network_part(const Tree& part, Network& network, Diagnostics& diagnostics) {
  for (const auto* item : object_items(part, "clusterNetwork", diagnostics)) {
    add_block(*item, "cidr", network.cluster_networks, diagnostics);
    const auto prefix = integer_field(*item, "hostPrefix", diagnostics);
    const bool is_v6 = item->string_at({"cidr"}).find(':') != std::string_view::npos;
    if (prefix && !is_v6) set_host_prefix(*prefix, item->place, network, diagnostics);
  }
  for (const auto* text : string_items(part, "serviceNetwork", diagnostics)) {
    if (const auto block = parse_cidr(*text, diagnostics)) {
      network.service_networks.push_back(*block);
    }
  }
}

void read_host_subnet_length(const Tree& parent, std::string_view key, Network& network,
                             Diagnostics& diagnostics) {
  const auto length = integer_field(parent, key, diagnostics);
  if (length) set_host_prefix(32 - *length, parent.find(key)->place, network, diagnostics);
}

void read_cluster_network(const Tree& tree, Network& network, Diagnostics& diagnostics) {
  add_block(tree, "network", network.cluster_networks, diagnostics);
  read_host_subnet_length(tree, "hostsubnetlength", network, diagnostics);
  for (const auto* item : object_items(tree, "clusterNetworks", diagnostics)) {
    add_block(*item, "CIDR", network.cluster_networks, diagnostics);
    read_host_subnet_length(*item, "hostSubnetLength", network, diagnostics);
  }
  if (network.service_networks.empty()) {
    add_block(tree, "serviceNetwork", network.service_networks, diagnostics);
  }
}

void read_vxlan_port(const Tree& tree, Network& network, Diagnostics& diagnostics) {
  const auto port = integer_field(tree, "vxlanPort", diagnostics);
  if (!port) return;
  if (*port >= 1 && *port <= 65535) {
    network.vxlan_port = static_cast<std::uint16_t>(*port);
    return;
  }
  add_error(diagnostics, tree.find("vxlanPort")->place, "bad-port",
            "`vxlanPort` is " + std::to_string(*port) + "; it must be a number from 1 to 65535");
}

}  // namespace

void read_network_addresses(const Object* network_object, const Object* cluster_network,
                            Network& network, Diagnostics& diagnostics) {
  if (network_object != nullptr) {
    for (const auto* key : {"spec", "status"}) {
      const Tree* part = field(*network_object->tree, key, TreeKind::Mapping, diagnostics);
      if (part != nullptr && network.cluster_networks.empty()) {
        network.service_networks.clear();
        read_network_part(*part, network, diagnostics);
      }
    }
  }
  if (cluster_network == nullptr) return;
  read_vxlan_port(*cluster_network->tree, network, diagnostics);
  if (network.cluster_networks.empty()) {
    read_cluster_network(*cluster_network->tree, network, diagnostics);
  }
}

}  // namespace meshproof
