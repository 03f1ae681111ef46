#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/object.h"
#include "model/tree.h"
#include "tests/support/apiserver/test_server.h"

namespace meshproof {

/// What the server answered.
struct ApiAnswer {
  int status = 0;
  Tree body;  ///< Null where it is no JSON

  [[nodiscard]] bool is_ok() const { return status >= 200 && status < 300; }
  /// `409: networkpolicies.networking.k8s.io "x" already exists`
  [[nodiscard]] std::string text() const;
};

/// A kind as the API serves it, in the version that the server prefers.
struct ApiKind {
  std::string group;
  std::string version;
  std::string kind;
  std::string plural;
  bool is_namespaced = true;
  bool has_status = false;  ///< written by the subresource alone
  bool is_listed = false;   ///< can be listed and deleted

  [[nodiscard]] std::string api_version() const;
};

/// The requests of those who play a part beside the program under test: the operator, the network,
/// a second writer, who builds a cluster up. Another client than the program's own, because they
/// write what that one never does (status, finalizers), under other names, and must not share its
/// faults. One connection, to be used by one thread. What is not an answer throws.
class ApiClient {
 public:
  /// `field_manager` is the name that the server keeps beside each field written.
  ApiClient(const TestServer& server, std::string field_manager);
  ~ApiClient();
  ApiClient(const ApiClient&) = delete;
  ApiClient& operator=(const ApiClient&) = delete;

  /// The body is sent as JSON; `content_type` tells patches apart.
  ApiAnswer send(std::string_view method, const std::string& path, const Tree& body = {},
                 std::string_view content_type = "application/json");

  /// Every kind, in the order in which the server tells them.
  [[nodiscard]] const std::vector<ApiKind>& kinds();
  /// The path of an object, or of its collection where it has no name. Throws for a kind that is
  /// not served.
  [[nodiscard]] std::string path_of(const ObjectKey& key);

  /// The object; nothing if there is none.
  [[nodiscard]] std::optional<Tree> find(const ObjectKey& key);
  /// All objects of a kind (default group), everywhere or in one namespace, in the server's order.
  [[nodiscard]] std::vector<Tree> list(const ObjectKey& collection);
  /// In the version that the object names.
  ApiAnswer create(const Tree& object);
  /// RFC 7386.
  ApiAnswer merge(const ObjectKey& key, const Tree& patch);
  /// Replaces the status alone.
  ApiAnswer write_status(const ObjectKey& key, const Tree& status);
  ApiAnswer remove(const ObjectKey& key);

 private:
  struct Connection;
  [[nodiscard]] const ApiKind& kind_of(const ObjectKey& key);
  [[nodiscard]] std::string path_in(std::string_view api_version, const ObjectKey& key);

  std::unique_ptr<Connection> connection_;
  std::string url_;
  std::string field_manager_;
  std::vector<ApiKind> kinds_;
};

/// Null where the text is no JSON.
[[nodiscard]] Tree parsed_json(std::string_view text);

/// The key of an object of a kind with its default group.
[[nodiscard]] ObjectKey key_for(std::string_view kind, std::string_view ns, std::string_view name);

}  // namespace meshproof
