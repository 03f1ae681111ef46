#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.h"
#include "model/source.h"
#include "model/tree.h"

namespace meshproof {

// How the reader's own formats (Change, Assertions, probes) are read: a field that is not known is
// an error, because nothing may be asked for and silently left out. The fields of API objects are
// read by model/project/fields.h.

/// Errors `unknown-field`, with what was probably meant.
void refuse_unknown_fields(const Tree& mapping, std::span<const std::string_view> known,
                           Diagnostics& diagnostics);

/// `; did you mean x?`, or nothing.
[[nodiscard]] std::string suggestion(std::string_view word,
                                     std::span<const std::string_view> candidates);

/// A nonempty String; empty when missing (`missing-field`) or of another kind (`wrong-type`).
[[nodiscard]] std::string required_string(const Tree& mapping, std::string_view key,
                                          Diagnostics& diagnostics);

/// The Strings of a field that holds one or a list of them. `wrong-type` for others.
[[nodiscard]] std::vector<const Tree*> one_or_more_strings(const Tree& mapping,
                                                           std::string_view key,
                                                           Diagnostics& diagnostics);

/// The documents of files that are not manifests; empty ones are left out.
[[nodiscard]] std::vector<Tree> load_documents(const std::vector<std::string>& paths,
                                               Sources& sources, Diagnostics& diagnostics);

}  // namespace meshproof
