#include "model/moments.h"

namespace meshproof {

std::string_view to_string(MomentRule rule) {
  switch (rule) {
    case MomentRule::NoBlackhole:
      return "no-blackhole";
    case MomentRule::NoBreach:
      return "no-breach";
    case MomentRule::NoPivot:
      return "no-pivot";
  }
  return "";
}

}  // namespace meshproof
