#include "reports/tree_diff.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "reports/text.h"

namespace meshproof {
namespace {

/// The label is on every namespace, written in its manifest or not.
constexpr std::array<std::string_view, 6> kServerFields{
    "metadata.generation", "metadata.resourceVersion",   "metadata.managedFields",
    "metadata.uid",        "metadata.creationTimestamp", "kubernetes.io/metadata.name"};

bool is_scalar(const Tree& tree) {
  return !tree.is(TreeKind::Sequence) && !tree.is(TreeKind::Mapping);
}

std::string scalar_words(const Tree& tree) {
  if (tree.is_null()) return "null";
  return tree.is(TreeKind::String) && tree.text.empty() ? "\"\"" : printable(tree.text);
}

bool holds(const Tree& sequence, const Tree& item) {
  return std::find(sequence.items.begin(), sequence.items.end(), item) != sequence.items.end();
}

class Words {
 public:
  std::vector<std::string> all;

  explicit Words(std::size_t most_items) : most_items_(most_items) {}

  void compare(const std::string& path, const Tree& before, const Tree& after) {
    if (before == after || is_server_field(path)) return;
    if (before.is(TreeKind::Mapping) && after.is(TreeKind::Mapping)) {
      compare_fields(path, before, after);
    } else if (before.is(TreeKind::Sequence) && after.is(TreeKind::Sequence)) {
      compare_items(path, before, after);
    } else if (is_scalar(before) && is_scalar(after)) {
      all.push_back(fmt::format("{}: {} → {}", path, scalar_words(before), scalar_words(after)));
    } else {
      all.push_back("~ " + path);
    }
  }

 private:
  std::size_t most_items_;

  static bool is_server_field(const std::string& path) {
    return std::find(kServerFields.begin(), kServerFields.end(), path) != kServerFields.end();
  }

  /// Labels and annotations are known by their keys alone.
  static std::string extended(const std::string& path, const std::string& key) {
    if (path == "metadata.labels" || path == "metadata.annotations") return printable(key);
    return path.empty() ? printable(key) : path + "." + printable(key);
  }

  void compare_fields(const std::string& path, const Tree& before, const Tree& after) {
    for (const TreeField& field : before.fields) {
      const Tree* now = after.find(field.key);
      if (now != nullptr) {
        compare(extended(path, field.key), field.value, *now);
      } else if (!is_server_field(extended(path, field.key))) {
        all.push_back("- " + extended(path, field.key));
      }
    }
    for (const TreeField& field : after.fields) {
      if (before.find(field.key) == nullptr) add(extended(path, field.key), field.value);
    }
  }

  void add(const std::string& path, const Tree& value) {
    if (is_server_field(path)) return;
    if (is_scalar(value)) {
      all.push_back(fmt::format("+ {}={}", path, scalar_words(value)));
    } else if (value.is(TreeKind::Mapping) && !value.fields.empty()) {
      for (const TreeField& field : value.fields) add(extended(path, field.key), field.value);
    } else if (value.is(TreeKind::Sequence)) {
      compare_items(path, Tree::sequence(), value);
    }
  }

  void compare_items(const std::string& path, const Tree& before, const Tree& after) {
    if (!std::all_of(before.items.begin(), before.items.end(), is_scalar) ||
        !std::all_of(after.items.begin(), after.items.end(), is_scalar)) {
      all.push_back("~ " + path);
      return;
    }
    std::vector<std::string> changes;
    for (const Tree& item : before.items) {
      if (!holds(after, item)) changes.push_back("- " + scalar_words(item));
    }
    for (const Tree& item : after.items) {
      if (!holds(before, item)) changes.push_back("+ " + scalar_words(item));
    }
    if (changes.empty()) changes.emplace_back("another order");
    if (changes.size() > most_items_) {
      const std::size_t more = changes.size() - most_items_;
      changes.resize(most_items_);
      changes.push_back(fmt::format("{} more", more));
    }
    all.push_back(fmt::format("{}: {}", path, fmt::join(changes, ", ")));
  }
};

}  // namespace

std::vector<std::string> difference_words(const Tree& before, const Tree& after,
                                          std::size_t most_items) {
  Words words(most_items);
  words.compare("", before, after);
  return words.all;
}

}  // namespace meshproof
