#pragma once

#include <cstdint>
#include <memory>

#include "model/outline.h"
#include "model/tree.h"

namespace meshproof {

/// A text in which trees stand, so that they need not be held. Reading is safe for several threads
/// at once.
class TreeText {
 public:
  TreeText() = default;
  virtual ~TreeText() = default;
  TreeText(const TreeText&) = delete;
  TreeText& operator=(const TreeText&) = delete;

  /// The tree that begins at the offset, at this place: what was found there before, or at least
  /// what the outline wants of it. O(length).
  [[nodiscard]] virtual Tree read(std::uint64_t offset, Place place,
                                  const Outline* outline) const = 0;
};

/// The tree of an object: held, or read out of its text when it is asked for. Large dumps are held
/// as their texts.
class ObjectTree {
 public:
  /// Null, at no place.
  ObjectTree() = default;
  explicit ObjectTree(Tree tree);
  ObjectTree(std::shared_ptr<const TreeText> text, std::uint64_t offset, Place place);

  /// The tree; one that stands in a text is read at the first time and then held as long as this is
  /// there. Not for several threads at once.
  const Tree& operator*() const { return held_ != nullptr ? *held_ : hold(); }
  const Tree* operator->() const { return &**this; }

  /// The same without holding it: for who looks at many objects, once at each. At least what the
  /// outline wants of it.
  [[nodiscard]] std::shared_ptr<const Tree> read(const Outline* outline = nullptr) const;

  [[nodiscard]] Place place() const { return place_; }

  /// True if both surely have the same content, because they are copies of one. O(1).
  [[nodiscard]] bool is_copy_of(const ObjectTree& other) const;

 private:
  const Tree& hold() const;

  std::shared_ptr<const TreeText> text_;  ///< null for a tree that was given
  std::uint64_t offset_ = 0;
  Place place_;
  mutable std::shared_ptr<const Tree> held_;
};

}  // namespace meshproof
