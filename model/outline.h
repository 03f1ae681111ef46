#pragma once

#include <span>
#include <string_view>

namespace meshproof {

/// Which parts of a tree are wanted by somebody who looks at many: fields of mappings that it does
/// not name may be missing in what is read. An outline of a sequence is that of its items.
struct Outline {
  struct Field {
    std::string_view key;
    const Outline* value = nullptr;  ///< null: all of it
  };
  std::span<const Field> fields;
  /// The keys of other fields are wanted, their values may be null.
  bool other_keys = false;

  /// The field of the key; null if it is not wanted.
  [[nodiscard]] constexpr const Field* find(std::string_view key) const {
    for (const Field& field : fields) {
      if (field.key == key) return &field;
    }
    return nullptr;
  }
};

}  // namespace meshproof
