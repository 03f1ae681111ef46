#include "model/suggestion.h"

#include <string_view>

namespace meshproof {

bool KeptPeer::operator==(const KeptPeer& other) const {
  const bool same_block =
      block.has_value() == other.block.has_value() &&
      (!block || (block->cidr == other.block->cidr && block->except == other.block->except));
  return projects == other.projects && pods == other.pods && same_block &&
         block_holds_pods == other.block_holds_pods;
}

std::string_view to_string(KeptAnswer::Status status) {
  switch (status) {
    case KeptAnswer::Status::Kept:
      return "kept";
    case KeptAnswer::Status::NotNeeded:
      return "not-needed";
    case KeptAnswer::Status::NeverOpen:
      return "never-open";
    case KeptAnswer::Status::Impossible:
      return "impossible";
    case KeptAnswer::Status::Undecided:
      return "undecided";
  }
  return {};
}

}  // namespace meshproof
