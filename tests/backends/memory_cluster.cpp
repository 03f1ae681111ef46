#include "tests/backends/memory_cluster.h"

#include <utility>

#include "model/tree_json.h"

namespace meshproof {

class MemoryObservation final : public Observation {
 public:
  explicit MemoryObservation(MemoryCluster& cluster) : cluster_(cluster) {}

  [[nodiscard]] Answer<bool> wait(std::chrono::milliseconds at_most) override {
    const SeenRequest request{"watch", {}, false};
    if (const auto refused = cluster_.refusal(request)) return tl::make_unexpected(*refused);
    const std::int64_t version = cluster_.version_;
    if (cluster_.others) cluster_.others();
    const bool has_changed = version != cluster_.version_;
    cluster_.clock_.sleep(has_changed ? std::chrono::milliseconds{1} : at_most);
    return has_changed;
  }
  [[nodiscard]] const std::map<ObjectKey, Tree>& objects() const override {
    return cluster_.objects;
  }

 private:
  MemoryCluster& cluster_;
};

void MemoryCluster::stamp(Tree& object) {
  Tree& metadata = object.mapping_at("metadata");
  ++version_;
  if (metadata.find("uid") == nullptr) {
    metadata.set("uid", Tree::string("uid-" + std::to_string(version_)));
  }
  metadata.set("resourceVersion", Tree::string(std::to_string(version_)));
}

void MemoryCluster::put(const Tree& object) {
  const ObjectKey key = key_of(object);
  Tree kept = object;
  const auto old = objects.find(key);
  if (old != objects.end()) {
    kept.mapping_at("metadata").set("uid", *old->second.find_path({"metadata", "uid"}));
  }
  stamp(kept);
  objects.insert_or_assign(key, std::move(kept));
}

void MemoryCluster::erase(const ObjectKey& key) {
  if (objects.erase(key) > 0) ++version_;
}

std::optional<ClusterError> MemoryCluster::refusal(const SeenRequest& request) const {
  return before ? before(request) : std::nullopt;
}

std::optional<ClusterError> MemoryCluster::loss(const SeenRequest& request) const {
  return after ? after(request) : std::nullopt;
}

Answer<std::optional<Tree>> MemoryCluster::get(const ObjectKey& key,
                                               std::string_view /*api_version*/) {
  if (const auto refused = refusal({"get", key, false})) return tl::make_unexpected(*refused);
  const auto found = objects.find(key);
  if (found == objects.end()) return std::optional<Tree>{};
  return std::optional<Tree>(found->second);
}

Answer<ListEnd> MemoryCluster::list(const Collection& collection, const TakeItem& take) {
  if (const auto refused = refusal({"list", {}, false})) return tl::make_unexpected(*refused);
  for (const auto& [key, object] : objects) {
    if (key.kind != collection.kind || key.group != group_of(collection.api_version)) continue;
    if (!collection.ns.empty() && key.ns != collection.ns) continue;
    std::string text;
    append_json(text, object);
    if (!take(text)) break;
  }
  return ListEnd{std::to_string(version_)};
}

Answer<std::unique_ptr<Observation>> MemoryCluster::observe(
    std::vector<Collection> /*collections*/) {
  if (const auto refused = refusal({"list", {}, false})) return tl::make_unexpected(*refused);
  return std::make_unique<MemoryObservation>(*this);
}

Answer<Tree> MemoryCluster::create(const Tree& object) {
  const SeenRequest request{"create", key_of(object), true};
  if (const auto refused = refusal(request)) return tl::make_unexpected(*refused);
  if (objects.contains(request.key)) {
    return tl::make_unexpected(ClusterError{Refusal::Exists, 409, "already exists", {}});
  }
  effective.push_back("create " + to_string(request.key));
  put(object);
  if (const auto lost = loss(request)) return tl::make_unexpected(*lost);
  return objects.at(request.key);
}

Answer<Tree> MemoryCluster::patched(std::string_view verb, const ObjectKey& key,
                                    const Tree& patch) {
  const SeenRequest request{verb, key, true};
  if (const auto refused = refusal(request)) return tl::make_unexpected(*refused);
  const auto found = objects.find(key);
  if (found == objects.end()) {
    return tl::make_unexpected(ClusterError{Refusal::Conflict, 404, "not found", {}});
  }
  const auto wanted = patch.string_at({"metadata", "resourceVersion"});
  if (!wanted.empty() && wanted != found->second.string_at({"metadata", "resourceVersion"})) {
    return tl::make_unexpected(ClusterError{Refusal::Conflict, 409, "has been modified", {}});
  }
  Tree merged = merge_patch(found->second, patch);
  if (!(merged == found->second)) {
    effective.push_back(std::string(verb) + ' ' + to_string(key));
    put(merged);
  }
  if (const auto lost = loss(request)) return tl::make_unexpected(*lost);
  return objects.at(key);
}

Answer<Tree> MemoryCluster::apply(const Tree& object) {
  return patched("apply", key_of(object), object);
}

Answer<Tree> MemoryCluster::merge(const ObjectKey& key, std::string_view /*api_version*/,
                                  const Tree& patch) {
  return patched("merge", key, patch);
}

Answer<bool> MemoryCluster::remove(const ObjectKey& key, std::string_view /*api_version*/,
                                   std::string_view uid, std::string_view resource_version) {
  const SeenRequest request{"delete", key, true};
  if (const auto refused = refusal(request)) return tl::make_unexpected(*refused);
  const auto found = objects.find(key);
  if (found == objects.end()) return false;
  const Tree& object = found->second;
  if (object.string_at({"metadata", "uid"}) != uid ||
      object.string_at({"metadata", "resourceVersion"}) != resource_version) {
    return tl::make_unexpected(ClusterError{Refusal::Conflict, 409, "has been modified", {}});
  }
  effective.push_back("delete " + to_string(key));
  erase(key);
  if (const auto lost = loss(request)) return tl::make_unexpected(*lost);
  return true;
}

Answer<bool> MemoryCluster::may(const AccessRight& right) {
  if (const auto refused = refusal({"may", {}, false})) return tl::make_unexpected(*refused);
  return !denied.contains(right.verb + ' ' + right.kind);
}

}  // namespace meshproof
