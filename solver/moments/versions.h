#pragma once

#include <compare>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "model/moments.h"
#include "model/snapshot.h"

/// What steps write, object by object. Only the files of solver/moments include this.
namespace meshproof {

/// A step of the stages.
struct StepReference {
  std::size_t stage = 0;
  std::size_t index = 0;

  auto operator<=>(const StepReference&) const = default;
};

/// An object that steps write: it has one version more than it is written, that of the state before
/// first.
struct WrittenObject {
  ObjectKey key;
  std::string project;  ///< whose flows it can change
  std::vector<StepReference> writes;
};

/// What a write can change of who reaches whom.
struct StepEffect {
  enum class Kind : std::uint8_t {
    None,
    Project,   ///< flows at the pods of one project
    Ends,      ///< which pods there are
    Anywhere,  ///< no bound is known
  };
  Kind kind = Kind::None;
  std::string project = {};
};
/// Of objects with this key. O(kinds).
[[nodiscard]] StepEffect effect_of(const ObjectKey& key, Dialect dialect);

/// The versions that objects go through while the stages are written, typed. Keeps the states by
/// reference.
class ObjectVersions {
 public:
  /// O(steps log + objects that differ), and one projection like the state after for each further
  /// version of the object that is written most often.
  ObjectVersions(const Snapshot& before, const Snapshot& after, const std::vector<Stage>& stages);

  /// Why nothing can be said; empty if something can.
  [[nodiscard]] const std::string& obstacle() const { return obstacle_; }
  /// Sorted by key.
  [[nodiscard]] const std::vector<WrittenObject>& objects() const { return objects_; }
  /// Clusters in the n-th of which every object is in its n-th version, or its last one.
  [[nodiscard]] const std::vector<const Cluster*>& clusters() const { return clusters_; }

 private:
  void collect(const std::vector<Stage>& stages);
  void check(const std::vector<Stage>& stages);
  void project_between(const std::vector<Stage>& stages);

  const Snapshot& before_;
  const Snapshot& after_;
  std::string obstacle_;
  std::vector<WrittenObject> objects_;
  std::vector<std::unique_ptr<const Snapshot>> between_;
  std::vector<const Cluster*> clusters_;
};

/// The objects of the state before with some steps in effect, projected like it. O(pods + steps).
[[nodiscard]] Snapshot partial_state(const Snapshot& before, const std::vector<Stage>& stages,
                                     const std::vector<StepReference>& in_effect,
                                     const std::vector<Tree>& more = {});

}  // namespace meshproof
