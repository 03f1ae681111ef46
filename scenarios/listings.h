#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/coverage.h"
#include "model/tree.h"
#include "scenarios/list_items.h"

namespace meshproof {

/// True if a list says that its rest was not fetched: `metadata.continue` is set.
[[nodiscard]] bool is_cut_off(const Tree& list);

/// What a list that was cut off says: of the kind of its items, or of every kind among them where
/// the list itself has none (`item_kind` is empty). Which namespaces it was asked for is not known,
/// so it speaks of all. O(parts).
[[nodiscard]] std::vector<std::pair<Part, Listing>> listings_of_cut_off(const Tree& list,
                                                                        std::string_view item_kind,
                                                                        const ListItems& items);

/// What a typed list that was not cut off says: of a cluster-scoped kind that the files hold all of
/// it, as far as they can know. Of a namespaced one nothing: for which namespaces it was asked does
/// not stand there.
[[nodiscard]] std::optional<std::pair<Part, Listing>> listing_of_typed_list(
    const Tree& list, std::string_view item_kind, const ListItems& items);

/// What a failed request says (`kind: Status`, as curl and `oc get --raw` write it into a dump):
/// the kind and namespace that were asked for, as far as it names them. Forbidden and Unauthorized
/// are Denied, anything else is Never.
[[nodiscard]] std::pair<Part, Listing> listing_of_status(const Tree& status);

/// `networkpolicies` of `NetworkPolicy`: how the API names the resource of a kind.
[[nodiscard]] std::string resource_of(std::string_view kind);

/// The other way round, of the kinds in known_kinds() and unmodelled_kinds(); the name itself if
/// there is none.
[[nodiscard]] std::string kind_of_resource(std::string_view resource);

}  // namespace meshproof
