#include "backends/kube/list.h"

#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "backends/json_parts.h"
#include "backends/json_tree.h"
#include "backends/kube/status.h"

namespace meshproof::kube {
namespace {

struct Page {
  std::vector<std::string_view> items;  ///< in the body
  std::string resource_version;
  std::string next;
};

/// Items are found and not read: who takes one reads it anyway, and reading takes most of the time
/// of a long list.
std::optional<Page> page_of(std::string_view body) {
  const auto list = json_fields(body);
  if (!list) return std::nullopt;
  const auto metadata = tree_of_json(json_value(*list, "metadata"));
  if (!metadata || metadata->kind != TreeKind::Mapping) return std::nullopt;
  Page page;
  page.resource_version = metadata->string_at({"resourceVersion"});
  page.next = metadata->string_at({"continue"});
  const std::string_view items = json_value(*list, "items");
  if (items.empty() || items == "null") return page;  // Go writes an empty list as null
  auto found = json_array_items(items);
  if (!found) return std::nullopt;
  page.items = std::move(*found);
  return page;
}

/// The item with its apiVersion and kind; nothing if its brackets are not those of an object.
std::optional<std::string> item_text(std::string_view item, const ServedKind& kind) {
  const auto fields = json_fields(item);
  if (!fields) return std::nullopt;
  std::string text = "{";
  const auto name = [&](std::string_view key, std::string_view value) {
    if (json_value(*fields, key).empty()) text += fmt::format("\"{}\":\"{}\",", key, value);
  };
  name("apiVersion", kind.api_version);
  name("kind", kind.kind);
  if (fields->empty()) text.pop_back();
  return text += item.substr(1);
}

ClusterError no_list(int status) {
  return {Refusal::Failed, status, "the server's answer is no list"};
}

/// The token that a 410 offers to go on with.
std::string fresh_token(const HttpResponse& response) {
  const auto status = tree_of_json(response.body);
  return status ? std::string{status->string_at({"metadata", "continue"})} : std::string{};
}

std::string query_of(std::size_t limit, std::string_view token) {
  std::string query;
  if (limit != 0) query = fmt::format("?limit={}", limit);
  if (!token.empty()) query += fmt::format("&continue={}", escaped(token));
  return query;
}

}  // namespace

std::string collection_path(const ServedKind& kind, std::string_view ns) {
  std::string path = kind.group().empty() ? "/api/" : "/apis/";
  path += kind.api_version;
  if (kind.is_namespaced && !ns.empty()) path += "/namespaces/" + escaped(ns);
  return path + '/' + escaped(kind.plural);
}

std::string object_path(const ServedKind& kind, std::string_view ns, std::string_view name) {
  return collection_path(kind, ns) + '/' + escaped(name);
}

Answer<ListEnd> list_items(Client& client, const ServedKind& kind, std::string_view ns,
                           std::size_t limit, WhenExpired when_expired, const TakeItem& take) {
  const std::string path = collection_path(kind, ns);
  std::string token;
  while (true) {
    HttpRequest request;
    request.path = path + query_of(limit, token);
    const auto answer = client.read(request);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->status == 410 && when_expired == WhenExpired::GoOn) {
      std::string fresh = fresh_token(*answer);
      if (!fresh.empty() && fresh != token) {
        token = std::move(fresh);
        continue;
      }
    }
    if (!is_success(*answer)) return tl::unexpected(refusal_of(*answer));
    auto page = page_of(answer->body);
    if (!page) return tl::unexpected(no_list(answer->status));
    for (const std::string_view item : page->items) {
      const auto text = item_text(item, kind);
      if (!text) return tl::unexpected(no_list(answer->status));
      if (!take(*text)) return ListEnd{page->resource_version};
    }
    if (page->next.empty()) return ListEnd{std::move(page->resource_version)};
    token = std::move(page->next);
  }
}

}  // namespace meshproof::kube
