#include "cli/did_you_mean.h"

#include <fmt/format.h>

#include "model/spelling.h"

namespace meshproof {

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::vector<std::string_view> views(candidates.begin(), candidates.end());
  const std::string_view meant = nearest_word(word, views);
  return meant.empty() ? "" : fmt::format("; did you mean '{}'?", meant);
}

}  // namespace meshproof
