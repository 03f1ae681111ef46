#include "model/mesh/course.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "model/mesh/watches.h"

namespace meshproof {
namespace {

/// What the state shows as begun goes on; nobody waits for the change.
void take_up_work(World& world) {
  for (const Request& request : requests_in_backoff(world)) world.queue().fail(request, "");
  for (Request& request : requests_of_sdn_master(world)) {
    world.queue().add(std::move(request));
    world.set_raced();
  }
}

}  // namespace

Result<Course> go_on(Course course, const std::vector<ChangePhase>& phases) {
  for (std::size_t phase = 0; phase < phases.size(); ++phase) {
    course.world.set_phase(phase);
    auto refusals = make_edits(course.world, phases[phase]);
    if (!refusals) return tl::unexpected(std::move(refusals.error()));
    std::ranges::move(*refusals, std::back_inserter(course.refusals));
    course.world.queue().retry_failed();
    run_to_rest(course.world);
  }
  return course;
}

Result<Course> play(const ObjectStore& before, const Change& change, const FoundOperator& found,
                    Platform platform) {
  platform.release = found.release;
  Course course{World{before, *found.version, std::move(platform)}, {}};
  if (!change.is_empty()) take_up_work(course.world);
  return go_on(std::move(course), change.phases);
}

}  // namespace meshproof
