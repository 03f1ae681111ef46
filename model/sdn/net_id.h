#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/network.h"
#include "model/object.h"

namespace meshproof {

/// The annotation of a NetNamespace by which a change of its network is asked for.
inline constexpr std::string_view kChangeNetwork =
    "pod.network.openshift.io/multitenant.change-network";

/// What the SDN master does with a change-network annotation (sdn.md 3; sdn.md 7 for mode
/// NetworkPolicy; nothing looks at it in mode Subnet).
struct NetIdChange {
  std::uint32_t netid = 0;  ///< afterwards; unchanged after an error
  bool consumed = false;    ///< the annotation is removed
  std::string error;        ///< the master's own text; empty on success
};

/// What becomes of the NetNamespace `name` when the master sees the request (`join:mesh-a`,
/// `isolate`, `global`) in this state. O(NetNamespaces).
[[nodiscard]] NetIdChange change_network(const ObjectStore& objects, std::string_view name,
                                         std::string_view request, SdnMode mode);

/// netid of a NetNamespace object.
[[nodiscard]] std::uint32_t netid_of(const Object& net_namespace);

/// An id that no NetNamespace has: the master takes any free one, this is always the lowest, so
/// that the same input gives the same output.
[[nodiscard]] std::uint32_t fresh_netid(const ObjectStore& objects);

}  // namespace meshproof
