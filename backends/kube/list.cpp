#include "backends/kube/list.h"

#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "backends/json_tree.h"
#include "backends/kube/status.h"

namespace meshproof::kube {
namespace {

// Fields stay in the server's order.
using Json = nlohmann::ordered_json;

std::string string_at(const Json& mapping, const char* key) {
  const auto found = mapping.find(key);
  if (found == mapping.end() || !found->is_string()) return {};
  return found->get<std::string>();
}

struct Page {
  Json items = Json::array();
  std::string resource_version;
  std::string next;
};

std::optional<Page> page_of(const std::string& body) {
  Json list = Json::parse(body, nullptr, false);
  if (!list.is_object()) return std::nullopt;
  Page page;
  if (const auto metadata = list.find("metadata");
      metadata != list.end() && metadata->is_object()) {
    page.resource_version = string_at(*metadata, "resourceVersion");
    page.next = string_at(*metadata, "continue");
  } else {
    return std::nullopt;
  }
  const auto items = list.find("items");
  if (items == list.end() || items->is_null()) return page;  // Go writes an empty list as null
  if (!items->is_array()) return std::nullopt;
  page.items = std::move(*items);
  return page;
}

std::string item_text(const Json& item, const ServedKind& kind) {
  std::string text = item.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string names;
  const auto name = [&](const char* key, const std::string& value) {
    if (!item.contains(key)) names += fmt::format("\"{}\":{},", key, Json(value).dump());
  };
  name("apiVersion", kind.api_version);
  name("kind", kind.kind);
  if (names.empty()) return text;
  if (item.empty()) names.pop_back();
  return text.insert(1, names);
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
    if (!page) {
      return tl::unexpected(
          ClusterError{Refusal::Failed, answer->status, "the server's answer is no list"});
    }
    for (const Json& item : page->items) {
      if (item.is_object() && !take(item_text(item, kind))) return ListEnd{page->resource_version};
    }
    if (page->next.empty()) return ListEnd{std::move(page->resource_version)};
    token = std::move(page->next);
  }
}

}  // namespace meshproof::kube
