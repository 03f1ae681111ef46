#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/moments.h"
#include "model/object.h"
#include "model/prediction.h"
#include "model/tree.h"

/// The order in which a change is safe in every moment (SEMANTICS B, verification.md 3.3).
namespace meshproof {

/// The label that every bridge carries, with the change's digest as its value.
inline constexpr std::string_view kBridgeLabel = "meshproof.io/bridge";

/// What an object must look like before what follows a barrier may be written.
struct AwaitedObject {
  ObjectKey key;
  bool is_there = true;  ///< false: it must be gone
  /// Labels that were written last, by key; nothing: the label must be gone.
  std::vector<std::pair<std::string, std::optional<std::string>>> labels = {};
};

/// What is waited for at the end of a stage. No NetworkPolicy tells in a status that it is in
/// effect, so that seeing the objects is not enough: a stated delay stands for it.
struct Barrier {
  std::vector<AwaitedObject> objects;  ///< in the order of their keys
  unsigned delay_seconds =
      0;  ///< the longest that the network is taken to need; 0: nothing to wait
  std::string words;
};

/// Writes that may be made together, and what is waited for before the next ones.
struct OrderStage {
  std::vector<Step> writes;            ///< the user's and those that follow by themselves
  std::vector<std::string> temporary;  ///< bridges that are there meanwhile: `shop/bridge-…`
  std::optional<Barrier> barrier;      ///< none after the last stage
};

/// A temporary policy of our own, there from the first stage to the last.
struct BridgePolicy {
  std::string ns;
  std::string name;
  Tree manifest;      ///< ready to apply
  std::string keeps;  ///< what it does, in words
};

/// Steps of which some are in effect and others are not in a moment that no order avoids.
struct StepConflict {
  MomentRule rule = MomentRule::NoBlackhole;
  std::vector<std::size_t> in_effect;  ///< places in Prediction::steps
  std::vector<std::size_t> pending;    ///< likewise
  std::vector<std::string> story;
};

/// How a change is made safe.
enum class OrderKind : std::uint8_t {
  Operator,  ///< as it is: every part of what is written at once is safe
  Barriers,  ///< the edit is split, with waits between its parts
  Bridges,   ///< temporary policies keep what both states have
  None,      ///< no order of these writes is safe, see the conflicts
  Unknown,   ///< none was found, and none is excluded
};
/// `operator`, `barriers`, `bridges`, `none`, `unknown`.
[[nodiscard]] std::string_view to_string(OrderKind kind);

/// Stages with the verdicts of the judge over all of them: one for each rule.
struct JudgedOrder {
  std::vector<OrderStage> stages;
  std::vector<MomentVerdict> verdicts;
  std::vector<Stage> judged;  ///< what the verdicts speak of; only where not all hold
  std::string reason;         ///< why there is no such order, or it is not proved; empty if it is
};

/// The order that was found, with the way back. Of kinds None and Unknown `order` is the mesh's
/// own.
struct SafeOrder {
  OrderKind kind = OrderKind::Unknown;
  JudgedOrder order;
  std::vector<BridgePolicy> bridges;    ///< by namespace and name
  JudgedOrder rollback;                 ///< the stages backwards; none for None and Unknown
  std::vector<StepConflict> conflicts;  ///< of None
  std::vector<std::string> remarks;     ///< sentences

  /// Neither None nor Unknown.
  [[nodiscard]] bool is_found() const {
    return kind != OrderKind::None && kind != OrderKind::Unknown;
  }
};

}  // namespace meshproof
