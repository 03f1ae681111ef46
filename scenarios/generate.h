#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "model/diagnostic.h"
#include "model/network.h"
#include "model/object.h"

namespace meshproof {

/// What a synthetic cluster is like. Every count but `members` is of what applications have; the
/// mesh and the router come on top.
struct ClusterShape {
  std::uint64_t namespaces = 10;
  std::uint64_t pods = 10;     ///< of each namespace
  std::uint64_t policies = 2;  ///< of each namespace
  std::uint64_t members = 3;   ///< the first so many namespaces belong to the mesh
  std::uint64_t seed = 1;
  bool deployments = false;  ///< each pod is written as a Deployment of one replica, as in a
                             ///< repository: without node, address and owner
  bool lean = false;         ///< leaves out what decides nothing: env, volumes, managedFields, …
  Dialect dialect = Dialect::OpenShiftSdn;
  SdnMode mode = SdnMode::NetworkPolicy;  ///< counts in the dialect openshift-sdn
};

/// What is wrong with a shape: `impossible-shape` for more members than namespaces, or more than
/// the addresses of the pod network suffice for.
[[nodiscard]] Diagnostics check(const ClusterShape& shape);

/// Takes one object as JSON; false ends the generation.
using TakeObject = std::function<bool(std::string_view json)>;

/// A synthetic cluster, object by object: the network and its nodes, a router, one mesh as the
/// operator leaves it (settle()), and per namespace its labels, varied policies and pods. The same
/// bytes from the same shape on every platform; the applications of a namespace do not depend on
/// how many namespaces there are. O(objects), and memory for the members' objects only. The shape
/// must pass check().
void generate(const ClusterShape& shape, const TakeObject& take);

/// The same as one JSON `kind: List`, in pieces. Returns false if `write` did.
bool generate_list(const ClusterShape& shape, const std::function<bool(std::string_view)>& write);

/// The same as objects.
[[nodiscard]] ObjectStore generate_objects(const ClusterShape& shape);

}  // namespace meshproof
