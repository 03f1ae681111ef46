#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "backends/cluster.h"
#include "model/effects.h"
#include "model/execution.h"
#include "model/execution_run.h"

namespace meshproof {

/// Everything of a cluster that a plan rests on or touches, watched while it is carried out.
class LiveState {
 public:
  /// Watches the basis kinds everywhere, and other kinds that the plan writes in the namespaces
  /// where it does, or everywhere if these are many. Kinds that the server does not serve are left
  /// out; that a plan needs one is told by whoever looks for its objects. Errors: those of
  /// observing, a group among them whose own server is silent.
  [[nodiscard]] static Answer<LiveState> open(LiveCluster& cluster, const Execution& execution);

  /// See Observation::wait().
  [[nodiscard]] Answer<bool> wait(std::chrono::milliseconds at_most) {
    return observation_->wait(at_most);
  }
  [[nodiscard]] const LiveObjects& objects() const { return observation_->objects(); }

 private:
  explicit LiveState(std::unique_ptr<Observation> observation)
      : observation_(std::move(observation)) {}

  std::unique_ptr<Observation> observation_;
};

/// What a LiveState of a plan watches, for rights to ask for. Sorted.
[[nodiscard]] std::vector<Collection> watched_collections(const Execution& execution);

/// The keys of everything that a plan writes or expects others to write, on both ways.
[[nodiscard]] std::set<ObjectKey> touched_keys(const Execution& execution);

/// Which objects of a plan's basis count.
struct BasisQuestion {
  bool touched_too = false;                            ///< also those that the plan itself touches
  std::optional<std::set<std::string>> projects = {};  ///< only in these namespaces; none: in all
};
/// What has changed since the plan was made, in the order of the keys. O(objects).
[[nodiscard]] std::vector<BasisChange> basis_changes(const Execution& execution,
                                                     const LiveObjects& live,
                                                     const BasisQuestion& question);

/// The namespaces whose objects the plan writes, and those of their meshes.
[[nodiscard]] std::set<std::string> touched_projects(const Execution& execution);

}  // namespace meshproof
