#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/object.h"
#include "model/tree.h"

namespace meshproof {

// Reading and writing the metadata of objects that the mesh operator touches.

void set_label(Tree& object, std::string_view key, std::string_view value);
/// Also drops a labels mapping that has become empty.
void erase_label(Tree& object, std::string_view key);
void set_annotation(Tree& object, std::string_view key, std::string_view value);
void erase_annotation(Tree& object, std::string_view key);
/// Empty if there is none.
[[nodiscard]] std::string_view annotation(const Object& object, std::string_view key);
[[nodiscard]] bool has_annotation(const Object& object, std::string_view key);

/// metadata.finalizers as texts.
[[nodiscard]] std::vector<std::string> finalizers(const Tree& object);
[[nodiscard]] bool has_finalizer(const Object& object, std::string_view finalizer);
void add_finalizer(Tree& object, std::string_view finalizer);
void remove_finalizer(Tree& object, std::string_view finalizer);

/// metadata.generation; 1 for an object that has none, as for one just created.
[[nodiscard]] std::int64_t generation(const Object& object);

/// The texts of a sequence of strings at a path of the object; empty if it is not there.
[[nodiscard]] std::vector<std::string> strings_at(const Tree& object,
                                                  std::initializer_list<std::string_view> path);

}  // namespace meshproof
