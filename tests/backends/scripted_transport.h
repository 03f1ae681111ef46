#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "backends/http.h"
#include "tests/backends/fake_clock.h"

namespace meshproof {

/// What one call of stream() meets: lines of requests in their order, then how all of them end.
struct ScriptedStream {
  struct Line {
    std::size_t index = 0;
    std::string text;
  };
  std::vector<Line> lines = {};
  /// Of each request; 200 where there are fewer.
  std::vector<HttpResponse> answers = {};
  std::optional<HttpFailure> failure = {};
  /// How long it takes if nobody ends it; 0: as long as it may.
  std::chrono::milliseconds time{0};
};

/// What a scripted server is asked and answers, shared by a test and a transport.
struct Script {
  std::map<std::string, std::deque<HttpResult<HttpResponse>>> answers;  ///< `GET /path`
  std::deque<ScriptedStream> streams;
  std::vector<HttpRequest> requests = {};
  std::vector<std::vector<HttpRequest>> watches = {};
  FakeClock clock = {};

  /// The next answer to a request; the last one is repeated.
  void answer(const std::string& request, int status, const std::string& body,
              std::optional<std::chrono::seconds> retry_after = {});
  void fail(const std::string& request, HttpFailure failure);
  /// Answers the discovery of NetworkPolicy, ConfigMap and Namespace, aggregated.
  void serve();
  /// Those that were no discovery: `GET /path`.
  [[nodiscard]] std::vector<std::string> asked() const;
};

/// Answers what its script says; a request that is not in there is 404 in text, as of a kind that
/// is not served.
[[nodiscard]] std::unique_ptr<HttpTransport> scripted_transport(Script& script);

/// A Status object.
[[nodiscard]] std::string status_json(int code, const std::string& reason,
                                      const std::string& message,
                                      const std::string& details = "{}");

}  // namespace meshproof
