#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.h"
#include "model/ip.h"
#include "model/tree.h"

namespace meshproof {

/// What messages call a kind: `a string`, `a list`, `a mapping`.
[[nodiscard]] std::string_view name_of(TreeKind kind);

/// What a message says of a value that it refuses: ``the string `x` ``, `a list`.
[[nodiscard]] std::string describe(const Tree& value);

void add_error(Diagnostics& diagnostics, Place place, std::string_view code, std::string message);
void add_warning(Diagnostics& diagnostics, Place place, std::string_view code, std::string message);

/// Not there, or null, which the API server reads alike.
[[nodiscard]] bool is_absent(const Tree& parent, std::string_view key);

/// The value of the field; null when it is absent or null, as the API server reads it, and when it
/// is of another kind, which is the error `wrong-type`.
[[nodiscard]] const Tree* field(const Tree& parent, std::string_view key, TreeKind wanted,
                                Diagnostics& diagnostics);
[[nodiscard]] std::optional<std::string_view> string_field(const Tree& parent, std::string_view key,
                                                           Diagnostics& diagnostics);
[[nodiscard]] std::optional<std::int64_t> integer_field(const Tree& parent, std::string_view key,
                                                        Diagnostics& diagnostics);
/// False when absent or of another kind.
[[nodiscard]] bool boolean_field(const Tree& parent, std::string_view key,
                                 Diagnostics& diagnostics);

/// The items of a list of objects. A null item counts as an empty object, as the API server decodes
/// it; an item of another kind is the error `wrong-type` and left out.
[[nodiscard]] std::vector<const Tree*> object_items(const Tree& parent, std::string_view key,
                                                    Diagnostics& diagnostics);
/// The items of a list of strings; an item of another kind is the error `wrong-type`.
[[nodiscard]] std::vector<const Tree*> string_items(const Tree& parent, std::string_view key,
                                                    Diagnostics& diagnostics);

/// Errors `bad-address` and `bad-cidr`.
[[nodiscard]] std::optional<IpAddress> parse_address(const Tree& text, Diagnostics& diagnostics);
[[nodiscard]] std::optional<Cidr> parse_cidr(const Tree& text, Diagnostics& diagnostics);

/// Warns (`pruned-field`) of every field that is not among the known ones.
void warn_of_pruned_fields(const Tree& object, std::span<const std::string_view> known,
                           Diagnostics& diagnostics);

}  // namespace meshproof
