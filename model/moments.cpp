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

std::string pivot_hops_in_words(std::size_t hops) {
  return hops == 2 ? "two hops" : "up to " + std::to_string(hops) + " hops";
}

}  // namespace meshproof
