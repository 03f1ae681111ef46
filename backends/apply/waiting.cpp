#include "backends/apply/waiting.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "backends/patience.h"

namespace meshproof {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

/// As long as the lease may be left alone.
constexpr milliseconds kGlance{5000};

std::vector<Mismatch> missing(const std::vector<Effect>& effects, const LiveObjects& live) {
  std::vector<Mismatch> result;
  for (const Effect& effect : effects) {
    if (auto how = missing_of(effect, live)) {
      result.push_back({to_string(effect), std::move(*how), {}, {}});
    }
  }
  return result;
}

std::optional<Trouble> keep_lease(ApplyScene& scene) {
  const Answer<void> kept = scene.lease.keep();
  if (kept) return std::nullopt;
  return Trouble{kept.error().message, {}, true};
}

std::string words_of(const std::vector<Mismatch>& left, std::chrono::seconds patience) {
  std::string words =
      fmt::format("{} {} after {} s", left.front().what, left.front().how, patience.count());
  if (left.size() > 1) words += fmt::format(", and {} more", left.size() - 1);
  return words;
}

}  // namespace

std::optional<Trouble> wait_for_effects(LiveState& live, Clock& clock, const WaitLimits& limits,
                                        const std::vector<Effect>& effects) {
  const auto until = clock.now() + limits.patience;
  Patience patience(clock, {.at_most = limits.patience});
  while (true) {
    std::vector<Mismatch> left = missing(effects, live.objects());
    if (left.empty()) return std::nullopt;
    if (limits.meanwhile) {
      if (auto trouble = limits.meanwhile()) return trouble;
    }
    const auto now = clock.now();
    if (now >= until) {
      std::string words = words_of(left, limits.patience);
      return Trouble{std::move(words), std::move(left)};
    }
    const auto rest = duration_cast<milliseconds>(until - now) + milliseconds{1};
    const Answer<bool> seen = live.wait(std::min(kGlance, rest));
    if (seen || patience.wait_out(seen.error())) continue;
    return Trouble{fmt::format("the cluster can no longer be watched: {}", seen.error().message),
                   {},
                   seen.error().shuts_out()};
  }
}

std::optional<Trouble> wait_for_effects(ApplyScene& scene, const std::vector<Effect>& effects) {
  const WaitLimits limits{scene.options.patience, [&] { return keep_lease(scene); }};
  return wait_for_effects(scene.live, scene.clock, limits, effects);
}

std::optional<Trouble> wait_for_network(ApplyScene& scene, unsigned seconds) {
  const auto until = scene.clock.now() + std::chrono::seconds(seconds);
  for (auto now = scene.clock.now(); now < until; now = scene.clock.now()) {
    if (auto trouble = keep_lease(scene)) return trouble;
    scene.clock.sleep(
        std::min(kGlance, duration_cast<milliseconds>(until - now) + milliseconds{1}));
  }
  return std::nullopt;
}

std::optional<Trouble> check_projects(const ApplyScene& scene) {
  const std::vector<BasisChange> changes =
      basis_changes(scene.execution, scene.live.objects(),
                    {.touched_too = false, .projects = touched_projects(scene.execution)});
  if (changes.empty()) return std::nullopt;
  Trouble trouble{"somebody else has changed what the plan rests on"};
  for (const BasisChange& change : changes) {
    trouble.mismatches.push_back(
        {to_string(change.key), std::string(words_of(change.kind)), {}, {}});
  }
  return trouble;
}

}  // namespace meshproof
