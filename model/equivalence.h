#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/flow.h"
#include "model/tree.h"

namespace meshproof {

/// A flow that one of two states has, between pods that may not exist.
struct FlowDifference {
  bool is_gained = false;  ///< the second state has it
  std::string src;
  std::string dst;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
  std::vector<Reason> before;   ///< what evaluate() says of it in the first state
  std::vector<Reason> after;    ///< and in the second
  std::vector<Tree> manifests;  ///< of ends that do not exist, ready to create
};

/// Whether two states let the same flows through, for every pod that could exist.
struct Equivalence {
  /// One gained and one lost flow for each project that has such, by project. Each is confirmed by
  /// evaluate() in both states.
  std::vector<FlowDifference> examples;
  std::vector<std::string> undecided;  ///< why something could not be decided; each once
  std::string scope;                   ///< what the answer speaks of

  /// Nothing differs, and everything was decided.
  [[nodiscard]] bool is_equal() const { return examples.empty() && undecided.empty(); }
};

}  // namespace meshproof
