#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace meshproof {

/// What the input is known to contain (inputs.md, "Coverage: absent is not empty"). Plain manifests
/// cannot know what they left out: they are assumed complete, and every output says so.
struct Coverage {
  std::size_t files = 0;
  std::size_t objects = 0;
  std::size_t skipped_documents = 0;  ///< without apiVersion and kind
  /// Objects per kind, `group/Kind` or `Kind`.
  std::map<std::string, std::size_t> kinds;
  /// Kinds whose list was cut off or refused, with the reason: no verdict may rest on them.
  std::vector<std::string> incomplete;
  bool assumed_complete = true;

  [[nodiscard]] bool is_complete() const { return incomplete.empty(); }
};

}  // namespace meshproof
