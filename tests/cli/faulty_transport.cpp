#include "tests/cli/faulty_transport.h"

#include <array>
#include <string_view>
#include <thread>

namespace meshproof {
namespace {

HttpResponse status(int code, std::string_view reason) {
  return {code,
          R"({"kind":"Status","apiVersion":"v1","status":"Failure","message":"made up by a test",)"
          R"("reason":")" +
              std::string(reason) + R"(","code":)" + std::to_string(code) + "}",
          {}};
}

}  // namespace

bool FaultyTransport::happens(int percent) {
  return std::uniform_int_distribution<int>{0, 99}(chance_) < percent;
}

HttpResponse FaultyTransport::refusal(bool is_write) {
  switch (std::uniform_int_distribution<int>{0, is_write ? 3 : 1}(chance_)) {
    case 0:
      return {429, "Too many requests, please try again later.", std::chrono::seconds{0}};
    case 1:
      return status(503, "ServiceUnavailable");
    case 2:
      return status(409, "Conflict");
    default:
      return status(403, "Forbidden");
  }
}

HttpResult<HttpResponse> FaultyTransport::send(const HttpRequest& request) {
  const bool is_write =
      request.method != "GET" && request.path.find("selfsubject") == std::string::npos;
  ++requests_;
  if (rates_.expires_at >= 0 && requests_ > rates_.expires_at) return status(401, "Unauthorized");
  if (happens(rates_.slow)) std::this_thread::sleep_for(std::chrono::milliseconds{60});
  if (happens(rates_.killed)) throw KilledHere{};
  if (happens(rates_.refused)) return refusal(is_write);
  if (happens(rates_.cut)) {
    return tl::make_unexpected(HttpFailure{"the connection was refused", false, false});
  }
  const bool is_of_plan = is_write && request.path.find("leases") == std::string::npos;
  if (is_of_plan && happens(rates_.overtaken)) others_();
  HttpResult<HttpResponse> answer = inner_->send(request);
  if (is_of_plan && answer && answer->status < 300) {
    // What is created has no name in the path.
    ++taken_[request.method + ' ' + request.path.substr(0, request.path.find('?')) + ' ' +
             (request.method == "POST" ? request.body : std::string{})];
  }
  if (is_write && happens(rates_.killed)) throw KilledHere{};
  if (happens(rates_.cut)) {
    return tl::make_unexpected(HttpFailure{"the connection was cut", true, false});
  }
  return answer;
}

HttpResult<std::vector<HttpResponse>> FaultyTransport::stream(
    const std::vector<HttpRequest>& requests, std::chrono::milliseconds at_most,
    const OnLine& on_line) {
  ++requests_;
  if (happens(rates_.killed)) throw KilledHere{};
  if (happens(rates_.cut)) {
    return tl::make_unexpected(HttpFailure{"the watch was cut", true, false});
  }
  return inner_->stream(requests, at_most, on_line);
}

}  // namespace meshproof
