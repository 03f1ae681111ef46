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

/// Some writes in words, one after the other; of many only the number.
[[nodiscard]] std::string writes_in_words(const Stage& stage,
                                          const std::vector<std::size_t>& indices);

/// The steps of a project that a moment has not seen, as indices into the stage; sorted.
[[nodiscard]] std::vector<std::size_t> pending_of(const SceneProject& project, std::size_t stage,
                                                  const std::vector<std::size_t>& in_effect);

/// Builds the states in which the moment's hops are, asks evaluate() about them and the states
/// before and after, and tells the story. Undecided where evaluate() does not confirm it.
/// O(pods + objects) for each state.
[[nodiscard]] std::variant<BadMoment, Undecided> replayed(const Snapshot& before,
                                                          const Snapshot& after,
                                                          const std::vector<Stage>& stages,
                                                          const Scene& scene,
                                                          const FoundMoment& found);

}  // namespace meshproof
