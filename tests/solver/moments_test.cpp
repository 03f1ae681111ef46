#include "solver/moments/moments.h"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <numeric>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/solver/moments_scene.h"

namespace meshproof {
namespace {

std::string judged(const MomentScene& scene, const std::vector<Stage>& stages) {
  const auto verdicts = judge_moments(scene.before, scene.after, stages);
  for (const auto& v : verdicts) {
    std::cerr << to_string(v.rule) << ": ";
    if (auto* s = std::get_if<SafeMoments>(&v.finding)) std::cerr << "safe " << s->scope << "\n";
    if (auto* s = std::get_if<Undecided>(&v.finding))
      std::cerr << "undecided " << s->reason << "\n";
    if (auto* s = std::get_if<BadMoment>(&v.finding))
      for (const auto& line : s->story) std::cerr << "   " << line << "\n";
  }
  return broken(verdicts);
}

}  // namespace

TEST_CASE("scratch moments") {
  for (bool mixed : {true, false}) {
    std::cerr << "== mixed " << mixed << "\n";
    const MomentScene join = joining({mixed, false});
    const MomentScene leave = leaving({mixed, false});
    CHECK(judged(join, any_order(join)) == "no-blackhole no-pivot");
    CHECK(judged(join, operator_order(join)) == "no-blackhole");
    CHECK(judged(join, labels_first(join)) == "no-blackhole no-pivot");
    CHECK(judged(leave, operator_order(leave)) == "no-blackhole no-pivot");
    CHECK(judged(leave, labels_first(leave)) == "no-blackhole");
  }
}
TEST_CASE("scratch orders") {
  for (const auto& isolated :
       std::vector<std::vector<bool>>{{false, false}, {true, false}, {true, true}}) {
    for (const bool is_join : {true, false}) {
      const MomentScene scene = is_join ? joining(isolated) : leaving(isolated);
      std::vector<std::size_t> order(scene.steps.size());
      std::iota(order.begin(), order.end(), 0);
      std::size_t safe = 0, no_hole = 0, no_breach = 0, no_pivot = 0, total = 0;
      auto t = std::chrono::steady_clock::now();
      do {
        ++total;
        const std::string text =
            broken(judge_moments(scene.before, scene.after, one_by_one(scene, order)));
        safe += text.empty();
        no_hole += text.find("blackhole") == std::string::npos;
        no_breach += text.find("breach") == std::string::npos;
        no_pivot += text.find("pivot") == std::string::npos;
        if (total == 1)
          std::cerr << std::chrono::duration<double>(std::chrono::steady_clock::now() - t).count()
                    << " s for one\n";
      } while (std::ranges::next_permutation(order).found);
      std::cerr << isolated[0] << isolated[1] << (is_join ? " join " : " leave ") << total
                << " safe " << safe << " no hole " << no_hole << " no breach " << no_breach
                << " no pivot " << no_pivot << "\n";
    }
  }
}
}  // namespace meshproof
