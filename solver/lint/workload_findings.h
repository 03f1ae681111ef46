#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/mesh/injection.h"
#include "solver/lint/rule_row.h"

/// What the rules about injection share. Only files of solver/lint include this.
namespace meshproof {

/// Takes what is found about one workload.
class WorkloadFindings {
 public:
  WorkloadFindings(const WorkloadInjection& workload, std::vector<LintFinding>& findings)
      : workload_(workload), findings_(findings) {}

  /// At a place inside of it; unknown: the workload's.
  void add(std::string message, Place place);

 private:
  const WorkloadInjection& workload_;
  std::vector<LintFinding>& findings_;
};

/// What `look` finds about each workload of the state; nothing if the operator's version is
/// unknown.
template <typename Look>
[[nodiscard]] std::vector<LintFinding> about_workloads(const LintedState& state, Look look) {
  std::vector<LintFinding> findings;
  const Injections* injections = state.injections();
  if (injections == nullptr) return findings;
  for (const WorkloadInjection& workload : injections->workloads) {
    WorkloadFindings found(workload, findings);
    look(workload, found);
  }
  return findings;
}

/// A pod template, and what it is a part of.
struct HeldTemplate {
  std::shared_ptr<const Tree> object;
  const Tree* tree = nullptr;  ///< with `metadata` and `spec`; null if there is none
};
[[nodiscard]] HeldTemplate template_of(const LintedState& state, const WorkloadInjection& workload);

}  // namespace meshproof
