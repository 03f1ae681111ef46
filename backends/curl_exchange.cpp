#include "backends/curl_exchange.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "backends/curl_url.h"

namespace meshproof {
namespace {

void append(CurlList& list, const std::string& text) {
  curl_slist* longer = curl_slist_append(list.get(), text.c_str());
  if (longer == nullptr) return;
  (void)list.release();
  list.reset(longer);
}

void set_blob(CURL* handle, CURLoption option, const std::string& pem) {
  // libcurl only reads a blob that it does not copy, but declares it as written to.
  curl_blob blob{const_cast<char*>(pem.data()), pem.size(), CURL_BLOB_COPY};
  curl_easy_setopt(handle, option, &blob);
}

bool is_success(long status) { return status >= 200 && status < 300; }

long milliseconds_of(std::chrono::milliseconds time) { return static_cast<long>(time.count()); }

}  // namespace

CurlTarget curl_target(const ClusterAddress& address) {
  CurlTarget target;
  target.url = address.server;
  while (target.url.ends_with('/')) target.url.pop_back();
  const CurlUrl url(target.url);
  target.is_encrypted = url.part(CURLUPART_SCHEME) == "https";
  const std::string host = url.part(CURLUPART_HOST);
  target.is_loopback = is_loopback(host);
  if (address.tls_server_name.empty() || !target.is_encrypted) return target;
  // libcurl names the host of the URL to the server and in the certificate's check; another
  // address can stand behind it.
  const std::string port = url.part(CURLUPART_PORT);
  target.connect_to = fmt::format("::{}:{}", host, port);
  target.host_header = fmt::format("Host: {}:{}", host, port);
  CurlUrl named(target.url);
  named.set_host(address.tls_server_name);
  target.url = named.text();
  while (target.url.ends_with('/')) target.url.pop_back();
  return target;
}

CurlExchange::CurlExchange(const ClusterAddress& address, const CurlTarget& target,
                           const Identity& identity, const HttpRequest& request,
                           const TransportLimits& limits, OnLine on_line)
    : handle_(curl_easy_init()),
      limits_(limits),
      on_line_(std::move(on_line)),
      server_(address.server),
      is_encrypted_(target.is_encrypted),
      is_read_(request.method == "GET") {
  CURL* handle = handle_.get();
  // Without signals libcurl would let SIGPIPE end us where OpenSSL writes to a closed connection.
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 0L);
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "meshproof/" MESHPROOF_VERSION);
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
  curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, error_.data());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &CurlExchange::receive);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
  // libcurl sends a request once more on a new connection if an old one turns out to be closed,
  // though the server may have carried it out.
  if (!is_read_) curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);
  if (!address.proxy_url.empty()) {
    curl_easy_setopt(handle, CURLOPT_PROXY, address.proxy_url.c_str());
    curl_easy_setopt(handle, CURLOPT_NOPROXY, "");
    secrets_.push_back(address.proxy_url);
    const CurlUrl proxy(address.proxy_url);
    secrets_.push_back(proxy.part(CURLUPART_PASSWORD));
  } else if (target.is_loopback) {
    curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
  }
  set_limits(static_cast<bool>(on_line_));
  set_identity(identity);
  set_tls(address, identity);
  set_request(request, target);
}

void CurlExchange::set_limits(bool is_stream) {
  CURL* handle = handle_.get();
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds_of(limits_.connect));
  if (is_stream) return;
  const auto silence = std::chrono::ceil<std::chrono::seconds>(limits_.silence);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, static_cast<long>(silence.count()));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, milliseconds_of(limits_.request));
}

void CurlExchange::set_identity(const Identity& identity) {
  CURL* handle = handle_.get();
  if (!identity.token.empty()) {
    append(headers_, "Authorization: Bearer " + identity.token);
    secrets_.push_back(identity.token);
  } else if (!identity.username.empty()) {
    curl_easy_setopt(handle, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(handle, CURLOPT_USERNAME, identity.username.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, identity.password.c_str());
    secrets_.push_back(identity.password);
  }
}

void CurlExchange::set_tls(const ClusterAddress& address, const Identity& identity) {
  CURL* handle = handle_.get();
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  if (address.is_unverified) {
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
  } else if (!address.authority.empty()) {
    // Else the system's authorities would count besides this one.
    curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);
    set_blob(handle, CURLOPT_CAINFO_BLOB, address.authority);
  }
  if (identity.certificate.empty()) return;
  curl_easy_setopt(handle, CURLOPT_SSLCERTTYPE, "PEM");
  curl_easy_setopt(handle, CURLOPT_SSLKEYTYPE, "PEM");
  set_blob(handle, CURLOPT_SSLCERT_BLOB, identity.certificate);
  set_blob(handle, CURLOPT_SSLKEY_BLOB, identity.key);
}

