#include "tests/support/apiserver/repeating_thread.h"

#include <condition_variable>
#include <utility>

namespace meshproof {

RepeatingThread::RepeatingThread(std::chrono::milliseconds pause, Step step)
    : thread_{[this, pause, step = std::move(step)](const std::stop_token& stop) {
        try {
          while (!stop.stop_requested()) {
            step(stop);
            sleep_for(pause, stop);
          }
        } catch (...) {
          const std::lock_guard lock{mutex_};
          failure_ = std::current_exception();
        }
      }} {}

void RepeatingThread::check() const {
  const std::lock_guard lock{mutex_};
  if (failure_) std::rethrow_exception(failure_);
}

void sleep_for(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock{mutex};
  changed.wait_for(lock, stop, time, [] { return false; });
}

}  // namespace meshproof
