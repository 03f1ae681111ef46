#include "model/mesh/outcomes.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "model/mesh/conditions.h"
#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"

namespace meshproof {
namespace {

using Status = Outcome::Status;
using Membership = std::pair<std::string, std::string>;  // namespace, mesh

std::set<std::string> names_at(const Object& roll, std::initializer_list<std::string_view> path) {
  const auto names = strings_at(*roll.tree, path);
  return {names.begin(), names.end()};
}

std::string mesh_of(const Object& member) {
  return std::string{member.tree->string_at({"spec", "controlPlaneRef", "namespace"})};
}

/// Who belongs or wants to belong to which mesh in a state.
std::set<Membership> memberships(const ObjectStore& objects) {
  std::set<Membership> found;
  for (const Object* member : objects.of_kind("ServiceMeshMember")) {
    found.emplace(member->key.ns, mesh_of(*member));
  }
  for (const Object* roll : objects.of_kind("ServiceMeshMemberRoll")) {
    for (const auto path : {"members", "configuredMembers", "pendingMembers"}) {
      for (const auto& ns : names_at(*roll, {"status", path})) found.emplace(ns, roll->key.ns);
    }
    for (const auto& ns : names_at(*roll, {"spec", "members"})) {
      if (ns != "*") found.emplace(ns, roll->key.ns);
    }
  }
  for (const Object* ns : objects.of_kind("Namespace")) {
    const auto mesh = ns->label(kMemberOfLabel);
    if (!mesh.empty() && mesh != ns->key.name) found.emplace(ns->key.name, std::string{mesh});
  }
  return found;
}

const Object* member_in(const ObjectStore& objects, const std::string& ns,
                        const std::string& mesh) {
  const Object* member = objects.find("ServiceMeshMember", ns, "default");
  return member != nullptr && mesh_of(*member) == mesh ? member : nullptr;
}

bool is_listed(const ObjectStore& objects, const std::string& ns, const std::string& mesh,
               std::initializer_list<std::string_view> path) {
  const Object* roll = objects.find("ServiceMeshMemberRoll", mesh, "default");
  return roll != nullptr && names_at(*roll, path).contains(ns);
}

/// Why the roll says that the namespace is not configured.
std::string pending_reason(const ObjectStore& objects, const std::string& ns,
                           const std::string& mesh) {
  const Object* roll = objects.find("ServiceMeshMemberRoll", mesh, "default");
  const Tree* statuses = roll->tree->find_path({"status", "memberStatuses"});
  if (statuses != nullptr) {
    for (const Tree& entry : statuses->items) {
      if (entry.string_at({"namespace"}) != ns) continue;
      const Tree* condition = find_condition(entry.find("conditions"), "Reconciled");
      if (condition == nullptr) continue;
      const auto message = condition->string_at({"message"});
      if (!message.empty()) return std::string{message};
    }
  }
  const Tree* ready = find_condition(roll->tree->find_path({"status", "conditions"}), "Ready");
  return ready == nullptr ? "" : std::string{ready->string_at({"message"})};
}

const std::string* failure_of(const World& world, const std::string& ns, const std::string& mesh) {
  for (const auto& [request, error] : world.queue().failed()) {
    const bool of_member = request.controller == Controller::Member && request.ns == ns;
    const bool of_roll = request.controller == Controller::Roll && request.ns == mesh;
    if (of_member || of_roll) return &error;
  }
  return nullptr;
}

/// Why the operator could not take everything away, as the member's last status told.
std::string removal_error(const World& world, const std::string& ns) {
  std::string message;
  for (const Step& step : world.steps()) {
    if (step.key.kind != "ServiceMeshMember" || step.key.ns != ns) continue;
    const Tree* condition =
        find_condition(step.object.find_path({"status", "conditions"}), "Reconciled");
    if (condition == nullptr || condition->string_at({"reason"}) != "ErrorRemovingNamespace") {
      continue;
    }
    message = condition->string_at({"message"});
  }
  return message;
}

/// How a project ended that has left: what stays behind is told.
std::string reason_of_removal(const World& world, const std::string& ns, const std::string& mesh) {
  std::string reason = "it is no member any more";
  std::string kept;
  for (const Object* policy : world.objects().of_kind("NetworkPolicy", ns)) {
    if (policy->label(kMemberOfLabel) != mesh) continue;
    kept += (kept.empty() ? "" : ", ") + policy->key.name;
  }
  const std::string error = removal_error(world, ns);
  if (!error.empty()) reason += "; the operator gave up: " + error;
  if (!kept.empty()) reason += "; the mesh's NetworkPolicies stay: " + kept;
  return reason;
}

Outcome outcome_without_member(const World& world, Outcome outcome, bool was_member) {
  const auto& after = world.objects();
  const bool listed = is_listed(after, outcome.ns, outcome.mesh, {"status", "configuredMembers"});
  const bool pending = is_listed(after, outcome.ns, outcome.mesh, {"status", "pendingMembers"}) ||
                       is_listed(after, outcome.ns, outcome.mesh, {"spec", "members"});
  const Object* ns = after.find("Namespace", "", outcome.ns);
  const bool labelled = ns != nullptr && ns->label(kMemberOfLabel) == outcome.mesh;
  if (listed) {
    outcome.status = Status::Configured;
  } else if (pending) {
    const bool refused = world.version().roll_configures_members &&
                         failure_of(world, outcome.ns, outcome.mesh) != nullptr &&
                         world.find_namespace(outcome.ns).has_value();
    outcome.status = refused ? Status::Failed : Status::Pending;
    outcome.reason = refused ? *failure_of(world, outcome.ns, outcome.mesh)
                             : pending_reason(after, outcome.ns, outcome.mesh);
  } else if (labelled) {
    outcome.status = Status::Unchanged;
    outcome.reason = "it keeps the label of a mesh that does not list it";
  } else if (was_member) {
    outcome.status = Status::Removed;
    outcome.reason = world.find_namespace(outcome.ns)
                         ? reason_of_removal(world, outcome.ns, outcome.mesh)
                         : "its namespace is gone";
  }
  return outcome;
}

Outcome outcome_of_member(const World& world, const Object& member, Outcome outcome) {
  if (const std::string* error = failure_of(world, outcome.ns, outcome.mesh)) {
    outcome.status = Status::Failed;
    outcome.reason = *error;
    return outcome;
  }
  const Tree* condition =
      find_condition(member.tree->find_path({"status", "conditions"}), "Reconciled");
  const bool reconciled = condition != nullptr && condition->string_at({"status"}) == "True";
  // With operator 2.0 a reconciled member is one that the roll lists, configured or not.
  if (reconciled && world.version().roll_configures_members) {
    return outcome_without_member(world, outcome, true);
  }
  outcome.status = reconciled ? Status::Configured : Status::Failed;
  if (member.is_terminating()) outcome.status = Status::Pending;
  if (!reconciled && condition != nullptr) {
    outcome.reason = condition->string_at({"message"});
  }
  return outcome;
}

/// Namespaces that the change speaks of, or that something was written for.
std::set<std::string> touched_namespaces(const World& world) {
  std::set<std::string> touched;
  for (const Step& step : world.steps()) {
    if (!step.project.empty()) touched.insert(step.project);
    if (step.key.kind == "Namespace") touched.insert(step.key.name);
  }
  for (const auto& [request, error] : world.queue().failed()) {
    if (request.controller == Controller::Member) touched.insert(request.ns);
  }
  return touched;
}

void add_refusals(const ObjectStore& before, const std::vector<RefusedEdit>& refusals,
                  std::vector<Outcome>& outcomes) {
  for (const RefusedEdit& edit : refusals) {
    const std::string& text = edit.rejection.message;
    std::set<std::string> asked;
    if (edit.key.kind == "ServiceMeshMemberRoll") {
      const auto wanted = strings_at(edit.wanted, {"spec", "members"});
      asked = {wanted.begin(), wanted.end()};
      if (const Object* roll = before.find(edit.key)) {
        for (const auto& ns : names_at(*roll, {"spec", "members"})) asked.erase(ns);
      }
    }
    std::string mesh = edit.key.ns;
    if (edit.key.kind == "ServiceMeshMember") {
      mesh = edit.wanted.string_at({"spec", "controlPlaneRef", "namespace"});
    }
    if (asked.empty()) asked.insert(edit.key.ns);
    for (const auto& ns : asked) {
      outcomes.push_back({ns, mesh, Status::Rejected, text, edit.rejection.code});
    }
  }
}

bool changed(const ObjectStore& before, const ObjectStore& after, const Membership& membership) {
  const auto state = [&](const ObjectStore& objects) {
    const auto& [ns, mesh] = membership;
    return std::tuple{member_in(objects, ns, mesh) != nullptr,
                      is_listed(objects, ns, mesh, {"spec", "members"}),
                      is_listed(objects, ns, mesh, {"status", "configuredMembers"}),
                      is_listed(objects, ns, mesh, {"status", "pendingMembers"})};
  };
  return state(before) != state(after);
}

}  // namespace

std::vector<Outcome> find_outcomes(const ObjectStore& before, const World& world,
                                   const std::vector<RefusedEdit>& refusals) {
  const auto then = memberships(before);
  std::set<Membership> all = memberships(world.objects());
  all.insert(then.begin(), then.end());
  const auto touched = touched_namespaces(world);
  std::vector<Outcome> outcomes;
  for (const auto& membership : all) {
    const auto& [ns, mesh] = membership;
    if (!touched.contains(ns) && !changed(before, world.objects(), membership)) continue;
    const Outcome blank{ns, mesh, Status::Unchanged, ""};
    const Object* member = member_in(world.objects(), ns, mesh);
    outcomes.push_back(member == nullptr
                           ? outcome_without_member(world, blank, then.contains(membership))
                           : outcome_of_member(world, *member, blank));
  }
  add_refusals(before, refusals, outcomes);
  std::ranges::stable_sort(outcomes, {}, [](const Outcome& outcome) {
    return std::pair{outcome.ns, outcome.mesh};
  });
  return outcomes;
}

}  // namespace meshproof
