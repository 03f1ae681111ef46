#include "model/mesh/work_queue.h"

#include <algorithm>
#include <utility>

namespace meshproof {

void WorkQueue::add(Request request) {
  failed_.erase(request);
  if (known_.insert(request).second) waiting_.push_back(std::move(request));
}

std::optional<Request> WorkQueue::next() {
  if (waiting_.empty()) return std::nullopt;
  Request request = std::move(waiting_.front());
  waiting_.pop_front();
  known_.erase(request);
  return request;
}

bool WorkQueue::others_wait(Controller controller) const {
  return std::ranges::any_of(
      waiting_, [controller](const Request& request) { return request.controller != controller; });
}

void WorkQueue::fail(const Request& request, std::string error) {
  failed_.insert_or_assign(request, std::move(error));
}

void WorkQueue::retry_failed() {
  const auto failed = std::exchange(failed_, {});
  for (const auto& [request, error] : failed) add(request);
}

}  // namespace meshproof
