#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace meshproof {

/// One request to an API server. Credentials are the transport's, so that no request holds any.
struct HttpRequest {
  std::string method = "GET";
  std::string path;  ///< with its query, escaped: `/api/v1/namespaces?limit=500`
  std::string body = {};
  std::string content_type = {};  ///< of the body; empty without one
  std::string accept = "application/json";
};

/// What the server answered, whatever its status says.
struct HttpResponse {
  int status = 0;
  std::string body;  ///< decoded (gzip)
  /// Retry-After in seconds, where the server gives one.
  std::optional<std::chrono::seconds> retry_after = {};
};

/// There was no answer: the request may or may not have been carried out.
struct HttpFailure {
  std::string message;      ///< without credentials
  bool was_sent = true;     ///< false: the server surely has not seen it
  bool is_timeout = false;  ///< it took too long
};

template <typename T>
using HttpResult = tl::expected<T, HttpFailure>;

/// How requests reach one API server. Tests put one between that breaks things.
class HttpTransport {
 public:
  HttpTransport() = default;
  virtual ~HttpTransport() = default;
  HttpTransport(const HttpTransport&) = delete;
  HttpTransport& operator=(const HttpTransport&) = delete;

  /// The server's address as it may be shown: `https://api.prod:6443`.
  [[nodiscard]] virtual std::string server() const = 0;

  [[nodiscard]] virtual HttpResult<HttpResponse> send(const HttpRequest& request) = 0;

  /// Gives each line of the answer to request `index` as it arrives; false ends all of them.
  using OnLine = std::function<bool(std::size_t index, std::string_view line)>;

  /// Sends all requests at once and reads their answers, which may never end (watches), until
  /// `on_line` says false, all have ended, or the time is over. The answers' statuses, in the order
  /// of the requests, 0 for those that had none yet; the bodies of those that are not 2xx, which
  /// are not given to `on_line`.
  [[nodiscard]] virtual HttpResult<std::vector<HttpResponse>> stream(
      const std::vector<HttpRequest>& requests, std::chrono::milliseconds at_most,
      const OnLine& on_line) = 0;
};

}  // namespace meshproof
