#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backends/apply/execute.h"
#include "tests/backends/memory_cluster.h"

namespace meshproof {

/// A namespace that joins: first a temporary policy, then the roll, to which an operator answers,
/// then the policy goes; and the way back.
[[nodiscard]] Execution small_join();

/// The cluster before it, its kinds served.
void fill_cluster(MemoryCluster& cluster);

/// An operator that answers the roll of small_join(), one write each time it is asked.
class SmallOperator {
 public:
  explicit SmallOperator(MemoryCluster& cluster) : cluster_(cluster) {}
  void act();
  bool is_dead = false;

 private:
  MemoryCluster& cluster_;
};

/// Makes the digest and the basis of an execution fit the cluster, as a plan of its snapshot has.
void settle(Execution& execution, const MemoryCluster& cluster);

/// One process that carries a plan out: opens the journal (begins, or resumes) and runs until it
/// ends.
struct Attempt {
  bool resumes = false;
  bool takes_back = false;
  Via via = Via::Roll;
  ExecuteOptions options = {};
};
[[nodiscard]] ExecutionRun attempt(const Execution& execution, MemoryCluster& cluster,
                                   TestClock& clock, const std::string& journal,
                                   const Attempt& how);

/// What of the cluster a plan speaks of: contents without versions; the lease left out.
[[nodiscard]] std::map<ObjectKey, Tree> contents(const MemoryCluster& cluster);

}  // namespace meshproof
