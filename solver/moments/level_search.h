#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace meshproof {

/// One thing on a lower level than another one.
struct Separation {
  std::size_t first = 0;
  std::size_t then = 0;

  auto operator<=>(const Separation&) const = default;
};

/// Things that are to be put on levels, as few as possible.
struct LevelProblem {
  std::size_t count = 0;
  std::vector<Separation> not_after;  ///< `first` on no higher level than `then`
  /// Of each list one at least must hold; an empty list never does.
  std::vector<std::vector<Separation>> clauses;
};

/// What came of it.
struct LevelAnswer {
  std::optional<std::vector<std::size_t>> levels;  ///< of each thing, from 0 without gaps
  bool was_cut = false;  ///< the search was cut, so that no answer proves nothing
};

/// Levels that fulfil the problem, the fewest, and of those the first in lexical order; things that
/// no clause needs stay as low as they can. No levels: there are none, unless it was cut after
/// `most_tries` tries.
[[nodiscard]] LevelAnswer fewest_levels(const LevelProblem& problem, std::size_t most_tries);

}  // namespace meshproof
