#include "backends/patience.h"

#include <algorithm>

namespace meshproof {

bool Patience::wait_out(const ClusterError& error) {
  using std::chrono::milliseconds;
  if (!error.is_passing()) return false;
  const auto now = clock_->now();
  if (!has_begun_) until_ = now + limits_.at_most;
  has_begun_ = true;
  const double part = 0.5 + clock_->jitter() / 2;
  milliseconds pause{static_cast<milliseconds::rep>(static_cast<double>(pause_.count()) * part)};
  if (error.retry_after) pause = std::max<milliseconds>(pause, *error.retry_after);
  if (now + pause > until_) return false;
  pause_ = std::min(pause_ * 2, limits_.longest_pause);
  clock_->sleep(pause);
  return true;
}

}  // namespace meshproof
