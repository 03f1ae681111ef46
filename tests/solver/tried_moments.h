#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/change.h"
#include "model/ip.h"
#include "model/moments.h"
#include "model/prediction.h"
#include "model/safe_order.h"
#include "model/snapshot.h"

/// Orders of changes in tests, judged by trying out every part of every stage.
namespace meshproof {

/// The flows that are tried: between all pods, and between them and addresses outside.
struct TriedFlows {
  std::vector<std::uint16_t> ports = {8080};  ///< TCP
  std::vector<IpAddress> outside = {};
};

/// Every moment of the stages, put to evaluate() flow by flow: what judges and find_safe_order()
/// are held against. The hops of a pivot see parts of their own. Stages have few steps.
[[nodiscard]] std::vector<MomentVerdict> try_flows(const Snapshot& before, const Snapshot& after,
                                                   const std::vector<Stage>& stages,
                                                   const TriedFlows& flows);
/// The same between all pods at TCP 8080.
[[nodiscard]] std::vector<MomentVerdict> try_moments(const Snapshot& before, const Snapshot& after,
                                                     const std::vector<Stage>& stages);

/// A change with the states that it leads from and to.
struct PlayedChange {
  Change change;
  PredictOptions options;
  Prediction prediction;
  Snapshot before;
  Snapshot after;
};
[[nodiscard]] PlayedChange played_change(std::string_view state, const Change& change,
                                         const NetworkOptions& network = {});

/// The order of it by try_moments().
[[nodiscard]] SafeOrder order_of(const PlayedChange& played);

/// `create NetworkPolicy shop/istio-mesh-basic` for each write of the stages that is no member roll
/// or member object, one list for each stage.
[[nodiscard]] std::vector<std::vector<std::string>> stage_words(const JudgedOrder& order);

/// `no-pivot` for each rule that is broken, `undecided: …` for each that is not decided.
[[nodiscard]] std::vector<std::string> broken_rules(const std::vector<MomentVerdict>& verdicts);

}  // namespace meshproof
