#include "backends/json_tree.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace meshproof {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxDepth = 256;

/// Builds a tree out of the events of nlohmann's parser. Its names are those of that library.
class TreeBuilder final : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return add(Tree::null()); }
  bool boolean(bool value) override { return add(Tree::boolean(value)); }
  bool number_integer(number_integer_t value) override { return add(Tree::number(value)); }
  bool number_unsigned(number_unsigned_t value) override {
    return add_number(std::to_string(value));
  }
  bool number_float(number_float_t /*value*/, const string_t& text) override {
    return add_number(text);
  }
  bool string(string_t& value) override { return add(Tree::string(std::move(value))); }
  bool binary(binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*elements*/) override { return open(TreeKind::Mapping); }
  bool key(string_t& value) override {
    keys_.back() = std::move(value);
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t /*elements*/) override { return open(TreeKind::Sequence); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*reason*/) override {
    return false;
  }

  [[nodiscard]] Tree take() { return std::move(root_); }

 private:
  bool add_number(std::string text) {
    Tree number = Tree::number(0);
    number.text = std::move(text);
    return add(std::move(number));
  }

  /// What is open is held beside its parent, so that parents may move.
  bool open(TreeKind kind) {
    if (open_.size() == kMaxDepth) return false;
    open_.push_back(kind == TreeKind::Mapping ? Tree::mapping() : Tree::sequence());
    keys_.emplace_back();
    return true;
  }

  bool close() {
    Tree closed = std::move(open_.back());
    open_.pop_back();
    keys_.pop_back();
    if (closed.fields.size() > 1) drop_earlier_duplicates(closed.fields);
    return add(std::move(closed));
  }

  bool add(Tree value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().is(TreeKind::Sequence)) {
      open_.back().items.push_back(std::move(value));
    } else {
      open_.back().fields.push_back({std::move(keys_.back()), std::move(value)});
    }
    return true;
  }

  static void drop_earlier_duplicates(std::vector<TreeField>& fields) {
    std::unordered_set<std::string_view> seen;
    std::vector<bool> is_dropped(fields.size(), false);
    bool has_dropped = false;
    for (std::size_t i = fields.size(); i-- > 0;) {
      if (seen.insert(fields[i].key).second) continue;
      is_dropped[i] = true;
      has_dropped = true;
    }
    if (!has_dropped) return;
    std::vector<TreeField> kept;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (!is_dropped[i]) kept.push_back(std::move(fields[i]));
    }
    fields = std::move(kept);
  }

  Tree root_;
  std::vector<Tree> open_;
  std::vector<std::string> keys_;  ///< of each open mapping the key whose value comes
};

}  // namespace

std::optional<Tree> tree_of_json(std::string_view text) {
  TreeBuilder builder;
  if (!Json::sax_parse(text, &builder)) return std::nullopt;
  return builder.take();
}

}  // namespace meshproof
