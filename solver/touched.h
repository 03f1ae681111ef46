#pragma once

#include <optional>
#include <set>
#include <string>

#include "model/snapshot.h"

namespace meshproof {

/// The namespaces that two states differ in, as far as flows between pods of the pod network can
/// tell: a flow of which neither end is in one of them, a host or outside is decided alike in both
/// (what hosts and outside add: touches_hosts()).
/// Their NetNamespaces' sharers are among them, and the namespaces of policies that are oversized
/// in one of the states only (SDN-P8). Nothing if no such bound is known: the network differs, or
/// objects of kinds that act across namespaces (pods, nodes, kinds not modelled), or host traffic's
/// own namespace. O(objects).
[[nodiscard]] std::optional<std::set<std::string>> touched_namespaces(const Snapshot& before,
                                                                      const Snapshot& after);

/// Whether differences in these namespaces can change what hosts and outside addresses reach, or
/// who reaches them, in other namespaces: they share the network id of hosts (SDN-P3), or have pods
/// on the nodes' network, which selectors may name (OVN-13). O(pods of the namespaces).
[[nodiscard]] bool touches_hosts(const Cluster& state, const std::set<std::string>& namespaces);

}  // namespace meshproof
