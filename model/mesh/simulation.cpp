#include "model/mesh/simulation.h"

#include <utility>

#include "model/mesh/control_plane_install.h"
#include "model/mesh/member.h"
#include "model/mesh/namespaces.h"
#include "model/mesh/roll.h"
#include "model/mesh/roll_direct.h"
#include "model/mesh/sdn_master.h"

namespace meshproof {
namespace {

void take_turn(World& world, const Request& request) {
  const bool direct = world.version().roll_configures_members;
  switch (request.controller) {
    case Controller::ControlPlane:
      reconcile_control_plane(world, request);
      return;
    case Controller::Member:
      if (!world.version().member_kind) return;
      direct ? reconcile_member_of_list(world, request) : reconcile_member(world, request);
      return;
    case Controller::Roll:
      direct ? reconcile_roll_directly(world, request) : reconcile_roll(world, request);
      return;
    case Controller::SdnMaster:
      reconcile_net_namespace(world, request.name);
      return;
    case Controller::Namespaces:
      empty_namespace(world, request.name);
      return;
  }
}

}  // namespace

void run_to_rest(World& world, std::size_t turns_per_object) {
  const std::size_t limit = turns_per_object * (world.objects().size() + 10);
  std::size_t turns = 0;
  while (const auto next = world.queue().next()) {
    // NOLINTNEXTLINE(bugprone-unchecked-optional-access): the loop's condition.
    const Request& request = *next;
    if (++turns > limit) {
      world.warn({{},
                  Severity::Warning,
                  "no-rest",
                  "the operator does not come to rest after " + std::to_string(limit) +
                      " turns; the state after is one of those it passes through",
                  {},
                  ""});
      return;
    }
    const std::size_t writes = world.write_count();
    take_turn(world, request);
    // A backoff ends when there is something new to see; without news, the next phase tries again.
    const auto failed = world.queue().failed().find(request);
    if (failed != world.queue().failed().end() && world.write_count() != writes) {
      world.queue().add(request);
    }
  }
}

}  // namespace meshproof
