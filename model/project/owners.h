#pragma once

#include <initializer_list>
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

/// The pod template of an object of such a kind; null if there is none.
[[nodiscard]] const Tree* pod_template(const Object& object);

struct OwnerName {
  std::string kind;
  std::string name;
};

/// What made a pod, or the object that makes pods: the topmost owner, by ownerReferences. An owner
/// that is not in the input is named by the reference (of a ReplicaSet that is not there, the
/// Deployment by `pod-template-hash`). A pod without owner, or owned by its node, is its own
/// workload.
[[nodiscard]] OwnerName top_owner(const ObjectStore& objects, const Object& object);

}  // namespace meshproof
