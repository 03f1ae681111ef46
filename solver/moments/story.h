#pragma once

#include <string>
#include <variant>
#include <vector>

#include "model/moments.h"
#include "model/snapshot.h"
#include "solver/moments/search.h"

/// A bad moment made real and told. Only the files of solver/moments include this.
namespace meshproof {

/// A write in words: `NetworkPolicy shop/istio-mesh-basic is created`.
[[nodiscard]] std::string write_in_words(const Step& step);

/// Builds the states in which the moment's hops are, asks evaluate() about them and the states
/// before and after, and tells the story. Undecided where evaluate() does not confirm it.
/// O(pods + objects) for each state.
[[nodiscard]] std::variant<BadMoment, Undecided> replayed(const Snapshot& before,
                                                          const Snapshot& after,
                                                          const std::vector<Stage>& stages,
                                                          const Scene& scene,
                                                          const FoundMoment& found);

}  // namespace meshproof
