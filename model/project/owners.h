#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "model/object.h"

namespace meshproof {

/// A kind that makes pods. One row of the table is all that a new one needs.
struct PodMaker {
  std::string_view kind;
  bool by_cron = false;  ///< the pod template lies in a job template
};

[[nodiscard]] std::span<const PodMaker> pod_makers();

/// The pod template in the tree of such a kind; null if there is none, or for another kind.
[[nodiscard]] const Tree* pod_template(std::string_view kind, const Tree& tree);

struct OwnerName {
  std::string kind;
  std::string name;
};

/// Who owns whom. Remembers each owner that it has looked at, but not its tree.
class Owners {
 public:
  /// Refers to the objects.
  explicit Owners(const ObjectStore& objects) : objects_(&objects) {}

  /// What made a pod, or the object that makes pods: the topmost owner, by ownerReferences. An
  /// owner that is not in the input is named by the reference (of a ReplicaSet that is not there,
  /// the Deployment by `pod-template-hash`). A pod without owner, or owned by its node, is its own
  /// workload. `tree` is the object's.
  [[nodiscard]] OwnerName top(const Object& object, const Tree& tree);

 private:
  /// What an object says of its controller.
  struct Link {
    OwnerName owner;          ///< empty if there is none
    OwnerName if_it_is_gone;  ///< what made the owner then, or the owner itself
  };
  [[nodiscard]] static Link link_of(const Tree& tree);
  [[nodiscard]] const Link& link_of(const Object& object);

  const ObjectStore* objects_;
  std::map<const Object*, Link> links_;
};

}  // namespace meshproof
