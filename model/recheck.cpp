#include "model/recheck.h"

namespace meshproof {

std::string_view to_string(Recheck outcome) {
  switch (outcome) {
    case Recheck::Confirmed:
      return "confirmed";
    case Recheck::Sampled:
      return "sampled";
    case Recheck::NotAsked:
      return "not-rechecked";
    case Recheck::Disagrees:
      return "disagrees";
  }
  return "";
}

}  // namespace meshproof
