#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/diagnostic.h"
#include "model/tree.h"

namespace meshproof {

/// Puts a tree together from the events of a parser, and finds duplicate keys (`duplicate-key`,
/// with both places; the later value stays). O(1) per event.
class TreeBuilder {
 public:
  explicit TreeBuilder(Diagnostics& diagnostics) : diagnostics_(&diagnostics) {}

  /// Opens a Mapping or a Sequence.
  void begin(TreeKind kind, Place place);
  /// Closes the innermost one and returns it; it becomes part of the tree by value().
  [[nodiscard]] Tree end();
  /// True in a Mapping whose next scalar is a key.
  [[nodiscard]] bool wants_key() const;
  void key(std::string text, Place place);
  /// Adds to the innermost Mapping or Sequence; outside of any it is the root.
  void value(Tree tree);

  [[nodiscard]] std::size_t depth() const { return open_.size(); }
  /// The innermost open Mapping or Sequence; only while depth() is not 0.
  [[nodiscard]] Tree& innermost() { return open_.back().tree; }
  [[nodiscard]] Tree take_root() { return std::move(root_); }

 private:
  struct Open {
    Tree tree;
    bool has_key = false;
    bool replaces = false;  ///< the pending key is a repetition of field `target`
    std::size_t target = 0;
    /// The fields by key, once there are too many to search one by one.
    std::unordered_map<std::string, std::size_t> index = {};
  };

  Diagnostics* diagnostics_;
  std::vector<Open> open_;
  Tree root_;
};

}  // namespace meshproof
