#include "solver/moments/order_stages.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "solver/moments/versions.h"

namespace meshproof {
namespace {

using LabelMap = std::map<std::string, std::string>;

LabelMap labels_in(const Tree* object) {
  LabelMap result;
  const Tree* labels = object == nullptr ? nullptr : object->find_path({"metadata", "labels"});
  if (labels == nullptr) return result;
  for (const TreeField& field : labels->fields) result.emplace(field.key, field.value.text);
  // It is there, written or not (SEMANTICS L3).
  result.erase("kubernetes.io/metadata.name");
  return result;
}

/// The labels in which an object differs from what it was.
std::vector<std::pair<std::string, std::optional<std::string>>> written_labels(const LabelMap& was,
                                                                               const LabelMap& is) {
  std::vector<std::pair<std::string, std::optional<std::string>>> result;
  for (const auto& [key, value] : was) {
    if (!is.contains(key)) result.emplace_back(key, std::nullopt);
  }
  for (const auto& [key, value] : is) {
    const auto old = was.find(key);
    if (old == was.end() || old->second != value) result.emplace_back(key, value);
  }
  std::ranges::sort(result);
  return result;
}

/// The objects while a prediction is played, as far as barriers ask.
class Played {
 public:
  explicit Played(const ObjectStore& objects) : objects_(objects) {}

  /// Null: it is not there.
  [[nodiscard]] const Tree* find(const ObjectKey& key) const {
    const auto found = written_.find(key);
    if (found != written_.end()) return found->second;
    const Object* old = objects_.find(key);
    return old == nullptr ? nullptr : &*old->tree;
  }

  void write(const Step& step) {
    written_[step.key] = step.object.is_null() ? nullptr : &step.object;
  }

 private:
  const ObjectStore& objects_;
  std::map<ObjectKey, const Tree*> written_;
};

bool decides_flows(const Step& step) {
  // Kinds that only some dialects know do no harm here.
  return effect_of(step.key, Dialect::Kubernetes).kind != StepEffect::Kind::None;
}

std::string barrier_words(const Barrier& barrier) {
  std::string words;
  if (!barrier.objects.empty()) {
    words = fmt::format("wait until {} as written",
                        barrier.objects.size() == 1
                            ? "1 object is"
                            : fmt::format("{} objects are", barrier.objects.size()));
  }
  if (barrier.delay_seconds == 0) return words.empty() ? "nothing to wait for" : words;
  words += words.empty() ? "wait " : ", then ";
  return words + fmt::format("{} s for the network", barrier.delay_seconds);
}

Barrier barrier_after(const std::vector<const Step*>& steps,
                      const std::map<ObjectKey, LabelMap>& was, unsigned delay_seconds) {
  std::map<ObjectKey, const Step*> last;
  Barrier barrier;
  for (const Step* step : steps) {
    if (!decides_flows(*step)) continue;
    barrier.delay_seconds = delay_seconds;
    if (step->writer != Step::Writer::User) last[step->key] = step;
  }
  for (const auto& [key, step] : last) {
    AwaitedObject awaited{key, !step->object.is_null(), {}};
    if (awaited.is_there && key.kind == "Namespace") {
      awaited.labels = written_labels(was.at(key), labels_in(&step->object));
    }
    barrier.objects.push_back(std::move(awaited));
  }
  barrier.words = barrier_words(barrier);
  return barrier;
}

}  // namespace

std::vector<OrderStage> order_stages(const ObjectStore& objects, const Prediction& prediction,
                                     const std::vector<BridgePolicy>& bridges,
                                     unsigned delay_seconds) {
  std::map<std::size_t, std::vector<const Step*>> phases;
  for (const Step& step : prediction.steps) {
    if (!step.aside) phases[step.phase].push_back(&step);
  }
  Played played(objects);
  std::vector<OrderStage> stages;
  for (const auto& [phase, steps] : phases) {
    OrderStage stage;
    std::map<ObjectKey, LabelMap> was;
    for (const Step* step : steps) was.try_emplace(step->key, labels_in(played.find(step->key)));
    for (const Step* step : steps) {
      played.write(*step);
      stage.writes.push_back(*step);
    }
    for (const BridgePolicy& bridge : bridges) {
      if (played.find(key_of(bridge.manifest)) == nullptr) continue;
      stage.temporary.push_back(bridge.ns + '/' + bridge.name);
    }
    if (phase != phases.rbegin()->first) stage.barrier = barrier_after(steps, was, delay_seconds);
    stages.push_back(std::move(stage));
  }
  return stages;
}

}  // namespace meshproof
