#pragma once

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "backends/http.h"

namespace meshproof {

/// The process is killed: thrown where it would be.
struct KilledHere {};

/// What goes wrong on the way to a server, by chance; in percent of requests.
struct FaultRates {
  int refused = 0;      ///< 429, 503, 409 and 403 that the server never said
  int cut = 0;          ///< the connection breaks, before the server sees the request or after
  int slow = 0;         ///< a pause
  int killed = 0;       ///< KilledHere, before the server sees the request or after
  int overtaken = 0;    ///< somebody else writes just before us; in percent of writes
  int expires_at = -1;  ///< from this request on the token does not count; -1: never
};

/// A transport between a client and the real server that breaks things. What the server really did
/// is kept, whoever learns of it.
class FaultyTransport final : public HttpTransport {
 public:
  /// Writes that the server took: `PATCH /api/v1/namespaces/shop`, with how often it did.
  using Taken = std::map<std::string, int>;

  /// `others` is what somebody else does.
  FaultyTransport(std::unique_ptr<HttpTransport> inner, FaultRates rates, std::minstd_rand& chance,
                  Taken& taken, std::function<void()> others)
      : inner_(std::move(inner)),
        rates_(rates),
        chance_(chance),
        taken_(taken),
        others_(std::move(others)) {}

  [[nodiscard]] std::string server() const override { return inner_->server(); }
  [[nodiscard]] HttpResult<HttpResponse> send(const HttpRequest& request) override;
  [[nodiscard]] HttpResult<std::vector<HttpResponse>> stream(
      const std::vector<HttpRequest>& requests, std::chrono::milliseconds at_most,
      const OnLine& on_line) override;

 private:
  [[nodiscard]] bool happens(int percent);
  [[nodiscard]] HttpResponse refusal(bool is_write);

  std::unique_ptr<HttpTransport> inner_;
  FaultRates rates_;
  std::minstd_rand& chance_;
  Taken& taken_;
  std::function<void()> others_;
  int requests_ = 0;
};

}  // namespace meshproof
