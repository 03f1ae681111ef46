#pragma once

#include <string>
#include <vector>

#include "model/snapshot.h"
#include "model/suggestion.h"
#include "solver/suggest/lost_flow.h"

/// What policies have to say to keep a flow. Only the files of suggest() include this.
namespace meshproof {

/// The rules that keep what is lost of a flow, or why there are none.
struct FlowRules {
  std::vector<KeptRule> rules;
  std::string impossible;
  std::vector<std::string> remarks;
};

/// SEMANTICS A1. `lost` has at least one pair.
[[nodiscard]] FlowRules rules_for(const Snapshot& after, const KeptFlow& flow,
                                  const LostFlow& lost);

}  // namespace meshproof
