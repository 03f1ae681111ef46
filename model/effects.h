#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/execution.h"
#include "model/object.h"
#include "model/tree.h"

/// Where a live cluster stands on the way of a plan.
namespace meshproof {

/// Where an object stands between the two ends of a write.
enum class WritePosition : std::uint8_t {
  Before,   ///< as it was: the write can be made
  After,    ///< as it will be: nothing is left to write
  Leaving,  ///< it has to be created, and one of the same name is still being deleted
  Other,    ///< neither: somebody else has written what the write changes
};

/// `live` is null where there is none. Only what the write changes counts: other labels,
/// annotations, finalizers and the status may be anybody's. An object that is created counts
/// whole (content_of()), one that is deleted without its labels and annotations. A write that
/// changes nothing has always been made.
[[nodiscard]] WritePosition position_of(const PlannedWrite& write, const Tree* live);

/// An object is there with what decides flows and rights of it (deciding_part()) and the labels
/// that the stage writes, or is gone.
struct ObjectEffect {
  ObjectKey key;
  std::string api_version;
  std::optional<Tree> before;
  std::optional<Tree> after;
};

/// The SDN master has answered: the request is gone from the NetNamespace, and its NetID is that of
/// the mesh (`join:MESH`), 0 (`global`) or one of its own (`isolate`). The label member-of proves
/// neither (operator-recorded.md).
struct NetworkEffect {
  std::string ns;
  std::string request;
};

using Effect = std::variant<ObjectEffect, NetworkEffect, MemberEffect>;

/// Objects by key, as last seen.
using LiveObjects = std::map<ObjectKey, Tree>;

/// What has to be seen before a stage is in effect: of the objects that others write the last
/// content, of those that we delete that they are gone, answers of the SDN master, and with the
/// operator the roll's status. In the order of the keys.
[[nodiscard]] std::vector<Effect> effects_of(const ExecutionStage& stage, Via via);

/// The same of all stages at their end, our own writes included: what the state has to be then.
[[nodiscard]] std::vector<Effect> effects_of(const std::vector<ExecutionStage>& stages, Via via);

/// What is missing of an effect, in words; nothing if it is there. O(log objects), of networks
/// O(objects).
[[nodiscard]] std::optional<std::string> missing_of(const Effect& effect, const LiveObjects& live);

/// `NetworkPolicy shop/istio-mesh-basic`, `network of shop (join:mesh-a)`.
[[nodiscard]] std::string to_string(const Effect& effect);

}  // namespace meshproof
