#include "cli/undo.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/steps.h"
#include "model/edit.h"
#include "model/mesh/roll_edit.h"
#include "model/project.h"
#include "reports/text.h"
#include "reports/tree_diff.h"
#include "solver/reachability.h"

namespace meshproof {
namespace {

constexpr std::size_t kObjectsShown = 4;

std::string edit_words(const Options& options) {
  std::vector<std::string> parts;
  if (!options.join.empty()) {
    parts.push_back(fmt::format("take {} off the roll", fmt::join(options.join, ", ")));
  }
  if (!options.leave.empty()) {
    parts.push_back(fmt::format("put {} back on the roll", fmt::join(options.leave, ", ")));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

/// Finalizers are the operator's own business, and no list that it writes has an order that counts.
bool is_idle(const std::string& words) {
  return words.find("metadata.finalizers") <= 2 || words.ends_with(": another order");
}

/// How an object differs in what counts; empty if it does not.
std::string object_difference(const ObjectKey& key, const Object* then, const Object* now) {
  if (then == nullptr) return to_string(key) + " (is left)";
  if (now == nullptr) return to_string(key) + " (is gone)";
  if (then->tree.is_copy_of(now->tree)) return {};
  std::vector<std::string> words = difference_words(without_server_fields(*then->tree, false),
                                                    without_server_fields(*now->tree, false));
  std::erase_if(words, is_idle);
  for (std::string& each : words) {
    // Which one the SDN master picks is not known.
    if (key.kind == "NetNamespace" && each.rfind("netid:", 0) == 0) each = "another NetID";
  }
  if (words.empty()) return {};
  return fmt::format("{} ({})", to_string(key), fmt::join(words, ", "));
}

std::vector<std::string> object_differences(const Snapshot& before, const ObjectStore& now) {
  const ObjectStore& then = before.objects;
  std::vector<std::string> differences;
  for (const ObjectKey& key : then.differing_keys(now)) {
    // A namespace that the input only speaks of was there too.
    const bool was_assumed = key.kind == "Namespace" && then.find(key) == nullptr &&
                             before.cluster.find_namespace(key.name).is_valid();
    if (was_assumed) continue;
    std::string words = object_difference(key, then.find(key), now.find(key));
    if (!words.empty()) differences.push_back(std::move(words));
  }
  if (differences.size() > kObjectsShown) {
    const std::size_t more = differences.size() - kObjectsShown;
    differences.resize(kObjectsShown);
    differences.push_back(counted(more, "other object"));
  }
  return differences;
}

std::vector<std::string> flow_differences(const ReachabilityChange& change) {
  std::vector<std::string> differences;
  const auto add = [&](std::uint64_t count, std::string_view what, std::string_view how) {
    if (count > 0) differences.push_back(fmt::format("{} {}", counted(count, what), how));
  };
  add(change.lost.count(), "connection", "that the edit or its way back closes");
  add(change.gained.count(), "connection", "that the edit or its way back opens");
  return differences;
}

}  // namespace

std::string undo_of(const Options& options, const Prediction& prediction, const Snapshot& before,
                    const Snapshot& after) {
  if (options.join.empty() && options.leave.empty()) return {};
  const bool changed = std::ranges::any_of(
      prediction.steps, [](const Step& step) { return step.writer == Step::Writer::User; });
  if (!changed) return {};
  const Result<Change> change = edit_roll(after.objects, options.leave, options.join, options.mesh);
  if (!change) return {};
  const Result<Prediction> back = predict(after, *change, predict_options(options));
  if (!back) return {};
  const std::vector<std::string> objects = object_differences(before, back->after);
  if (objects.empty()) return edit_words(options);
  Snapshot restored{back->after, after.coverage, {}};
  Diagnostics told;  // of the same objects as those of the two states
  restored.cluster = project(restored.objects, options.network, told, &after);
  const ReachabilityChange left_open = compare(before, restored);
  std::vector<std::string> left = flow_differences(left_open);
  const std::string_view words = left.empty()
                                     ? "these stay different"
                                     : "that is not the whole way back, for these stay different";
  left.insert(left.end(), objects.begin(), objects.end());
  if (!left_open.undecided.empty()) {
    left.push_back(counted(left_open.undecided.size(), "pair") + " cannot be compared");
  }
  return fmt::format("{}; {}: {}", edit_words(options), words, fmt::join(left, "; "));
}

}  // namespace meshproof
