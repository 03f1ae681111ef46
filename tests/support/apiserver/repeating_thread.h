#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace meshproof {

/// A thread that does one step again and again, until it is destroyed or a step throws.
class RepeatingThread {
 public:
  using Step = std::function<void(const std::stop_token&)>;

  RepeatingThread(std::chrono::milliseconds pause, Step step);

  /// Throws what a step has thrown, if one has.
  void check() const;

 private:
  mutable std::mutex mutex_;
  std::exception_ptr failure_;
  std::jthread thread_;
};

/// Comes back after the time, or earlier when the thread has to stop.
void sleep_for(std::chrono::milliseconds time, const std::stop_token& stop);

}  // namespace meshproof
