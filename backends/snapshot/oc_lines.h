#pragma once

#include <string>
#include <vector>

namespace meshproof {

struct OcLinesOptions {
  std::string program = {};  ///< `oc` if empty
  std::string kubeconfig = {};
  std::string context = {};
  std::vector<std::string> namespaces = {};  ///< as SnapshotOptions
  std::string folder = {};                   ///< `snapshot` if empty
};

/// Lines of a shell that list every kind of read_kinds() into a file of its own in a folder, which
/// -f reads. A kind that is not served or may not be listed leaves no file.
[[nodiscard]] std::string oc_lines(const OcLinesOptions& options);

}  // namespace meshproof
