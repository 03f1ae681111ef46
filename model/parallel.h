#pragma once

#include <cstddef>
#include <functional>

namespace meshproof {

/// Calls `work` with 0, 1, … tasks - 1, each once, on as many threads as the machine has processors
/// (at most as many as there are tasks), of which the calling one is one; returns when all are
/// done. Which thread does which task, and when, is not fixed: what a task gives must not depend on
/// another. Rethrows one of the exceptions that tasks threw.
void run_parallel(std::size_t tasks, const std::function<void(std::size_t task)>& work);

}  // namespace meshproof
