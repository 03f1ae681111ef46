#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "backends/cluster.h"

namespace meshproof {

/// An object as a server's list gives it, with apiVersion and kind, which items of typed lists
/// lack, and without what nothing reads: metadata.managedFields, the last-applied annotation of
/// kinds of which the rules look at nothing in it, schemas of CustomResourceDefinitions, and
/// private keys of Routes. Nothing if the text is no JSON object. O(length).
[[nodiscard]] std::optional<nlohmann::ordered_json> read_item(std::string_view text,
                                                              const ServedKind& kind);

/// In one line; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string item_text(const nlohmann::ordered_json& item);

/// The name in its metadata; empty if there is none.
[[nodiscard]] std::string item_name(const nlohmann::ordered_json& item);
[[nodiscard]] std::string item_namespace(const nlohmann::ordered_json& item);

}  // namespace meshproof
