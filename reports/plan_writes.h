#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/plan.h"

namespace meshproof {

/// A write of a plan with what it changes, which only the state just before it can tell.
struct ListedWrite {
  const Step* step = nullptr;        ///< of the plan
  std::size_t number = 0;            ///< in its list, from 1: one for each rank
  std::vector<std::string> changes;  ///< `spec.members[2]: "shop"`, of an update
};

/// Writes that stand together.
struct WriteList {
  std::string project;  ///< whose joining or leaving they belong to; may be empty
  std::vector<ListedWrite> writes;
  std::vector<std::string> alike;  ///< other projects with the same writes but for their names
};

/// The writes of a plan but those of others than user, mesh and SDN, in its order.
struct ListedWrites {
  std::vector<ListedWrite> user;
  std::vector<WriteList> mesh;  ///< by phase and project, in the order of the first write of each
  std::vector<ListedWrite> sdn;
};
/// The mesh's without those aside. Unless `full`, projects alike are in one list, and of a long
/// list in an object the first changes are named. O(steps × log(steps)).
[[nodiscard]] ListedWrites list_writes(const Plan& plan, bool full);

/// An object that is written without an effect on who reaches whom.
struct AsideWrite {
  ObjectKey key;
  Verb verb = Verb::Update;  ///< of its first write; one that is deleted and made again is updated
};
[[nodiscard]] std::vector<AsideWrite> aside_writes(const Plan& plan);

/// The objects that a plan writes: one that is made and then updated counts as made, one that is
/// deleted and made again in both. Without what others than user, mesh and SDN write.
struct StepCounts {
  std::size_t created = 0;
  std::size_t changed = 0;
  std::size_t deleted = 0;
};
[[nodiscard]] StepCounts count_steps(const Plan& plan);

/// The number under which the mesh's last write to an object of the kind stands in a project's list
/// there; none if there is no such write, or in more than one phase.
[[nodiscard]] std::optional<std::size_t> step_number(const Plan& plan, std::string_view project,
                                                     std::string_view kind);

}  // namespace meshproof
