#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "backends/clock.h"
#include "backends/cluster.h"

namespace meshproof {

/// Keeps two applies apart: a Lease `meshproof-apply` (coordination.k8s.io/v1) in each of some
/// namespaces, held while a run writes and renewed while it waits. Who is killed leaves it to run
/// out, 30 s later; the same run may take it at once.
class Lease {
 public:
  static constexpr std::chrono::seconds kDuration{30};

  /// `holder` names the run.
  Lease(LiveCluster& cluster, Clock& clock, std::vector<std::string> namespaces,
        std::string holder);

  /// Takes all of them, or none: the answer says who holds one (Conflict), or what the server said.
  [[nodiscard]] Answer<void> take();
  /// Makes sure that they are held for a while longer, if a third of their time is over. Conflict:
  /// somebody else has one now, and nothing may be written any more.
  [[nodiscard]] Answer<void> keep();
  /// Gives them up; what cannot be given up runs out.
  void release();

 private:
  using Time = std::chrono::system_clock::time_point;

  [[nodiscard]] Answer<void> take(const std::string& ns);
  [[nodiscard]] bool is_ours(const Tree& lease) const;
  [[nodiscard]] Answer<Tree> create(const std::string& ns, Time now);
  [[nodiscard]] Answer<Tree> write_over(const Tree& lease, const std::string& ns, Time now);
  /// Nothing of ours is there any more, or nothing can be done about it.
  [[nodiscard]] bool is_given_up(const std::string& ns);

  LiveCluster& cluster_;
  Clock& clock_;
  std::vector<std::string> namespaces_;
  std::string holder_;
  std::chrono::steady_clock::time_point renewed_;
};

}  // namespace meshproof
