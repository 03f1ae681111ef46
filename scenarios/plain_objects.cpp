#include "scenarios/plain_objects.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <iterator>
#include <string_view>
#include <utility>

#include "model/diagnostic.h"
#include "model/parallel.h"
#include "scenarios/json_reader.h"
#include "scenarios/manifests.h"
#include "scenarios/metadata.h"
#include "scenarios/normal_form.h"

namespace meshproof {
namespace {

/// Enough to share the work, and few enough that what is read at a time is little.
constexpr std::size_t kItemsOfTask = 256;

/// Kinds whose objects say something about others, or are no part of the cluster.
constexpr std::array<std::string_view, 4> kSpecialKinds{
    "ClusterVersion", "CustomResourceDefinition", "Status", "Template"};

/// What is looked at of an object before it is projected.
constexpr auto kMetadataFields = std::to_array<Outline::Field>(
    {{"annotations", nullptr}, {"labels", nullptr}, {"name", nullptr}, {"namespace", nullptr}});
constexpr Outline kMetadata{kMetadataFields};
constexpr auto kHeadFields = std::to_array<Outline::Field>(
    {{"apiVersion", nullptr}, {"kind", nullptr}, {"metadata", &kMetadata}});
constexpr Outline kHead{kHeadFields};

/// What is read of a part of the items, beside the plain objects.
struct PartRead {
  std::vector<Tree> others;
  ListItems listed;
};

/// Reads a part of the items.
class PartReader {
 public:
  PartReader(const JsonItems& items, const std::shared_ptr<const JsonText>& text)
      : text_(&text), start_(static_cast<std::size_t>(items.text.data() - text->text().data())) {}

  /// False if the item is not JSON, or has a key twice. One that is no plain object leaves `plain`
  /// as it is.
  [[nodiscard]] bool read(const JsonItem& item, Object& plain, PartRead& part) {
    const JsonText& text = **text_;
    Tree tree;
    Diagnostics found;
    JsonReader reader{text.text(), start_ + item.begin, item.place, found};
    const char* const end = text.text().data() + start_ + item.end;
    if (!reader.read(tree, &kHead) || !found.empty() || reader.at() != end) return false;
    if (!text.kind().empty()) add_type(tree, text.api_version(), text.kind());
    note(tree, part.listed);
    if (is_plain(tree)) {
      plain = {key_of(tree), ObjectTree{*text_, start_ + item.begin, item.place}};
    } else {
      part.others.push_back(text.read(start_ + item.begin, item.place, nullptr));
    }
    return true;
  }

 private:
  void note(const Tree& tree, ListItems& listed) const {
    const JsonText& text = **text_;
    const std::string_view ns = tree.string_at({"metadata", "namespace"});
    if (text.kind().empty()) {
      listed.add(group_of(tree.string_at({"apiVersion"})), tree.string_at({"kind"}), ns);
    } else {
      listed.add(group_of(text.api_version()), text.kind(), ns);
    }
  }

  [[nodiscard]] bool is_plain(Tree& tree) {
    const std::string_view kind = tree.string_at({"kind"});
    if (kind.empty() || tree.string_at({"apiVersion"}).empty()) return false;
    if (std::ranges::find(kSpecialKinds, kind) != kSpecialKinds.end()) return false;
    if (kind.ends_with("List") || is_helm_test(tree) || !normal_form_.has(tree)) return false;
    Diagnostics found;
    return check_object_metadata(tree, no_sources_, found) && found.empty();
  }

  const std::shared_ptr<const JsonText>* text_;
  std::size_t start_;
  NormalForm normal_form_;
  Sources no_sources_;
};

}  // namespace

std::optional<PlainObjects> read_plain_objects(const JsonItems& items,
                                               const std::shared_ptr<const JsonText>& text,
                                               ByteTally* tally) {
  const std::size_t tasks = (items.items.size() + kItemsOfTask - 1) / kItemsOfTask;
  std::vector<PartRead> parts(tasks);
  std::atomic<bool> is_readable{true};
  PlainObjects all;
  // Vectors of the parts would be freed to their threads, and be there for nobody else.
  all.objects.resize(items.items.size());
  run_parallel(tasks, [&](std::size_t task) {
    PartReader reader{items, text};
    const std::size_t end = std::min(items.items.size(), (task + 1) * kItemsOfTask);
    for (std::size_t i = task * kItemsOfTask; i < end && is_readable; ++i) {
      const JsonItem& item = items.items[i];
      if (!reader.read(item, all.objects[i], parts[task])) is_readable = false;
      if (tally != nullptr) tally->add(item.end - item.begin);
    }
  });
  if (!is_readable) return std::nullopt;
  std::erase_if(all.objects, [](const Object& object) { return object.key.kind.empty(); });
  for (PartRead& part : parts) {
    std::ranges::move(part.others, std::back_inserter(all.others));
    all.listed.add(part.listed);
  }
  return all;
}

}  // namespace meshproof
