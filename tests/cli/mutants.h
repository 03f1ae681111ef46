#pragma once

#include <string>
#include <vector>

#include "model/moments.h"
#include "model/object.h"
#include "model/tree.h"

namespace meshproof {

/// One fault planted into one object.
struct Mutant {
  std::string fault;  ///< `drop a port of NetworkPolicy pay/api`
  Tree object;        ///< the whole object with the fault
};

/// The operators of the mutation tests, each with what it makes of one object: drop a rule, a peer,
/// a port, an exception; swap project and pod selector; In and NotIn; flip policyTypes; widen a
/// block; drop a label (of a project, or of what a selector asks for). None where it does not
/// apply.
[[nodiscard]] std::vector<Mutant> mutants_of(const Object& object);

/// One fault planted into an order of writes.
struct OrderMutant {
  std::string fault;  ///< `skip a barrier: that after stage 1`
  std::vector<Stage> stages;
};

/// Likewise of stages: skip a barrier (two stages become one); swap two writes of different stages,
/// each in the place of the other; drop a bridge (its creation and its deletion).
[[nodiscard]] std::vector<OrderMutant> mutants_of(const std::vector<Stage>& stages);

/// The names of all operators of objects, in the words with which `fault` begins.
[[nodiscard]] const std::vector<std::string>& fault_names();

}  // namespace meshproof
