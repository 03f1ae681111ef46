#pragma once

#include "model/change.h"
#include "model/object.h"
#include "model/tree.h"

namespace meshproof {

/// What ApplyObject leaves: spec, labels, annotations and every other field of `wanted`; the status
/// and the rest of the metadata of `existing`, where there is one.
[[nodiscard]] Tree applied_object(const Object* existing, const Tree& wanted);

/// What MergeObject leaves (`kubectl apply` without a last-applied state): mappings merge, lists
/// and scalars of the manifest win, nothing is removed by being absent; the manifest's status and
/// server-side metadata do not count.
[[nodiscard]] Tree merged_object(const Object* existing, const Tree& manifest);

/// The edits that turn one state into another: an ApplyObject for each object that is new, a
/// PatchObject for each that is different (status and server-side metadata do not count), so that
/// what the mesh has written to it stays, and a DeleteObject for each that is missing. Member rolls
/// that only lose namespaces come first, because admission refuses a namespace that another roll
/// still lists.
[[nodiscard]] Change change_between(const ObjectStore& before, const ObjectStore& target);

/// The object without what only a server writes: resourceVersion, uid, creationTimestamp,
/// managedFields and selfLink; without status unless it is asked for.
[[nodiscard]] Tree without_server_fields(const Tree& object, bool keep_status);

}  // namespace meshproof
