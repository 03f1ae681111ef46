#include "cli/timing.h"

#include <algorithm>
#include <sys/resource.h>

#include <fmt/format.h>

namespace meshproof {
namespace {

std::size_t peak_resident_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

}  // namespace

Timing::Timing() : start_(Clock::now()), entered_(start_), phases_{{"start", {}}} {}

void Timing::charge() {
  const Clock::time_point now = Clock::now();
  phases_[current_].spent += now - entered_;
  entered_ = now;
}

void Timing::enter(std::string_view phase) {
  charge();
  const auto known = std::find_if(phases_.begin(), phases_.end(),
                                  [&](const Phase& each) { return each.name == phase; });
  current_ = static_cast<std::size_t>(known - phases_.begin());
  if (known == phases_.end()) phases_.push_back({std::string(phase), {}});
  if (listener_) listener_(phase);
}

std::string Timing::to_json() {
  charge();
  std::string phases;
  for (const Phase& phase : phases_) {
    if (!phases.empty()) phases += ',';
    phases += fmt::format("\"{}\":{:.6f}", phase.name, phase.spent.count());
  }
  const std::chrono::duration<double> wall = entered_ - start_;
  return fmt::format("{{\"phases\":{{{}}},\"wall\":{:.6f},\"peakRssBytes\":{}}}", phases,
                     wall.count(), peak_resident_bytes());
}

}  // namespace meshproof
