#include "cli/outcomes.h"

#include <algorithm>
#include <string>
#include <vector>

#include "model/mesh/mesh.h"

namespace meshproof {
namespace {

bool is_on_roll(const ObjectStore& objects, const Outcome& outcome) {
  const Object* roll = objects.find("ServiceMeshMemberRoll", outcome.mesh, "default");
  const Tree* members = roll == nullptr ? nullptr : roll->tree->find_path({"spec", "members"});
  return members != nullptr && std::ranges::any_of(members->items, [&](const Tree& member) {
           return member.text == outcome.ns;
         });
}

std::string why_still_a_member(const ObjectStore& objects, const Outcome& outcome) {
  const Object* member = objects.find("ServiceMeshMember", outcome.ns, "default");
  const Tree* annotations = member == nullptr ? nullptr : member->annotations();
  const bool is_own = member != nullptr && (annotations == nullptr ||
                                            annotations->find(kCreatedByAnnotation) == nullptr);
  return is_own ? "it stays a member by its own ServiceMeshMember"
                : "it stays a member by a selector of the roll";
}

}  // namespace

void complete_outcomes(Prediction& prediction) {
  std::erase_if(prediction.outcomes, [](const Outcome& outcome) {
    return outcome.ns.find('*') != std::string::npos && outcome.status != Outcome::Status::Rejected;
  });
  for (Outcome& outcome : prediction.outcomes) {
    const Object* ns = prediction.after.find("Namespace", "", outcome.ns);
    const bool waits =
        outcome.status == Outcome::Status::Pending || outcome.status == Outcome::Status::Failed;
    if (waits && ns != nullptr && ns->is_terminating()) outcome.reason += "; it is being deleted";
    if (outcome.status != Outcome::Status::Configured || !outcome.reason.empty()) continue;
    if (is_on_roll(prediction.before, outcome) && !is_on_roll(prediction.after, outcome)) {
      outcome.reason = why_still_a_member(prediction.after, outcome);
    }
  }
}

}  // namespace meshproof
