#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meshproof {

/// Where the time of a run went. A run is always in exactly one phase, so the phases add up to the
/// wall time.
class Timing {
 public:
  Timing();
  /// Who is told of each phase that is entered from now on, also in copies.
  void tell(std::function<void(std::string_view phase)> listener) {
    listener_ = std::move(listener);
  }
  /// Ends the current phase and enters (or re-enters) another.
  void enter(std::string_view phase);
  /// One JSON line: `{"phases":{"read":s,…},"wall":s,"peakRssBytes":n}`; ends the current phase.
  [[nodiscard]] std::string to_json();

 private:
  using Clock = std::chrono::steady_clock;
  struct Phase {
    std::string name;
    std::chrono::duration<double> spent{};
  };
  void charge();

  Clock::time_point start_;
  Clock::time_point entered_;
  std::vector<Phase> phases_;
  std::size_t current_ = 0;
  std::function<void(std::string_view)> listener_;
};

}  // namespace meshproof
