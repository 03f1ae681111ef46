#pragma once

#include <string>
#include <vector>

#include "model/coverage.h"
#include "model/object.h"
#include "model/result.h"
#include "model/source.h"

namespace meshproof {

struct ReadOptions {
  std::string default_namespace;  ///< -n: where objects live that name no namespace
};

/// The state of a cluster, as objects, and what is known of its completeness.
struct Input {
  ObjectStore objects;
  Coverage coverage;
};

/// Reads manifests, lists and dumps from files, directories (walked) and standard input (`-`), as
/// spec page inputs.md tells; docs/FORMATS.md lists what is read. The order of the paths does not
/// matter. A failure holds the errors of all files, sorted by place; warnings and notes are added
/// to `warnings` in either case. O(bytes × log objects).
[[nodiscard]] Result<Input> read_inputs(const std::vector<std::string>& paths,
                                        const ReadOptions& options, Sources& sources,
                                        Diagnostics& warnings);

/// The same for one text; `name` stands in messages.
[[nodiscard]] Result<Input> read_text(std::string name, std::string text,
                                      const ReadOptions& options, Sources& sources,
                                      Diagnostics& warnings);

}  // namespace meshproof
