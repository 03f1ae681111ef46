#pragma once

#include <chrono>

namespace meshproof {

/// Time as those see it who wait or repeat themselves. Tests have one that does not wait.
class Clock {
 public:
  Clock() = default;
  virtual ~Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;

  /// Never goes back.
  [[nodiscard]] virtual std::chrono::steady_clock::time_point now() = 0;
  /// The time of day, by which credentials expire.
  [[nodiscard]] virtual std::chrono::system_clock::time_point time_of_day() = 0;
  virtual void sleep(std::chrono::milliseconds time) = 0;
  /// At random from 0 up to 1, so that many who wait do not come back at once.
  [[nodiscard]] virtual double jitter() = 0;
};

/// The system's.
[[nodiscard]] Clock& system_clock();

}  // namespace meshproof