void CurlExchange::set_request(const HttpRequest& request, const CurlTarget& target) {
  CURL* handle = handle_.get();
  curl_easy_setopt(handle, CURLOPT_URL, (target.url + request.path).c_str());
  if (!request.accept.empty()) append(headers_, "Accept: " + request.accept);
  if (!is_read_) {
    request_body_ = request.body;
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request_body_.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request_body_.data());
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    append(headers_,
           "Content-Type:" + (request.content_type.empty() ? "" : ' ' + request.content_type));
    append(headers_, "Expect:");
  }
  if (!target.connect_to.empty()) {
    append(connect_to_, target.connect_to);
    curl_easy_setopt(handle, CURLOPT_CONNECT_TO, connect_to_.get());
    append(headers_, target.host_header);
  }
  curl_easy_setopt(handle, CURLOPT_HEADEROPT, CURLHEADER_SEPARATE);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers_.get());
}

long CurlExchange::status() const {
  long status = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  return status;
}

std::size_t CurlExchange::receive(char* bytes, std::size_t size, std::size_t count,
                                  void* exchange) {
  const std::size_t length = size * count;
  return static_cast<CurlExchange*>(exchange)->take({bytes, length}) ? length : 0;
}

bool CurlExchange::take(std::string_view bytes) {
  if (received_.size() + bytes.size() > limits_.most_bytes) {
    is_too_large_ = true;
    return false;
  }
  received_ += bytes;
  if (!on_line_ || !is_success(status())) return true;
  return give_lines();
}

bool CurlExchange::give_lines() {
  std::size_t start = 0;
  for (std::size_t end = received_.find('\n'); end != std::string::npos;
       end = received_.find('\n', start)) {
    const std::string_view line = std::string_view(received_).substr(start, end - start);
    start = end + 1;
    if (on_line_(line)) continue;
    was_stopped_ = true;
    return false;
  }
  received_.erase(0, start);
  return true;
}

void CurlExchange::end(CURLcode code) {
  code_ = code;
  has_ended_ = true;
  // A last line without its end is whole only if the answer is.
  if (code == CURLE_OK && on_line_ && is_success(status()) && !received_.empty()) {
    received_ += '\n';
    (void)give_lines();
  }
}

HttpResponse CurlExchange::take_response() {
  HttpResponse response;
  response.status = static_cast<int>(status());
  if (!on_line_ || !is_success(response.status)) response.body = std::move(received_);
  curl_off_t retry_after = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RETRY_AFTER, &retry_after);
  if (retry_after > 0) response.retry_after = std::chrono::seconds{retry_after};
  return response;
}

HttpFailure CurlExchange::failure() const {
  std::string reason = error_.front() != '\0' ? error_.data() : curl_easy_strerror(code_);
  if (is_too_large_) {
    reason = fmt::format("the answer is larger than {} MiB", limits_.most_bytes >> 20U);
  }
  for (const std::string& secret : secrets_) {
    if (secret.empty()) continue;
    for (std::size_t at = reason.find(secret); at != std::string::npos; at = reason.find(secret)) {
      reason.replace(at, secret.size(), "…");
    }
  }
  HttpFailure failure;
  failure.message = fmt::format("{}: {}", server_, reason);
  failure.is_timeout = code_ == CURLE_OPERATION_TIMEDOUT;
  // Writes have a connection of their own: as long as it is not there nothing was sent.
  curl_off_t ready = 0;
  curl_easy_getinfo(handle_.get(),
                    is_encrypted_ ? CURLINFO_APPCONNECT_TIME_T : CURLINFO_CONNECT_TIME_T, &ready);
  failure.was_sent = is_read_ || ready > 0;
  return failure;
}

CurlSession::CurlSession() {
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
  (void)kReady;
  handle_.reset(curl_multi_init());
}

void CurlSession::run(const std::vector<std::unique_ptr<CurlExchange>>& exchanges,
                      std::chrono::steady_clock::time_point until) {
  constexpr std::chrono::milliseconds kLongestPoll{1'000};
  CURLM* handle = handle_.get();
  for (const auto& each : exchanges) curl_multi_add_handle(handle, each->handle());
  const auto is_done = [&] {
    return std::ranges::all_of(exchanges, [](const auto& each) { return each->has_ended(); }) ||
           std::ranges::any_of(exchanges, [](const auto& each) { return each->was_stopped(); });
  };
  while (true) {
    int running = 0;
    curl_multi_perform(handle, &running);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(handle, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const auto ended = std::ranges::find(exchanges, message->easy_handle,
                                           [](const auto& each) { return each->handle(); });
      if (ended != exchanges.end()) (*ended)->end(message->data.result);
    }
    const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    if (is_done() || rest.count() <= 0) break;
    const auto pause = std::min(rest, kLongestPoll);
    curl_multi_poll(handle, nullptr, 0, static_cast<int>(pause.count()), nullptr);
  }
  for (const auto& each : exchanges) curl_multi_remove_handle(handle, each->handle());
}

}  // namespace meshproof
