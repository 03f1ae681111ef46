#include <algorithm>
#include <array>
#include <memory>

#include "model/parallel.h"
#include "model/project/projection.h"

namespace meshproof {
namespace {

constexpr auto kMetadataField = std::to_array<Outline::Field>({{"metadata", nullptr}});
/// What is looked at of an object of any kind.
constexpr Outline kMetadata{kMetadataField};

/// As many trees are held at a time; a thread reads a part of them in one go.
constexpr std::size_t kReadAhead = 2048;
constexpr std::size_t kReadAtOnce = 64;

void visit_all(Projection& projection, const std::vector<const Object*>& objects, const Visit& take,
               const Outline* outline) {
  std::vector<std::shared_ptr<const Tree>> trees;
  for (std::size_t first = 0; first < objects.size(); first += kReadAhead) {
    const std::size_t count = std::min(kReadAhead, objects.size() - first);
    trees.resize(count);
    run_parallel((count + kReadAtOnce - 1) / kReadAtOnce, [&](std::size_t task) {
      const std::size_t end = std::min(count, (task + 1) * kReadAtOnce);
      for (std::size_t i = task * kReadAtOnce; i < end; ++i) {
        trees[i] = objects[first + i]->tree.read(outline);
      }
    });
    for (std::size_t i = 0; i < count; ++i) {
      find_misspelt_fields(*objects[first + i], *trees[i], projection.diagnostics);
      take(*objects[first + i], *trees[i]);
    }
  }
}

}  // namespace

void visit(Projection& projection, std::string_view kind, const Visit& take,
           const Outline* outline) {
  projection.visited.insert({std::string{default_group(kind)}, std::string{kind}});
  visit_all(projection, projection.objects.of_kind(kind), take, outline);
}

void visit_others(Projection& projection) {
  std::vector<const Object*> others;
  for (const Object& object : projection.objects) {
    if (!projection.visited.contains({object.key.group, object.key.kind})) {
      others.push_back(&object);
    }
  }
  visit_all(
      projection, others, [](const Object&, const Tree&) {}, &kMetadata);
}

}  // namespace meshproof
