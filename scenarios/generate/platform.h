#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "scenarios/generate.h"

namespace meshproof {

/// Pods per node: what OpenShift allows unless told otherwise.
inline constexpr std::size_t kPodsOfNode = 250;
/// Nodes whose pod subnets (/23) fit in 10.128.0.0/9.
inline constexpr std::size_t kMostNodes = 16384;

/// Where the pods of a shape live.
struct Machines {
  std::size_t nodes = 3;
  unsigned network_prefix = 14;  ///< of the pod network, whose first address is 10.128.0.0
};

[[nodiscard]] Machines machines_of(const ClusterShape& shape);
[[nodiscard]] std::string node_name(std::size_t node);
[[nodiscard]] std::string node_address(std::size_t node);

/// A pod's node and address. Pods are dealt to the nodes in turn.
struct PodPlace {
  std::string node;
  std::string host_address;
  std::string address;
};
[[nodiscard]] PodPlace place_of_pod(std::size_t pod, const Machines& machines);

/// The NetNamespace of a namespace; empty where the network has none.
[[nodiscard]] std::string net_namespace_json(std::string_view name, std::size_t netid,
                                             const ClusterShape& shape);

/// The NetID of the project number `project` before it joins a mesh.
[[nodiscard]] std::size_t project_netid(std::size_t project);

/// The network's own objects; none in the dialect kubernetes. False if `take` was.
bool generate_network(const ClusterShape& shape, const TakeObject& take);
/// The nodes and their pod subnets. False if `take` was.
bool generate_nodes(const ClusterShape& shape, const Machines& machines, const TakeObject& take);

}  // namespace meshproof
