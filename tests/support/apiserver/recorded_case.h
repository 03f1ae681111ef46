#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/change.h"
#include "model/object.h"

namespace meshproof {

/// A write that the real operator was seen to make; status writes were not recorded.
struct RecordedWrite {
  long ms = 0;       ///< since the change
  std::string verb;  ///< `create`, `update`, `patch`, `delete`
  ObjectKey key;

  /// The project for which it was made; writes of one project have a certain order.
  [[nodiscard]] const std::string& project() const { return key.ns.empty() ? key.name : key.ns; }
};

/// A change that was made to a cluster where the real operator ran.
struct RecordedCase {
  std::string name;
  ObjectStore before;
  ObjectStore after;  ///< when the operator had come to rest
  Change change;
  std::vector<RecordedWrite> writes;  ///< by time
};

/// Throws where the case is not there or cannot be read.
[[nodiscard]] RecordedCase read_recorded_case(const std::filesystem::path& folder);

}  // namespace meshproof
