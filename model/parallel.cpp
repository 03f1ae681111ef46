#include "model/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace meshproof {

void run_parallel(std::size_t tasks, const std::function<void(std::size_t task)>& work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  const auto take_tasks = [&] {
    try {
      for (std::size_t task = next++; task < tasks; task = next++) work(task);
    } catch (...) {
      next = tasks;
      const std::scoped_lock lock{mutex};
      failure = std::current_exception();
    }
  };
  const std::size_t wanted =
      std::min<std::size_t>(tasks, std::max(1U, std::thread::hardware_concurrency()));
  {
    std::vector<std::jthread> others;
    try {
      for (std::size_t i = 1; i < wanted; ++i) others.emplace_back(take_tasks);
    } catch (const std::system_error&) {
      // Where no more threads are to be had, those that there are do all.
    }
    take_tasks();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace meshproof
