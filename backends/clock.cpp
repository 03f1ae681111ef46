#include "backends/clock.h"

#include <random>
#include <thread>

namespace meshproof {
namespace {

class SystemClock final : public Clock {
 public:
  std::chrono::steady_clock::time_point now() override { return std::chrono::steady_clock::now(); }
  std::chrono::system_clock::time_point time_of_day() override {
    return std::chrono::system_clock::now();
  }
  void sleep(std::chrono::milliseconds time) override { std::this_thread::sleep_for(time); }
  double jitter() override {
    thread_local std::minstd_rand engine{std::random_device{}()};
    return std::uniform_real_distribution<double>{0, 1}(engine);
  }
};

}  // namespace

Clock& system_clock() {
  static SystemClock clock;
  return clock;
}

}  // namespace meshproof
