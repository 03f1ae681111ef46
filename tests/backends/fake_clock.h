#pragma once

#include <chrono>
#include <vector>

#include "backends/clock.h"

namespace meshproof {

/// A clock that goes on only when somebody sleeps.
class FakeClock final : public Clock {
 public:
  std::chrono::steady_clock::time_point now() override { return now_; }
  std::chrono::system_clock::time_point time_of_day() override { return time_of_day_; }
  void sleep(std::chrono::milliseconds time) override {
    pauses_.push_back(time);
    pass(time);
  }
  double jitter() override { return jitter_; }

  void pass(std::chrono::milliseconds time) {
    now_ += time;
    time_of_day_ += time;
  }
  void set_jitter(double jitter) { jitter_ = jitter; }
  void set_time_of_day(std::chrono::system_clock::time_point time) { time_of_day_ = time; }
  [[nodiscard]] const std::vector<std::chrono::milliseconds>& pauses() const { return pauses_; }

 private:
  std::chrono::steady_clock::time_point now_{std::chrono::hours{1}};
  std::chrono::system_clock::time_point time_of_day_{std::chrono::hours{24}};
  double jitter_ = 1;
  std::vector<std::chrono::milliseconds> pauses_;
};

}  // namespace meshproof
