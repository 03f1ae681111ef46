#pragma once

#include <string_view>

#include "model/tree.h"

namespace meshproof {

/// The object with what the API server adds to every write of its kind: a Namespace's name label, a
/// NetworkPolicy's podSelector, policyTypes and protocols, the group of a binding's role and users.
[[nodiscard]] Tree with_defaults(Tree object);

/// The object as it is after its creation: also generation 1, and the finalizer and phase of a
/// Namespace; the status of a mesh object does not survive.
[[nodiscard]] Tree as_created(Tree object);

/// True for kinds whose metadata.generation counts changes of the spec, among those that the
/// operator or a change of membership creates.
[[nodiscard]] bool has_generation(std::string_view kind);

}  // namespace meshproof
