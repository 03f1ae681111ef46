#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/tree.h"

namespace meshproof {

/// A right that the spec of a pod gives to a container.
struct AddedRight {
  std::string container;
  bool init = false;  ///< an init container
  std::string name;   ///< a capability, `NET_ADMIN`, `ALL`; or `privileged`
  Place place;        ///< of the capability, or of `privileged`
};

/// The capability as it is compared: runtimes take names in any case, with and without `CAP_`.
[[nodiscard]] std::string capability_name(std::string_view capability);

/// Every right that the containers of a pod's spec are given: init containers first, then
/// containers, then ephemeral ones. What a runtime gives to every container is not looked at, nor
/// what a security context constraint takes away. O(size of the spec).
[[nodiscard]] std::vector<AddedRight> added_rights(const Tree& spec);

/// A right with which a container could redirect a pod's traffic, or get around the redirection.
/// With the CNI plugin no container of a member needs one (mission M12).
enum class Privilege : std::uint8_t { NetAdmin, NetRaw, AllCapabilities, Privileged };
/// `NET_ADMIN`, `NET_RAW`, `ALL`, `privileged`.
[[nodiscard]] std::string_view to_string(Privilege privilege);

struct HeldPrivilege {
  std::string container;
  bool init = false;  ///< an init container
  Privilege privilege = Privilege::NetAdmin;
  Place place;  ///< of the capability, or of `privileged`
};

/// Those of added_rights() that are such. O(size of the spec).
[[nodiscard]] std::vector<HeldPrivilege> held_privileges(const Tree& spec);

/// An init container that redirects the pod's traffic by itself, as upstream's does.
struct RedirectingContainer {
  std::string name;
  std::string why;  ///< one clause
  Place place;
};

/// By name (`istio-init`, `proxy-init`), by image (`…/proxy_init`), or because it calls
/// `istio-iptables`. `istio-validation` only looks whether traffic is redirected.
[[nodiscard]] std::vector<RedirectingContainer> redirecting_containers(const Tree& spec);

}  // namespace meshproof
