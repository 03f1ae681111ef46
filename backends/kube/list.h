#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "backends/cluster.h"
#include "backends/kube/client.h"
#include "backends/kube/discovery.h"

namespace meshproof::kube {

/// `/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies`; of all namespaces where `ns` is
/// empty or the kind has none.
[[nodiscard]] std::string collection_path(const ServedKind& kind, std::string_view ns);
[[nodiscard]] std::string object_path(const ServedKind& kind, std::string_view ns,
                                      std::string_view name);

/// What becomes of a list whose continuation has expired (410).
enum class WhenExpired : std::uint8_t {
  GoOn,  ///< with the token that the answer offers: later pages show a later state
  Fail,  ///< with Gone
};

/// Page by page; items get the apiVersion and kind that lists of built-in kinds leave out, and
/// are as the server wrote them: that one is JSON is for `take` to find. A `limit` of 0 asks for
/// one page.
[[nodiscard]] Answer<ListEnd> list_items(Client& client, const ServedKind& kind,
                                         std::string_view ns, std::size_t limit,
                                         WhenExpired when_expired, const TakeItem& take);

}  // namespace meshproof::kube
