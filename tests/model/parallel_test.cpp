#include "model/parallel.h"

#include <atomic>
#include <stdexcept>
#include <vector>

#include <catch2/catch.hpp>

namespace meshproof {
namespace {

TEST_CASE("each task is done once, whatever their number") {
  for (const std::size_t tasks : {0U, 1U, 2U, 7U, 1000U}) {
    std::vector<std::atomic<int>> done(tasks);
    run_parallel(tasks, [&](std::size_t task) { ++done.at(task); });
    for (const auto& times : done) CHECK(times == 1);
  }
}

TEST_CASE("what a task throws reaches the caller") {
  const auto work = [](std::size_t task) {
    if (task == 3) throw std::runtime_error("task 3");
  };
  CHECK_THROWS_WITH(run_parallel(100, work), "task 3");
}

}  // namespace
}  // namespace meshproof
