#include "tests/support/apiserver/api_client.h"

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <utility>

#include <curl/curl.h>

#include "model/diagnostic.h"
#include "model/tree_json.h"
#include "scenarios/json_reader.h"

namespace meshproof {
namespace {

std::size_t keep(char* bytes, std::size_t size, std::size_t count, void* into) {
  static_cast<std::string*>(into)->append(bytes, size * count);
  return size * count;
}

constexpr const char* kDiscoveryForm =
    "Accept: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

ApiKind kind_from(const std::string& group, std::string_view version, const Tree& resource) {
  ApiKind kind;
  kind.group = group;
  kind.version = version;
  kind.kind = resource.string_at({"responseKind", "kind"});
  kind.plural = resource.string_at({"resource"});
  kind.is_namespaced = resource.string_at({"scope"}) == "Namespaced";
  const Tree* verbs = resource.find("verbs");
  const auto serves = [&](std::string_view verb) {
    return verbs != nullptr && std::ranges::any_of(verbs->items, [&](const Tree& served) {
             return served.text == verb;
           });
  };
  kind.is_listed = serves("list") && serves("delete");
  if (const Tree* subresources = resource.find("subresources")) {
    for (const Tree& one : subresources->items) {
      if (one.string_at({"subresource"}) == "status") kind.has_status = true;
    }
  }
  return kind;
}

/// Of an APIGroupDiscoveryList; of each kind the first version, which is the preferred one.
void add_kinds(const Tree& groups, std::vector<ApiKind>& kinds) {
  const Tree* items = groups.find("items");
  if (items == nullptr) return;
  for (const Tree& group : items->items) {
    const std::string name{group.string_at({"metadata", "name"})};
    const Tree* versions = group.find("versions");
    if (versions == nullptr) continue;
    for (const Tree& version : versions->items) {
      const Tree* resources = version.find("resources");
      if (resources == nullptr) continue;
      for (const Tree& resource : resources->items) {
        ApiKind kind = kind_from(name, version.string_at({"version"}), resource);
        const bool is_known = std::ranges::any_of(kinds, [&](const ApiKind& known) {
          return known.group == kind.group && known.kind == kind.kind;
        });
        if (!is_known) kinds.push_back(std::move(kind));
      }
    }
  }
}

}  // namespace

struct ApiClient::Connection {
  CURL* handle = curl_easy_init();

  Connection() = default;
  ~Connection() { curl_easy_cleanup(handle); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
};

std::string ApiAnswer::text() const {
  return std::to_string(status) + ": " + std::string{body.string_at({"message"})};
}

std::string ApiKind::api_version() const { return group.empty() ? version : group + '/' + version; }

ApiClient::ApiClient(const TestServer& server, std::string field_manager)
    : connection_{std::make_unique<Connection>()},
      url_{server.url},
      field_manager_{std::move(field_manager)} {
  CURL* handle = connection_->handle;
  const auto keys = server.state / "pki";
  curl_easy_setopt(handle, CURLOPT_CAINFO, (keys / "ca.crt").c_str());
  curl_easy_setopt(handle, CURLOPT_SSLCERT, (keys / "admin.crt").c_str());
  curl_easy_setopt(handle, CURLOPT_SSLKEY, (keys / "admin.key").c_str());
  curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, 60L);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, keep);
}

ApiClient::~ApiClient() = default;

ApiAnswer ApiClient::send(std::string_view method, const std::string& path, const Tree& body,
                          std::string_view content_type) {
  CURL* handle = connection_->handle;
  std::string sent;
  if (!body.is_null()) append_json(sent, body);
  std::string received;
  const std::string type = "Content-Type: " + std::string{content_type};
  curl_slist* headers = curl_slist_append(nullptr, type.c_str());
  headers =
      curl_slist_append(headers, path == "/api" || path == "/apis" ? kDiscoveryForm : "Accept:");
  std::string url = url_ + path;
  if (method != "GET") {
    url += (path.find('?') == std::string::npos ? "?fieldManager=" : "&fieldManager=");
    url += field_manager_;
  }
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, std::string{method}.c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &received);
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, sent.empty() ? nullptr : sent.c_str());
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(sent.size()));
  if (sent.empty()) curl_easy_setopt(handle, CURLOPT_HTTPGET, 1L);
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, std::string{method}.c_str());
  const CURLcode code = curl_easy_perform(handle);
  curl_slist_free_all(headers);
  if (code != CURLE_OK) {
    throw std::runtime_error{std::string{method} + ' ' + path + ": " + curl_easy_strerror(code)};
  }
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  return {static_cast<int>(status), parsed_json(received)};
}

