#include "backends/cluster.h"

#include <algorithm>

namespace meshproof {

const ServedKind* Served::find(std::string_view group, std::string_view kind) const {
  const auto found = std::ranges::find_if(
      kinds, [&](const ServedKind& each) { return each.kind == kind && each.group() == group; });
  return found == kinds.end() ? nullptr : &*found;
}

std::string_view to_string(Refusal refusal) {
  switch (refusal) {
    case Refusal::Conflict:
      return "conflict";
    case Refusal::Exists:
      return "exists";
    case Refusal::Gone:
      return "gone";
    case Refusal::Forbidden:
      return "forbidden";
    case Refusal::Unauthorized:
      return "unauthorized";
    case Refusal::Invalid:
      return "invalid";
    case Refusal::NotServed:
      return "not-served";
    case Refusal::Throttled:
      return "throttled";
    case Refusal::Failed:
      return "failed";
    case Refusal::Unreachable:
      return "unreachable";
  }
  return "";
}

}  // namespace meshproof
