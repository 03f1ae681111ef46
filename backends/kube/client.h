#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "backends/clock.h"
#include "backends/cluster.h"
#include "backends/http.h"
#include "backends/patience.h"

namespace meshproof::kube {

/// Requests to one API server, read with patience.
class Client {
 public:
  Client(std::unique_ptr<HttpTransport> transport, Clock& clock, const PatienceLimits& limits)
      : transport_(std::move(transport)), clock_(&clock), limits_(limits) {}

  [[nodiscard]] HttpTransport& transport() { return *transport_; }
  [[nodiscard]] const HttpTransport& transport() const { return *transport_; }
  [[nodiscard]] Clock& clock() { return *clock_; }
  [[nodiscard]] const PatienceLimits& limits() const { return limits_; }

  /// Asks again while a refusal passes. An answer of any status that does not pass. A server that
  /// has never answered is given up soon: more likely the address is wrong.
  [[nodiscard]] Answer<HttpResponse> read(const HttpRequest& request) {
    return read(request, limits_);
  }
  [[nodiscard]] Answer<HttpResponse> read(const HttpRequest& request, const PatienceLimits& limits);
  /// Asks once. An answer of any status.
  [[nodiscard]] Answer<HttpResponse> write(const HttpRequest& request);

 private:
  std::unique_ptr<HttpTransport> transport_;
  Clock* clock_;
  PatienceLimits limits_;
  bool has_answered_ = false;
};

[[nodiscard]] inline bool is_success(const HttpResponse& response) {
  return response.status >= 200 && response.status < 300;
}

/// The object of an answer; the refusal of another answer than 2xx; Failed if it is no JSON.
[[nodiscard]] Answer<Tree> object_of(const Answer<HttpResponse>& answer);

/// Part of a path or a query: everything is escaped but letters, digits and `-._~`.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace meshproof::kube
