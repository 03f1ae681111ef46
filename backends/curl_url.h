#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <curl/curl.h>

namespace meshproof {

/// A URL as libcurl reads it.
class CurlUrl {
 public:
  explicit CurlUrl(const std::string& text);

  /// Unescaped users and passwords, hosts with brackets around IPv6 addresses, ports that the
  /// scheme implies; empty if there is no such part.
  [[nodiscard]] std::string part(CURLUPart part) const;
  void set_host(const std::string& host);
  [[nodiscard]] std::string text() const { return part(CURLUPART_URL); }

 private:
  struct Release {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
  };
  std::unique_ptr<CURLU, Release> url_;
};

/// `localhost`, 127.0.0.0/8, `[::1]`.
[[nodiscard]] bool is_loopback(std::string_view host);

}  // namespace meshproof
