#include "solver/checks/shadowed_rules.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/mesh/mesh.h"
#include "solver/checks/lacking.h"
#include "solver/checks/object_witness.h"
#include "solver/redundancy.h"

namespace meshproof {
namespace {

/// Nobody but the operator could take it away.
bool is_of_mesh(const NetworkPolicy& policy, const Snapshot& snapshot) {
  const Object* object =
      snapshot.objects.find("NetworkPolicy", snapshot.cluster.at(policy.ns).name, policy.name);
  return object != nullptr && (object->has_label(kMemberOfLabel) || object->has_label(kOwnerLabel));
}

ObjectFault fault_of(const RedundantPart& part, const Cluster& cluster) {
  const NetworkPolicy& policy = cluster.at(part.policy);
  ObjectFault fault{
      "NetworkPolicy " + cluster.at(policy.ns).name + '/' + policy.name, {}, "Q9", policy.place};
  if (!part.rule) {
    fault.text = "without it the other policies of the project admit the same";
    return fault;
  }
  fault.text = "its " + std::string(to_string(part.direction)) + " rule " +
               std::to_string(*part.rule + 1) + " admits nothing that others do not";
  fault.place = policy.rules(part.direction).at(*part.rule).place;
  return fault;
}

}  // namespace

Decided check_no_shadowed_rules(const JudgedState& state, const Assertion& assertion) {
  const Snapshot& snapshot = state.snapshot();
  const Cluster& cluster = snapshot.cluster;
  Group everybody;
  everybody.name = "all pods";
  const Group& group = assertion.in ? *assertion.in : everybody;
  const GroupResolver groups(cluster);
  std::set<NamespaceId> projects;
  std::size_t policies = 0;
  std::size_t own = 0;
  for (std::uint32_t i = 0; i < cluster.namespaces.size(); ++i) {
    if (!groups.has_namespace(group, {i})) continue;
    projects.insert({i});
    for (const PolicyId policy : cluster.namespaces[i].policies) {
      ++policies;
      own += is_of_mesh(cluster.at(policy), snapshot) ? 0U : 1U;
    }
  }
  const Lacking lacking =
      lacking_objects({"networking.k8s.io/NetworkPolicy"}, assertion.in, snapshot, groups);
  if (own == 0 && !group.allow_empty) {
    std::string reason = policies == 0 ? "no project of " + group.name + " has a policy"
                                       : "all policies in " + group.name + " are the mesh's own";
    return {limited(Vacuous{std::move(reason)}, lacking), {Decider::Objects}};
  }
  const Redundancy found = find_redundancy(snapshot, [&](const NetworkPolicy& policy) {
    return projects.contains(policy.ns) && !is_of_mesh(policy, snapshot);
  });
  std::vector<ObjectFault> faults;
  for (const RedundantPart& part : found.parts) faults.push_back(fault_of(part, cluster));
  Finding finding = Holds{Universe::Unbounded,
                          std::to_string(own) + (own == 1 ? " policy of " : " policies of ") +
                              std::to_string(projects.size()) +
                              (projects.size() == 1 ? " project" : " projects") +
                              " with all rules, each needed by some pod that could exist; what "
                              "the mesh wrote is not asked about"};
  if (!faults.empty()) {
    finding = violated_by(faults);
  } else if (!found.obstacle.empty()) {
    finding = Undecided{found.obstacle};
  } else if (found.undecided > 0) {
    finding =
        Undecided{"of " + std::to_string(found.undecided) + " of " + std::to_string(found.asked) +
                  " policies and rules it is not known: egress to addresses is not proved, "
                  "and a solver may give up"};
  }
  return {limited(std::move(finding), lacking), {Decider::Z3}};
}

}  // namespace meshproof
