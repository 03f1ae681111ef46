#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/source.h"

namespace meshproof {

/// What a node of a tree is, as the API server sees it: YAML is resolved by the rules of YAML 1.1
/// (an unquoted `yes` is a Boolean, `010` a Number), JSON by its own.
enum class TreeKind : std::uint8_t { Null, Boolean, Number, String, Sequence, Mapping };

struct TreeField;

/// One document, or a part of it, with the place of every node: a plain value, whatever the syntax
/// it was read from. Fields keep the order of the input; the reader has refused duplicate keys.
struct Tree {
  TreeKind kind = TreeKind::Null;
  Place place;
  /// The scalar as JSON spells it (`true`, `8`), strings unquoted and unescaped; empty otherwise.
  std::string text;
  std::vector<Tree> items;        ///< of a Sequence
  std::vector<TreeField> fields;  ///< of a Mapping

  static Tree null();
  static Tree boolean(bool value);
  static Tree number(std::int64_t value);
  static Tree string(std::string value);
  static Tree sequence();
  static Tree sequence(std::vector<Tree> items);
  static Tree strings(const std::vector<std::string>& values);
  static Tree mapping(std::initializer_list<TreeField> fields = {});

  [[nodiscard]] bool is(TreeKind wanted) const { return kind == wanted; }
  [[nodiscard]] bool is_null() const { return kind == TreeKind::Null; }

  /// The value of a field of a Mapping; null when there is none or this is no Mapping. O(fields).
  [[nodiscard]] const Tree* find(std::string_view key) const;
  [[nodiscard]] Tree* find(std::string_view key);

  /// Follows keys downwards; null as soon as one is missing.
  [[nodiscard]] const Tree* find_path(std::initializer_list<std::string_view> keys) const;

  /// The text of a String at the path; empty when missing or of another kind.
  [[nodiscard]] std::string_view string_at(std::initializer_list<std::string_view> keys) const;
  [[nodiscard]] std::optional<std::int64_t> integer_at(
      std::initializer_list<std::string_view> keys) const;
  [[nodiscard]] std::optional<bool> boolean_at(std::initializer_list<std::string_view> keys) const;

  /// The integer of a Number; empty for other kinds, fractions and values beyond 64 bits.
  [[nodiscard]] std::optional<std::int64_t> as_integer() const;

  /// Sets a field, in place if it exists, else at the end. A Null becomes a Mapping first.
  Tree& set(std::string_view key, Tree value);
  /// The field's value, created as an empty Mapping if missing.
  Tree& mapping_at(std::string_view key);
  /// True if there was such a field.
  bool erase(std::string_view key);

  /// Same content; places and the order of fields do not count, the order of items does.
  friend bool operator==(const Tree& a, const Tree& b);
};

struct TreeField {
  std::string key;
  Tree value;
  Place key_place = {};
};

/// RFC 7386: fields of `patch` replace those of `target`, null removes, mappings merge.
[[nodiscard]] Tree merge_patch(Tree target, const Tree& patch);

}  // namespace meshproof
