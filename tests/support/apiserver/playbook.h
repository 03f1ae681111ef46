#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/object.h"
#include "model/tree.h"
#include "tests/support/apiserver/recorded_case.h"

namespace meshproof {

/// A write as it is played.
struct PlayedWrite {
  enum class Verb : std::uint8_t { Create, Patch, Delete };

  Verb verb = Verb::Create;
  ObjectKey key;
  Tree content;  ///< the object to create, or an RFC 7386 patch
  /// Of a NetNamespace: whether the operator was seen to wait for the network. On a join it often
  /// does not, because it looks at a copy that is not yet annotated (operator-recorded.md).
  bool waits = false;
};

/// What the operator does to one project, in its order.
struct MemberScript {
  std::vector<PlayedWrite> join;
  std::vector<PlayedWrite> leave;
};

/// What one mesh's operator does to its members, by what it was recorded to do.
struct Playbook {
  std::string mesh;  ///< the control plane's project
  /// Of a roll and of a member where every member is configured.
  Tree roll_status;
  Tree member_status;
  std::map<std::string, MemberScript> scripts;  ///< by project

  /// Plays `project` as `like` was recorded, whose name is exchanged.
  void also_play(const std::string& project, const std::string& like);
};

/// The script of each project that joins or leaves completely in one of the cases, which are of one
/// mesh. A join that nobody was recorded to leave again is undone as all leaves went: bindings,
/// attachment, network, policies, label, member. Throws where no project does either.
[[nodiscard]] Playbook playbook_of(const std::vector<RecordedCase>& cases);

}  // namespace meshproof
