#pragma once

#include <chrono>

#include "backends/clock.h"
#include "backends/cluster.h"

namespace meshproof {

/// How passing refusals are waited out.
struct PatienceLimits {
  std::chrono::milliseconds first_pause{250};
  std::chrono::milliseconds longest_pause{10'000};
  std::chrono::milliseconds at_most{120'000};  ///< altogether, from the first refusal on
};

/// The pauses between repetitions of one request: each twice as long as the one before, shortened
/// by up to half at random, and never shorter than the server asks for.
class Patience {
 public:
  Patience(Clock& clock, const PatienceLimits& limits)
      : clock_(&clock), limits_(limits), pause_(limits.first_pause) {}

  /// Waits before the next repetition. False at once if the refusal does not pass, or would not
  /// within the time.
  [[nodiscard]] bool wait_out(const ClusterError& error);

 private:
  Clock* clock_;
  PatienceLimits limits_;
  std::chrono::milliseconds pause_;
  bool has_begun_ = false;
  std::chrono::steady_clock::time_point until_ = {};
};

/// Asks until there is an answer that is no passing refusal, or patience is at its end.
template <typename Ask>
auto ask_patiently(Clock& clock, const PatienceLimits& limits, const Ask& ask) -> decltype(ask()) {
  Patience patience(clock, limits);
  while (true) {
    auto answer = ask();
    if (answer || !patience.wait_out(answer.error())) return answer;
  }
}

}  // namespace meshproof
