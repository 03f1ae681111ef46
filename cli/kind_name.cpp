#include "cli/kind_name.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "cli/did_you_mean.h"
#include "model/coverage.h"
#include "model/object.h"

namespace meshproof {

Result<std::string> parse_kind(std::string_view option, std::string_view word) {
  const std::size_t slash = word.find('/');
  const bool has_group = slash != std::string_view::npos && slash > 0 && slash + 1 < word.size() &&
                         word.find('/', slash + 1) == std::string_view::npos;
  if (has_group) return std::string{word};
  const std::vector<std::string_view> kinds = known_kinds();
  if (std::ranges::find(kinds, word) != kinds.end()) {
    return group_and_kind(default_group(word), word);
  }
  const std::vector<std::string> names(kinds.begin(), kinds.end());
  const std::string nearest = did_you_mean(std::string{word}, names);
  return tl::make_unexpected(
      Diagnostics{{{},
                   Severity::Error,
                   "unknown-value",
                   fmt::format("{} '{}' is no kind that has a bare name{}", option, word,
                               nearest.empty() ? "; write GROUP/KIND" : nearest),
                   {},
                   "command line"}});
}

}  // namespace meshproof
