#include "solver/moments/level_search.h"

#include <algorithm>
#include <set>

namespace meshproof {
namespace {

/// Depth first over the things that clauses speak of, and those bound to them.
class LevelSearch {
 public:
  LevelSearch(const LevelProblem& problem, std::size_t most_tries)
      : problem_(problem), most_tries_(most_tries), levels_(problem.count) {
    std::set<std::size_t> named;
    for (const auto& clause : problem.clauses) {
      for (const Separation& each : clause) named.insert({each.first, each.then});
    }
    for (bool grows = true; grows;) {
      grows = false;
      for (const Separation& bound : problem.not_after) {
        if (named.contains(bound.first) == named.contains(bound.then)) continue;
        named.insert({bound.first, bound.then});
        grows = true;
      }
    }
    things_.assign(named.begin(), named.end());
  }

  [[nodiscard]] LevelAnswer run() {
    LevelAnswer answer;
    const bool is_hopeless =
        std::ranges::any_of(problem_.clauses, [](const auto& clause) { return clause.empty(); });
    if (is_hopeless) return answer;
    // As many levels as things are enough for every order there is.
    for (std::size_t most = 1; most <= std::max<std::size_t>(1, things_.size()); ++most) {
      std::fill(levels_.begin(), levels_.end(), std::nullopt);
      for (std::size_t i = 0; i < levels_.size(); ++i) {
        if (!std::ranges::binary_search(things_, i)) levels_[i] = 0;
      }
      if (place(0, most)) {
        answer.levels = without_gaps();
        return answer;
      }
      answer.was_cut = tries_ >= most_tries_;
      if (answer.was_cut) return answer;
    }
    return answer;
  }

 private:
  [[nodiscard]] bool place(std::size_t next, std::size_t most) {
    if (next == things_.size()) return true;
    for (std::size_t level = 0; level < most; ++level) {
      if (++tries_ >= most_tries_) return false;
      levels_[things_[next]] = level;
      if (is_possible() && place(next + 1, most)) return true;
    }
    levels_[things_[next]].reset();
    return false;
  }

  [[nodiscard]] bool may_hold(const Separation& each) const {
    const auto& first = levels_[each.first];
    const auto& then = levels_[each.then];
    if (each.first == each.then) return false;
    return !first || !then || *first < *then;
  }

  [[nodiscard]] bool is_possible() const {
    const bool is_bound = std::ranges::all_of(problem_.not_after, [this](const Separation& each) {
      const auto& first = levels_[each.first];
      const auto& then = levels_[each.then];
      return !first || !then || *first <= *then;
    });
    return is_bound && std::ranges::all_of(problem_.clauses, [this](const auto& clause) {
             return std::ranges::any_of(clause,
                                        [this](const Separation& each) { return may_hold(each); });
           });
  }

  [[nodiscard]] std::vector<std::size_t> without_gaps() const {
    std::set<std::size_t> used;
    for (const auto& level : levels_) used.insert(level.value_or(0));
    std::vector<std::size_t> result;
    for (const auto& level : levels_) {
      const auto at = used.find(level.value_or(0));
      result.push_back(static_cast<std::size_t>(std::distance(used.begin(), at)));
    }
    return result;
  }

  const LevelProblem& problem_;
  std::size_t most_tries_;
  std::size_t tries_ = 0;
  std::vector<std::optional<std::size_t>> levels_;
  std::vector<std::size_t> things_;  ///< sorted
};

}  // namespace

LevelAnswer fewest_levels(const LevelProblem& problem, std::size_t most_tries) {
  return LevelSearch(problem, most_tries).run();
}

}  // namespace meshproof