const std::vector<ApiKind>& ApiClient::kinds() {
  if (kinds_.empty()) {
    add_kinds(send("GET", "/api").body, kinds_);
    add_kinds(send("GET", "/apis").body, kinds_);
  }
  return kinds_;
}

const ApiKind& ApiClient::kind_of(const ObjectKey& key) {
  const auto& all = kinds();
  const auto at = std::ranges::find_if(
      all, [&](const ApiKind& kind) { return kind.group == key.group && kind.kind == key.kind; });
  if (at == all.end()) throw std::runtime_error{"not served: " + key.group + '/' + key.kind};
  return *at;
}

std::string ApiClient::path_of(const ObjectKey& key) {
  return path_in(kind_of(key).api_version(), key);
}

std::string ApiClient::path_in(std::string_view api_version, const ObjectKey& key) {
  std::string path = key.group.empty() ? "/api/" : "/apis/";
  path += api_version;
  if (!key.ns.empty()) path += "/namespaces/" + key.ns;
  path += '/' + kind_of(key).plural;
  if (!key.name.empty()) path += '/' + key.name;
  return path;
}

std::optional<Tree> ApiClient::find(const ObjectKey& key) {
  ApiAnswer answer = send("GET", path_of(key));
  if (answer.status == 404) return std::nullopt;
  if (!answer.is_ok()) throw std::runtime_error{to_string(key) + ": " + answer.text()};
  return std::move(answer.body);
}

std::vector<Tree> ApiClient::list(const ObjectKey& collection) {
  const ApiKind& kind = kind_of(collection);
  ApiAnswer answer = send("GET", path_of(collection));
  if (!answer.is_ok()) throw std::runtime_error{collection.kind + ": " + answer.text()};
  Tree* items = answer.body.find("items");
  if (items == nullptr) return {};
  // The items of built-in kinds come without these two.
  for (Tree& item : items->items) {
    item.set("apiVersion", Tree::string(kind.api_version()));
    item.set("kind", Tree::string(kind.kind));
  }
  return std::move(items->items);
}

ApiAnswer ApiClient::create(const Tree& object) {
  ObjectKey key = key_of(object);
  key.name.clear();
  return send("POST", path_in(object.string_at({"apiVersion"}), key), object);
}

ApiAnswer ApiClient::merge(const ObjectKey& key, const Tree& patch) {
  return send("PATCH", path_of(key), patch, "application/merge-patch+json");
}

ApiAnswer ApiClient::write_status(const ObjectKey& key, const Tree& status) {
  const std::string path = path_of(key) + (kind_of(key).has_status ? "/status" : "");
  const Tree replace = Tree::mapping(
      {{"op", Tree::string("add")}, {"path", Tree::string("/status")}, {"value", status}});
  return send("PATCH", path, Tree::sequence({replace}), "application/json-patch+json");
}

ApiAnswer ApiClient::remove(const ObjectKey& key) {
  return send("DELETE", path_of(key) + "?gracePeriodSeconds=0");
}

Tree parsed_json(std::string_view text) {
  Diagnostics found;
  JsonReader reader{text, FileId{}, found};
  Tree tree;
  if (!reader.find_next() || !reader.read(tree)) return {};
  return tree;
}

ObjectKey key_for(std::string_view kind, std::string_view ns, std::string_view name) {
  return {std::string{default_group(kind)}, std::string{kind}, std::string{ns}, std::string{name}};
}

}  // namespace meshproof
