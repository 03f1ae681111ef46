#include "backends/curl_transport.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "backends/curl_exchange.h"
#include "backends/request_credentials.h"

namespace meshproof {
namespace {

using std::chrono::milliseconds;

class CurlTransport final : public HttpTransport {
 public:
  CurlTransport(ClusterAddress address, const TransportLimits& limits, Clock& clock)
      : address_(std::move(address)),
        target_(curl_target(address_)),
        limits_(limits),
        credentials_(address_, clock) {}

  [[nodiscard]] std::string server() const override { return address_.server; }

  [[nodiscard]] HttpResult<HttpResponse> send(const HttpRequest& request) override {
    auto answer = send_once(request);
    // A request that was not authorised was not carried out, so writes are sent again, too.
    if (!answer || answer->status != 401 || !credentials_.renew()) return answer;
    return send_once(request);
  }

  [[nodiscard]] HttpResult<std::vector<HttpResponse>> stream(
      const std::vector<HttpRequest>& requests, milliseconds at_most,
      const OnLine& on_line) override {
    auto answers = stream_once(requests, at_most, on_line);
    const bool is_refused =
        answers && !answers->empty() &&
        std::ranges::all_of(*answers, [](const auto& each) { return each.status == 401; });
    if (!is_refused || !credentials_.renew()) return answers;
    return stream_once(requests, at_most, on_line);
  }

 private:
  [[nodiscard]] HttpResult<HttpResponse> send_once(const HttpRequest& request) {
    const auto identity = credentials_.current();
    if (!identity) return tl::unexpected(HttpFailure{identity.error(), false});
    std::vector<std::unique_ptr<CurlExchange>> exchanges;
    exchanges.push_back(
        std::make_unique<CurlExchange>(address_, target_, *identity, request, limits_));
    // The exchange itself keeps the time.
    session_.run(exchanges, std::chrono::steady_clock::time_point::max());
    if (exchanges.front()->has_failed()) return tl::unexpected(exchanges.front()->failure());
    return exchanges.front()->take_response();
  }

  [[nodiscard]] HttpResult<std::vector<HttpResponse>> stream_once(
      const std::vector<HttpRequest>& requests, milliseconds at_most, const OnLine& on_line) {
    const auto until = std::chrono::steady_clock::now() + at_most;
    const auto identity = credentials_.current();
    if (!identity) return tl::unexpected(HttpFailure{identity.error(), false});
    std::vector<std::unique_ptr<CurlExchange>> exchanges;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      exchanges.push_back(std::make_unique<CurlExchange>(
          address_, target_, *identity, requests[i], limits_,
          [&on_line, i](std::string_view line) { return on_line(i, line); }));
    }
    session_.run(exchanges, until);
    std::vector<HttpResponse> answers;
    bool has_answer = false;
    for (const auto& each : exchanges) {
      answers.push_back(each->take_response());
      has_answer |= answers.back().status != 0;
    }
    const auto failed =
        std::ranges::find_if(exchanges, [](const auto& each) { return each->has_failed(); });
    if (!has_answer && failed != exchanges.end()) return tl::unexpected((*failed)->failure());
    return answers;
  }

  ClusterAddress address_;
  CurlTarget target_;
  TransportLimits limits_;
  CurlSession session_;
  RequestCredentials credentials_;
};

}  // namespace

std::unique_ptr<HttpTransport> open_curl_transport(ClusterAddress address,
                                                   const TransportLimits& limits, Clock& clock) {
  return std::make_unique<CurlTransport>(std::move(address), limits, clock);
}

}  // namespace meshproof
