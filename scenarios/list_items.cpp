#include "scenarios/list_items.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "model/object.h"

namespace meshproof {

void ListItems::add(std::string_view group, std::string_view kind, std::string_view ns) {
  if (count_++ == 0) first_kind_ = kind;
  const bool is_alike = !parts_.empty() && last_->first == std::tuple{group, kind, ns};
  if (!is_alike) {
    last_ = parts_.try_emplace({std::string{group}, std::string{kind}, std::string{ns}}).first;
  }
  ++last_->second;
}

void ListItems::add(const ListItems& more) {
  if (count_ == 0) first_kind_ = more.first_kind_;
  count_ += more.count_;
  for (const auto& [key, objects] : more.parts_) {
    last_ = parts_.try_emplace(key).first;
    last_->second += objects;
  }
}

ListItems items_of(const Tree& list, std::string_view item_kind) {
  ListItems result;
  const std::string_view group = group_of(list.string_at({"apiVersion"}));
  const Tree* items = list.find("items");
  if (items == nullptr) return result;
  for (const Tree& item : items->items) {
    const std::string_view ns = item.string_at({"metadata", "namespace"});
    if (item_kind.empty()) {
      result.add(group_of(item.string_at({"apiVersion"})), item.string_at({"kind"}), ns);
    } else {
      result.add(group, item_kind, ns);
    }
  }
  return result;
}

void add_type(Tree& item, const std::string& api_version, const std::string& kind) {
  if (item.find("apiVersion") != nullptr || item.find("kind") != nullptr) return;
  std::vector<TreeField> fields;
  for (const auto& [key, text] : {std::pair{"apiVersion", api_version}, std::pair{"kind", kind}}) {
    Tree value = Tree::string(text);
    value.place = item.place;
    fields.push_back({key, std::move(value), item.place});
  }
  std::ranges::move(item.fields, std::back_inserter(fields));
  item.fields = std::move(fields);
}

}  // namespace meshproof
