#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <curl/curl.h>

#include "backends/curl_transport.h"
#include "backends/http.h"
#include "backends/request_credentials.h"
#include "model/kubeconfig.h"

namespace meshproof {

// For libcurl both kinds of handles are void.
struct ReleaseEasy {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ReleaseMulti {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
struct ReleaseList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlList = std::unique_ptr<curl_slist, ReleaseList>;

/// Where an API server is, as libcurl is told.
struct CurlTarget {
  std::string url;         ///< without a slash at the end
  std::string connect_to;  ///< where that name is not that of the TLS certificate, else empty
  std::string host_header;
  bool is_loopback = false;
  bool is_encrypted = false;
};
[[nodiscard]] CurlTarget curl_target(const ClusterAddress& address);

/// One request on its way, and what has been answered so far.
class CurlExchange {
 public:
  /// Gives each whole line of a 2xx answer; false ends it. Without it the body is kept.
  using OnLine = std::function<bool(std::string_view line)>;

  CurlExchange(const ClusterAddress& address, const CurlTarget& target, const Identity& identity,
               const HttpRequest& request, const TransportLimits& limits, OnLine on_line = {});
  CurlExchange(const CurlExchange&) = delete;
  CurlExchange& operator=(const CurlExchange&) = delete;
  ~CurlExchange() = default;

  [[nodiscard]] CURL* handle() const { return handle_.get(); }

  /// What libcurl says at the end.
  void end(CURLcode code);
  [[nodiscard]] bool has_ended() const { return has_ended_; }
  /// True if `on_line` has said that it wants no more.
  [[nodiscard]] bool was_stopped() const { return was_stopped_; }

  /// Status 0 if there is no answer yet.
  [[nodiscard]] HttpResponse take_response();
  /// Why there is no whole answer; only after end() with another code than OK.
  [[nodiscard]] HttpFailure failure() const;
  [[nodiscard]] bool has_failed() const { return has_ended_ && code_ != CURLE_OK; }

 private:
  void set_request(const HttpRequest& request, const CurlTarget& target);
  void set_identity(const Identity& identity);
  void set_tls(const ClusterAddress& address, const Identity& identity);
  void set_limits(bool is_stream);

  static std::size_t receive(char* bytes, std::size_t size, std::size_t count, void* exchange);
  [[nodiscard]] bool take(std::string_view bytes);
  [[nodiscard]] bool give_lines();
  [[nodiscard]] long status() const;

  std::unique_ptr<CURL, ReleaseEasy> handle_;
  CurlList headers_;
  CurlList connect_to_;
  TransportLimits limits_;
  OnLine on_line_;
  std::string server_;
  bool is_encrypted_;
  bool is_read_;
  std::vector<std::string> secrets_;  ///< what no message may hold
  std::string request_body_;
  std::string received_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  CURLcode code_ = CURLE_OK;
  bool has_ended_ = false;
  bool was_stopped_ = false;
  bool is_too_large_ = false;
};

/// Connections of one transport, and exchanges on them.
class CurlSession {
 public:
  CurlSession();

  /// Goes on with all exchanges until they have ended, one was stopped, or the time is over.
  void run(const std::vector<std::unique_ptr<CurlExchange>>& exchanges,
           std::chrono::steady_clock::time_point until);

 private:
  std::unique_ptr<CURLM, ReleaseMulti> handle_;
};

}  // namespace meshproof
