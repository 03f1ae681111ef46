#include "scenarios/listings.h"

#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/format.h>

#include "model/object.h"
#include "model/unmodelled.h"
#include "scenarios/kinds.h"

namespace meshproof {
namespace {

/// Of `… cannot list resource "pods" in API group "" in the namespace "shop"`.
std::string namespace_of_message(std::string_view message) {
  constexpr std::string_view kBefore = "in the namespace \"";
  const std::size_t start = message.find(kBefore);
  if (start == std::string_view::npos) return {};
  message.remove_prefix(start + kBefore.size());
  return std::string{message.substr(0, message.find('"'))};
}

}  // namespace

bool is_cut_off(const Tree& list) {
  const Tree* token = list.find_path({"metadata", "continue"});
  return token != nullptr && !token->is_null() && !token->text.empty();
}

std::vector<std::pair<Part, Listing>> listings_of_cut_off(const Tree& list,
                                                          std::string_view item_kind,
                                                          const ListItems& items) {
  std::set<std::string> kinds;
  if (!item_kind.empty()) {
    kinds.insert(group_and_kind(group_of(list.string_at({"apiVersion"})), item_kind));
  } else {
    for (const auto& [key, count] : items.parts()) {
      kinds.insert(group_and_kind(std::get<0>(key), std::get<1>(key)));
    }
  }
  // Of an empty one nothing says what it would have held.
  if (kinds.empty()) kinds.emplace();
  std::vector<std::pair<Part, Listing>> result;
  for (const std::string& kind : kinds) {
    result.push_back(
        {{kind, {}},
         {.collected = Collected::CutOff,
          .objects = items.count(),
          .reason = fmt::format("after {}: metadata.continue is set", items.count())}});
  }
  return result;
}

std::optional<std::pair<Part, Listing>> listing_of_typed_list(const Tree& list,
                                                              std::string_view item_kind,
                                                              const ListItems& items) {
  const std::string_view group = group_of(list.string_at({"apiVersion"}));
  if (scope_of(group, item_kind) != Scope::Cluster) return std::nullopt;
  const bool is_project = item_kind == "Project";
  return std::pair{Part{is_project ? "Namespace" : group_and_kind(group, item_kind), {}},
                   Listing{.collected = Collected::Assumed, .objects = items.count()}};
}

std::pair<Part, Listing> listing_of_status(const Tree& status) {
  const std::string_view reason = status.string_at({"reason"});
  const std::string_view message = status.string_at({"message"});
  const bool is_denied = reason == "Forbidden" || reason == "Unauthorized";
  Listing listing;
  listing.collected = is_denied ? Collected::Denied : Collected::Never;
  listing.reason = message.empty() ? reason : message;
  const std::string_view resource = status.string_at({"details", "kind"});
  if (resource.empty()) return std::pair{Part{}, std::move(listing)};
  const std::string_view group = status.string_at({"details", "group"});
  Part part{group_and_kind(group, kind_of_resource(resource)), namespace_of_message(message)};
  return std::pair{std::move(part), std::move(listing)};
}

std::string kind_of_resource(std::string_view resource) {
  for (const auto& kinds : {known_kinds(), unmodelled_kinds()}) {
    for (const std::string_view kind : kinds) {
      if (resource_of(kind) == resource || kind == resource) return std::string{kind};
    }
  }
  return std::string{resource};
}

std::string resource_of(std::string_view kind) {
  std::string name{kind};
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (kind == "Endpoints") return name;
  if (name.ends_with('y')) return name.substr(0, name.size() - 1) + "ies";
  return name + (name.ends_with('s') ? "es" : "s");
}

}  // namespace meshproof
