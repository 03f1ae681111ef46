#include "tests/backends/fake_cluster.h"

#include <algorithm>
#include <utility>

namespace meshproof {
namespace {

ClusterError cannot_write() {
  return {.refusal = Refusal::Invalid, .status = 405, .message = "this cluster is only read"};
}

}  // namespace

void FakeCluster::serve(std::string api_version, std::string kind, std::vector<std::string> items) {
  shelves[{api_version, kind, {}}].items = std::move(items);
  kinds.push_back({std::move(api_version), std::move(kind)});
}

void FakeCluster::refuse(std::string api_version, std::string kind, ClusterError error) {
  shelves[{api_version, kind, {}}].error = std::move(error);
  kinds.push_back({std::move(api_version), std::move(kind)});
}

Answer<std::optional<Tree>> FakeCluster::get(const ObjectKey& key,
                                             std::string_view /*api_version*/) {
  const auto found = objects.find(key);
  if (found == objects.end()) return std::optional<Tree>{};
  return std::optional<Tree>{found->second};
}

Answer<ListEnd> FakeCluster::list(const Collection& collection, const TakeItem& take) {
  asked.push_back(collection);
  const bool is_served = std::ranges::any_of(kinds, [&](const ServedKind& each) {
    return each.api_version == collection.api_version && each.kind == collection.kind;
  });
  if (!is_served && !shelves.contains(collection)) {
    return tl::make_unexpected(ClusterError{
        .refusal = Refusal::NotServed, .status = 404, .message = "there is no such kind"});
  }
  const Shelf& shelf = shelves[collection];
  for (const std::string& item : shelf.items) {
    if (!take(item)) return ListEnd{shelf.resource_version};
  }
  if (shelf.error) return tl::make_unexpected(*shelf.error);
  return ListEnd{shelf.resource_version};
}

Answer<std::unique_ptr<Observation>> FakeCluster::observe(std::vector<Collection> collections) {
  observed = std::move(collections);
  return tl::make_unexpected(cannot_write());
}

Answer<Tree> FakeCluster::create(const Tree& /*object*/) {
  return tl::make_unexpected(cannot_write());
}

Answer<Tree> FakeCluster::apply(const Tree& /*object*/) {
  return tl::make_unexpected(cannot_write());
}

Answer<Tree> FakeCluster::merge(const ObjectKey& /*key*/, std::string_view /*api_version*/,
                                const Tree& /*patch*/) {
  return tl::make_unexpected(cannot_write());
}

Answer<bool> FakeCluster::remove(const ObjectKey& /*key*/, std::string_view /*api_version*/,
                                 std::string_view /*uid*/, std::string_view /*resource_version*/) {
  return tl::make_unexpected(cannot_write());
}

Answer<bool> FakeCluster::may(const AccessRight& /*access*/) { return true; }

ClusterError forbidden(std::string message) {
  return {.refusal = Refusal::Forbidden, .status = 403, .message = std::move(message)};
}

}  // namespace meshproof
