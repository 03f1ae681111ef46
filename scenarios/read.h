#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "model/coverage.h"
#include "model/diagnostic.h"
#include "model/object.h"
#include "model/source.h"

namespace meshproof {

/// How far the reading of files is.
struct ReadProgress {
  std::size_t files = 0;  ///< that are read
  std::size_t all_files = 0;
  std::uint64_t bytes = 0;  ///< that are read, as they lie on the disk, of a packed file its share
  /// Of those files whose size is known: of a FIFO it is not before it ends.
  std::uint64_t all_bytes = 0;
  std::uint64_t loaded = 0;   ///< bytes that have come of a long file, before any of it is read
  std::uint64_t to_load = 0;  ///< what it has, if that is known
};

struct ReadOptions {
  std::string default_namespace;  ///< -n: where objects live that name no namespace
  /// Told before the first file and after each, and in long ones again and again, then by any
  /// thread, but never by two at a time.
  std::function<void(const ReadProgress&)> progress = {};
};

/// The state of a cluster, as objects, and what is known of its completeness.
struct Input {
  ObjectStore objects;
  Coverage coverage;
};

/// Reads manifests, lists and dumps from files, directories (walked) and standard input (`-`), as
/// spec page inputs.md tells; docs/FORMATS.md lists what is read. The order of the paths does not
/// matter. What is wrong in any file is added to `diagnostics`; the result holds the objects
/// without an error, so that a caller can say what else is wrong with them, but where there was one
/// it is not the cluster's state. O(bytes × log objects).
[[nodiscard]] Input read_inputs(const std::vector<std::string>& paths, const ReadOptions& options,
                                Sources& sources, Diagnostics& diagnostics);

/// The same for one text; `name` stands in messages.
[[nodiscard]] Input read_text(std::string name, std::string text, const ReadOptions& options,
                              Sources& sources, Diagnostics& diagnostics);

}  // namespace meshproof
