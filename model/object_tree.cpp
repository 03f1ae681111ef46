#include "model/object_tree.h"

#include <utility>

namespace meshproof {

ObjectTree::ObjectTree(Tree tree)
    : place_(tree.place), held_(std::make_shared<const Tree>(std::move(tree))) {}

ObjectTree::ObjectTree(std::shared_ptr<const TreeText> text, std::uint64_t offset, Place place)
    : text_(std::move(text)), offset_(offset), place_(place) {}

std::shared_ptr<const Tree> ObjectTree::read(const Outline* outline) const {
  if (held_ != nullptr) return held_;
  return std::make_shared<const Tree>(text_ == nullptr ? Tree{}
                                                       : text_->read(offset_, place_, outline));
}

const Tree& ObjectTree::hold() const {
  held_ = read();
  return *held_;
}

bool ObjectTree::is_copy_of(const ObjectTree& other) const {
  if (text_ != nullptr) return text_ == other.text_ && offset_ == other.offset_;
  return other.text_ == nullptr && held_ == other.held_;
}

}  // namespace meshproof
