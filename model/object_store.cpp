#include <algorithm>
#include <set>
#include <utility>

#include "model/object.h"

namespace meshproof {

ObjectStore::ObjectStore(std::vector<Object> objects) {
  const auto is_sorted = [](const Object& a, const Object& b) { return a.key < b.key; };
  if (!std::ranges::is_sorted(objects, is_sorted)) std::ranges::stable_sort(objects, is_sorted);
  const auto is_last = [](const Object& a, const Object& b) { return a.key == b.key; };
  // unique() keeps the first of equals, and from behind that is the last one.
  const auto kept = std::unique(objects.rbegin(), objects.rend(), is_last);
  objects.erase(objects.begin(), kept.base());
  size_ = objects.size();
  shared_ = std::make_shared<const Objects>(std::move(objects));
}

ObjectStore::Iterator::Iterator(const Object* shared, const Object* shared_end,
                                Changes::const_iterator change, Changes::const_iterator change_end)
    : shared_(shared), shared_end_(shared_end), change_(change), change_end_(change_end) {
  settle();
}

void ObjectStore::Iterator::settle() {
  while (change_ != change_end_) {
    if (shared_ != shared_end_ && shared_->key < change_->first) break;
    if (shared_ != shared_end_ && shared_->key == change_->first) ++shared_;
    if (change_->second) {
      is_change_ = true;
      return;
    }
    ++change_;
  }
  is_change_ = false;
}

ObjectStore::Iterator& ObjectStore::Iterator::operator++() {
  if (is_change_) {
    ++change_;
  } else {
    ++shared_;
  }
  settle();
  return *this;
}

ObjectStore::Iterator ObjectStore::Iterator::operator++(int) {
  Iterator before = *this;
  ++*this;
  return before;
}

ObjectStore::Iterator ObjectStore::begin() const {
  const Object* first = shared_ == nullptr ? nullptr : shared_->data();
  const Object* last = shared_ == nullptr ? nullptr : first + shared_->size();
  return {first, last, changes_.begin(), changes_.end()};
}

ObjectStore::Iterator ObjectStore::end() const {
  const Object* last = shared_ == nullptr ? nullptr : shared_->data() + shared_->size();
  return {last, last, changes_.end(), changes_.end()};
}

ObjectStore::Iterator ObjectStore::lower_bound(const ObjectKey& key) const {
  const Object* first = shared_ == nullptr ? nullptr : shared_->data();
  const Object* last = end().shared_;
  return {std::ranges::lower_bound(first, last, key, {}, &Object::key), last,
          changes_.lower_bound(key), changes_.end()};
}

const Object* ObjectStore::find(const ObjectKey& key) const {
  if (const auto change = changes_.find(key); change != changes_.end()) {
    const std::optional<Object>& changed = change->second;
    return changed ? &*changed : nullptr;
  }
  if (shared_ == nullptr) return nullptr;
  const auto found = std::ranges::lower_bound(*shared_, key, {}, &Object::key);
  return found != shared_->end() && found->key == key ? &*found : nullptr;
}

const Object* ObjectStore::find(std::string_view kind, std::string_view ns,
                                std::string_view name) const {
  return find(
      {std::string{default_group(kind)}, std::string{kind}, std::string{ns}, std::string{name}});
}

std::vector<const Object*> ObjectStore::from(const ObjectKey& first, bool whole_kind) const {
  std::vector<const Object*> found;
  for (auto at = lower_bound(first); at != end(); ++at) {
    if (at->key.group != first.group || at->key.kind != first.kind) break;
    if (!whole_kind && at->key.ns != first.ns) break;
    found.push_back(&*at);
  }
  return found;
}

std::vector<const Object*> ObjectStore::of_kind(std::string_view kind) const {
  return from({std::string{default_group(kind)}, std::string{kind}, "", ""}, true);
}

std::vector<const Object*> ObjectStore::of_kind(std::string_view kind, std::string_view ns) const {
  return from({std::string{default_group(kind)}, std::string{kind}, std::string{ns}, ""}, false);
}

void ObjectStore::put(Object object) {
  if (find(object.key) == nullptr) ++size_;
  ObjectKey key = object.key;
  changes_.insert_or_assign(std::move(key), std::move(object));
}

bool ObjectStore::erase(const ObjectKey& key) {
  if (find(key) == nullptr) return false;
  --size_;
  const bool is_shared =
      shared_ != nullptr && std::ranges::binary_search(*shared_, key, {}, &Object::key);
  if (is_shared) {
    changes_.insert_or_assign(key, std::nullopt);
  } else {
    changes_.erase(key);
  }
  return true;
}

std::vector<ObjectKey> ObjectStore::differing_keys(const ObjectStore& other) const {
  std::set<ObjectKey> keys;
  if (shared_ != nullptr && shared_ == other.shared_) {
    for (const Changes* changes : {&changes_, &other.changes_}) {
      for (const auto& [key, object] : *changes) keys.insert(key);
    }
  } else {
    for (const Object& object : *this) keys.insert(object.key);
    for (const Object& object : other) keys.insert(object.key);
  }
  std::vector<ObjectKey> differing;
  for (const ObjectKey& key : keys) {
    const Object* mine = find(key);
    const Object* theirs = other.find(key);
    const bool is_same =
        mine != nullptr && theirs != nullptr ? mine->tree.is_copy_of(theirs->tree) : mine == theirs;
    if (!is_same) differing.push_back(key);
  }
  return differing;
}

}  // namespace meshproof
