#include "backends/kube/observation.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "backends/json_tree.h"
#include "backends/kube/list.h"
#include "backends/kube/status.h"
#include "backends/patience.h"

namespace meshproof::kube {
namespace {

using std::chrono::milliseconds;

// One refused watch is heard of only when all of them end, so they end now and then.
constexpr milliseconds kLongestWatch{10'000};
constexpr milliseconds kShortWatch{1'000};
constexpr std::size_t kPage = 500;

std::string_view version_of(const Tree& object) {
  return object.string_at({"metadata", "resourceVersion"});
}

}  // namespace

KubeObservation::KubeObservation(Client& client, Discovery& discovery,
                                 std::vector<Collection> collections)
    : client_(&client), discovery_(&discovery) {
  std::ranges::sort(collections);
  const auto repeated = std::ranges::unique(collections);
  collections.erase(repeated.begin(), repeated.end());
  for (Collection& each : collections) {
    // Everywhere includes here: two watches of one object could tell of it in different orders.
    const Collection everywhere{each.api_version, each.kind, {}};
    if (!each.ns.empty() && std::ranges::binary_search(collections, everywhere)) continue;
    watched_.push_back({each});
  }
}

Answer<void> KubeObservation::begin() {
  for (Watched& watched : watched_) {
    auto found = discovery_->find(watched.collection.api_version, watched.collection.kind);
    if (!found) return tl::unexpected(found.error());
    watched.kind = std::move(found->kind);
    if (auto listed = list_anew(watched); !listed) return tl::unexpected(listed.error());
  }
  return {};
}

Answer<bool> KubeObservation::wait(milliseconds at_most) {
  Clock& clock = client_->clock();
  const auto until = clock.now() + at_most;
  const auto rest = [&] {
    return std::max(milliseconds{0}, std::chrono::duration_cast<milliseconds>(until - clock.now()));
  };
  std::optional<Patience> patience;
  do {
    const auto begin = clock.now();
    auto changed = watch(rest());
    if (changed && *changed) return true;
    if (!changed && !changed.error().is_passing()) return changed;
    const bool was_short = clock.now() - begin < std::min<milliseconds>(at_most, kShortWatch);
    if (changed && !was_short) {
      patience.reset();
      continue;
    }
    if (!patience) {
      PatienceLimits limits = client_->limits();
      limits.at_most = rest();
      patience.emplace(clock, limits);
    }
    // A watch that ends at once would be begun again and again.
    const ClusterError ended{Refusal::Failed, 200, "the watch has ended"};
    if (patience->wait_out(changed ? ended : changed.error())) continue;
    clock.sleep(rest());
  } while (rest() > milliseconds{0});
  return false;
}

bool KubeObservation::is_of(const Watched& watched, const ObjectKey& key) const {
  const Collection& of = watched.collection;
  return key.kind == of.kind && key.group == watched.kind.group() &&
         (of.ns.empty() || !watched.kind.is_namespaced || key.ns == of.ns);
}

bool KubeObservation::put(Tree object) {
  const ObjectKey key = key_of(object);
  const auto [place, is_new] = objects_.try_emplace(key);
  if (!is_new && version_of(place->second) == version_of(object)) return false;
  place->second = std::move(object);
  return true;
}

/// True if that shows another state than was known.
Answer<bool> KubeObservation::list_anew(Watched& watched) {
  std::vector<Tree> listed;
  bool is_broken = false;
  const auto take = [&](std::string_view text) {
    auto tree = tree_of_json(text);
    is_broken = !tree;
    if (tree) listed.push_back(std::move(*tree));
    return !is_broken;
  };
  const auto list = [&](std::size_t limit) {
    listed.clear();
    return list_items(*client_, watched.kind, watched.collection.ns, limit, WhenExpired::Fail,
                      take);
  };
  auto end = list(kPage);
  // Pages of different moments would hide what has changed between them.
  if (!end && end.error().refusal == Refusal::Gone) end = list(0);
  if (!end) return tl::unexpected(end.error());
  // An object that cannot be read is not one that is gone.
  if (is_broken) {
    return tl::unexpected(ClusterError{Refusal::Failed, 200, "the server's answer is not JSON"});
  }
  std::set<ObjectKey> present;
  bool has_changed = false;
  for (Tree& object : listed) {
    present.insert(key_of(object));
    has_changed |= put(std::move(object));
  }
  has_changed |= std::erase_if(objects_, [&](const auto& each) {
                   return is_of(watched, each.first) && !present.contains(each.first);
                 }) != 0;
  watched.resource_version = std::move(end->resource_version);
  return has_changed;
}

/// Watches once, after listing what has to be listed.
Answer<bool> KubeObservation::watch(milliseconds at_most) {
  bool has_changed = false;
  for (Watched& watched : watched_) {
    if (!watched.resource_version.empty()) continue;
    auto listed = list_anew(watched);
    if (!listed) return listed;
    has_changed |= *listed;
  }
  if (has_changed) return true;
  const milliseconds time = std::min(at_most, kLongestWatch);
  std::vector<HttpRequest> requests(watched_.size());
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    requests[i].path =
        fmt::format("{}?watch=1&allowWatchBookmarks=true&resourceVersion={}&timeoutSeconds={}",
                    collection_path(watched_[i].kind, watched_[i].collection.ns),
                    escaped(watched_[i].resource_version),
                    std::chrono::ceil<std::chrono::seconds>(time).count() + 1);
  }
  std::optional<ClusterError> refusal;
  const auto on_line = [&](std::size_t index, std::string_view line) {
    const auto changed = take_event(watched_.at(index), line);
    if (!changed) refusal = changed.error();
    if (changed && *changed) has_changed = true;
    return changed && !*changed && !watched_.at(index).resource_version.empty();
  };
  const auto answers = client_->transport().stream(requests, time, on_line);
  if (has_changed) return true;
  if (refusal) return tl::unexpected(*refusal);
  if (!answers) return tl::unexpected(refusal_of(answers.error(), false));
  for (std::size_t i = 0; i < answers->size() && i < watched_.size(); ++i) {
    const HttpResponse& answer = (*answers)[i];
    if (answer.status == 0 || is_success(answer)) continue;
    if (answer.status == 410) {
      watched_[i].resource_version.clear();
    } else {
      return tl::unexpected(refusal_of(answer));
    }
  }
  return false;
}

/// True if the event is a change.
Answer<bool> KubeObservation::take_event(Watched& watched, std::string_view line) {
  if (line.empty()) return false;
  auto event = tree_of_json(line);
  Tree* object = event ? event->find("object") : nullptr;
  if (!event || object == nullptr) {
    // What was lost is found by listing again.
    watched.resource_version.clear();
    return tl::unexpected(ClusterError{Refusal::Failed, 200, "the watch does not give events"});
  }
  const std::string_view type = event->string_at({"type"});
  if (type == "ERROR") {
    watched.resource_version.clear();
    ClusterError error = refusal_of_status(*object);
    if (error.refusal == Refusal::Gone) return false;
    return tl::unexpected(std::move(error));
  }
  std::string version{version_of(*object)};
  if (!version.empty()) watched.resource_version = std::move(version);
  if (type == "BOOKMARK") return false;
  if (type == "DELETED") return objects_.erase(key_of(*object)) != 0;
  return put(std::move(*object));
}

}  // namespace meshproof::kube
