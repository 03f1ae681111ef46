#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/object.h"

namespace meshproof {

/// How a verdict came out when it was worked out a second time.
enum class Recheck : std::uint8_t {
  Confirmed,  ///< all of it
  Sampled,    ///< a part of it, evenly chosen: all of it would be too much
  NotAsked,   ///< nothing of it: it is not about flows of the input, or too large
  Disagrees,  ///< evaluate() says otherwise
};
/// `confirmed`, `sampled`, `not-rechecked`, `disagrees`.
[[nodiscard]] std::string_view to_string(Recheck outcome);

/// One verdict, worked out a second time.
struct RecheckedVerdict {
  std::string id;  ///< of the verdict
  Recheck outcome = Recheck::NotAsked;
  std::string words;        ///< what was asked and, if it disagrees, what was answered
  std::uint64_t flows = 0;  ///< that evaluate() was asked about
  /// Where they disagree: the objects of the input that bear on the question.
  std::vector<ObjectKey> objects = {};
};

}  // namespace meshproof
