#include "model/mesh/course.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "model/mesh/conditions.h"
#include "model/mesh/control_plane_install.h"
#include "model/mesh/network_kind.h"
#include "model/mesh/watches.h"

namespace meshproof {
namespace {

/// A control plane that is not reconciled, for a reason that is not known here.
void warn_of_unsettled_planes(World& world) {
  for (const Object* plane : world.objects().of_kind("ServiceMeshControlPlane")) {
    const Tree* condition =
        find_condition(plane->tree->find_path({"status", "conditions"}), "Reconciled");
    if (condition == nullptr || condition->string_at({"status"}) == "True") continue;
    if (is_held_up(world, *plane)) continue;
    const auto reason = condition->string_at({"reason"});
    world.warn({plane->place(),
                Severity::Warning,
                "control-plane-not-reconciled",
                "ServiceMeshControlPlane " + plane->key.ns + '/' + plane->key.name +
                    " is not reconciled in the input" +
                    (reason.empty() ? "" : " (" + std::string{reason} + ')') +
                    ": what holds the operator up, and what it goes on to do by itself, "
                    "is not predicted",
                {},
                to_string(plane->key)});
  }
}

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
  infer_network_kind(course.world);
  warn_of_unsettled_planes(course.world);
  if (!change.is_empty()) take_up_work(course.world);
  return go_on(std::move(course), change.phases);
}

}  // namespace meshproof
