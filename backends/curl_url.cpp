#include "backends/curl_url.h"

namespace meshproof {

CurlUrl::CurlUrl(const std::string& text) : url_(curl_url()) {
  curl_url_set(url_.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME);
}

std::string CurlUrl::part(CURLUPart part) const {
  const bool is_url = part == CURLUPART_URL;
  const unsigned flags = is_url ? 0U : unsigned{CURLU_DEFAULT_PORT};
  char* text = nullptr;
  if (curl_url_get(url_.get(), part, &text, flags) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

void CurlUrl::set_host(const std::string& host) {
  curl_url_set(url_.get(), CURLUPART_HOST, host.c_str(), 0);
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host.ends_with(".localhost") || host == "[::1]" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos);
}

}  // namespace meshproof
