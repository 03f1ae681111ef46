#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meshproof {

/// What Multus reads at a pod to know its networks besides the cluster's.
inline constexpr std::string_view kNetworksAnnotation = "k8s.v1.cni.cncf.io/networks";

/// One network that a pod asks for: a NetworkAttachmentDefinition.
struct NetworkSelection {
  std::string ns;  ///< empty: the pod's own
  std::string name;
  std::string interface;  ///< empty: chosen by Multus

  auto operator<=>(const NetworkSelection&) const = default;
  bool operator==(const NetworkSelection&) const = default;
};

/// `macvlan`, `net/macvlan@eth1`.
[[nodiscard]] std::string to_string(const NetworkSelection& network);

/// The networks of an annotation as Multus reads it: JSON if it has one of `[{"`, else a list with
/// commas. Empty if Multus refuses it: then no pod with it starts. Of an empty text: none.
[[nodiscard]] std::optional<std::vector<NetworkSelection>> read_networks(std::string_view value);

/// How an injector brings its network into the annotation (operator.md 5.3).
enum class NetworksStyle : std::uint8_t {
  Replace,     ///< v1.0, and v1.1 without injectPodRedirectAnnot
  AppendText,  ///< v1.1 with it, before 1.1.5: a comma and the name, whatever stands there
  Append,      ///< v1.1 with it, and v2.0: JSON lists too, nothing is looked at
  AppendOnce,  ///< v2.1 and later: not if it is listed, and not to what is no list of objects
};

/// What becomes of the text.
enum class NetworksChange : std::uint8_t {
  None,        ///< nothing is written
  Set,         ///< there was none
  Replaced,    ///< there was one, and it is gone
  Appended,    ///< the network comes after what was there
  Listed,      ///< left as it is, because the network is in it
  Unreadable,  ///< left as it is, because it is no JSON list of objects
};
/// `none`, `set`, `replaced`, `appended`, `listed`, `unreadable`.
[[nodiscard]] std::string_view to_string(NetworksChange change);

struct MergedNetworks {
  NetworksChange change = NetworksChange::None;
  std::string after;
};

/// The annotation of an injected pod. `before` is empty where the template has none.
[[nodiscard]] MergedNetworks merge_networks(const std::optional<std::string>& before,
                                            std::string_view network, NetworksStyle style);

/// The networks of `before` that `after` has no more, in their order: those of its own project may
/// be named with or without it. None where one of the two is not readable.
[[nodiscard]] std::vector<NetworkSelection> lost_networks(std::string_view before,
                                                          std::string_view after,
                                                          std::string_view own_namespace);

}  // namespace meshproof
