#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/parallel.h"
#include "model/project/projection.h"

namespace meshproof {
namespace {

constexpr Outline kKeys{.fields = {}, .other_keys = true};
constexpr auto kMetadataField = std::to_array<Outline::Field>({{"metadata", &kKeys}});
/// What is looked at of an object of any kind.
constexpr Outline kMetadata{kMetadataField};

/// As many trees are held at a time; a thread reads a part of them in one go.
constexpr std::size_t kReadAhead = 1024;
constexpr std::size_t kReadAtOnce = 64;

void take_over(Diagnostics& found, Projection& projection) {
  std::ranges::move(found, std::back_inserter(projection.diagnostics));
}

/// Whether nobody has looked for misspelt fields in the object.
bool is_unread(const Object& object, const Projection& projection) {
  return projection.like == nullptr || projection.written.contains(object.key);
}

/// Objects `first` to `end`, read by one thread.
struct Range {
  std::size_t first;
  std::size_t end;
};

/// Calls `read` for parts of the objects, as many as are held at a time side by side, and then
/// `take` for each of them in order.
template <typename ReadPart, typename Read, typename Take>
void in_parts(std::size_t objects, const Read& read, const Take& take) {
  for (std::size_t start = 0; start < objects; start += kReadAhead) {
    const std::size_t end = std::min(objects, start + kReadAhead);
    std::vector<ReadPart> parts((end - start + kReadAtOnce - 1) / kReadAtOnce);
    run_parallel(parts.size(), [&](std::size_t task) {
      const std::size_t first = start + task * kReadAtOnce;
      parts[task] = read(Range{first, std::min(end, first + kReadAtOnce)});
    });
    for (ReadPart& part : parts) take(part);
  }
}

void visit_all(Projection& projection, const std::vector<const Object*>& objects, const Visit& take,
               const Outline* outline) {
  struct TreesRead {
    std::size_t first = 0;
    std::vector<std::shared_ptr<const Tree>> trees;
    Diagnostics misspelt;
  };
  const auto read = [&](const Range& range) {
    TreesRead part{range.first, {}, {}};
    for (std::size_t i = range.first; i < range.end; ++i) {
      part.trees.push_back(objects[i]->tree.read(outline));
      if (!is_unread(*objects[i], projection)) continue;
      find_misspelt_fields(*objects[i], *part.trees.back(), part.misspelt);
    }
    return part;
  };
  in_parts<TreesRead>(objects.size(), read, [&](TreesRead& part) {
    take_over(part.misspelt, projection);
    for (std::size_t i = 0; i < part.trees.size(); ++i) {
      take(*objects[part.first + i], *part.trees[i]);
    }
  });
}

}  // namespace

void visit(Projection& projection, std::string_view kind, const Visit& take,
           const Outline* outline) {
  projection.visited.insert({std::string{default_group(kind)}, std::string{kind}});
  visit_all(projection, projection.objects.of_kind(kind), take, outline);
}

std::vector<const Object*> unread_of_kind(const Projection& projection, std::string_view kind) {
  std::vector<const Object*> objects = projection.objects.of_kind(kind);
  std::erase_if(objects, [&](const Object* object) { return !is_unread(*object, projection); });
  return objects;
}

void visit_unread(Projection& projection, std::string_view kind, const Visit& take) {
  projection.visited.insert({std::string{default_group(kind)}, std::string{kind}});
  visit_all(projection, unread_of_kind(projection, kind), take, nullptr);
}

void visit_in_parts(
    Projection& projection, std::string_view kind, const Outline& outline,
    const std::function<void(const Object& object, const Tree& tree, Projection& part)>& read,
    const std::function<void(Projection& part)>& absorb) {
  projection.visited.insert({std::string{default_group(kind)}, std::string{kind}});
  const std::vector<const Object*> objects = projection.objects.of_kind(kind);
  struct PartRead {
    std::unique_ptr<Diagnostics> found;
    std::unique_ptr<Projection> projection;
  };
  const auto read_part = [&](const Range& range) {
    auto found = std::make_unique<Diagnostics>();
    auto part = std::make_unique<Projection>(Projection{projection.objects, *found});
    for (std::size_t i = range.first; i < range.end; ++i) {
      const std::shared_ptr<const Tree> tree = objects[i]->tree.read(&outline);
      find_misspelt_fields(*objects[i], *tree, *found);
      read(*objects[i], *tree, *part);
    }
    return PartRead{std::move(found), std::move(part)};
  };
  in_parts<PartRead>(objects.size(), read_part, [&](PartRead& part) {
    take_over(*part.found, projection);
    absorb(*part.projection);
  });
}

void visit_others(Projection& projection) {
  std::vector<const Object*> others;
  for (const Object& object : projection.objects) {
    if (projection.visited.contains({object.key.group, object.key.kind})) continue;
    if (is_unread(object, projection)) others.push_back(&object);
  }
  visit_all(
      projection, others, [](const Object&, const Tree&) {}, &kMetadata);
}

}  // namespace meshproof
