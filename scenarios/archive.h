#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/byte_source.h"
#include "scenarios/gunzip.h"

namespace meshproof {

/// A file of an archive.
struct ArchiveMember {
  std::string path;  ///< without `./` in front
  std::string bytes;
};

/// A member that is no file: nothing of it is read.
struct ArchiveOther {
  std::string path;
  std::string target;  ///< of a link, as the path of a member; empty for devices and FIFOs
};

/// What was wanted of an archive, sorted by path. Where there is a failure nothing of it may be
/// used.
struct Archive {
  std::vector<ArchiveMember> members;
  std::vector<ArchiveOther> others;
  std::string failure;
};

/// Says by a member's path whether to read it.
using WantsMember = std::function<bool(std::string_view path)>;

/// Reads a tar file. Of several members of one path the last counts, as tar unpacks them. Fails
/// where the archive is damaged, cut off (no mark of its end) or beyond the limits. O(bytes).
[[nodiscard]] Archive read_tar(const ByteSource& bytes, const WantsMember& wants,
                               const UnpackLimits& limits);

/// The same for a zip file, which has to be in memory.
[[nodiscard]] Archive read_zip(std::string_view bytes, const WantsMember& wants,
                               const UnpackLimits& limits);

}  // namespace meshproof
