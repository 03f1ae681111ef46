#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/moments.h"
#include "model/snapshot.h"
#include "solver/checks/replay.h"
#include "solver/engines/flows/changed_sources.h"
#include "solver/engines/flows/moment_claim.h"
#include "solver/engines/flows/united_states.h"
#include "solver/moments/alike_sources.h"

/// What questions to the solver about the moments of one change share. Only moment_proof,
/// pivot_proof and prediction include this.
namespace meshproof {

/// The steps of a stage that decide flows.
struct StageSteps {
  std::size_t stage = 0;
  std::vector<MomentStepWords> words;  ///< MomentStepWords::needs: positions in this list
  std::vector<std::size_t> steps;      ///< their positions in the stage
  std::vector<NamespaceId> of;         ///< whose policy or labels they write

  void add(MomentStepWords one, std::size_t step, NamespaceId ns);
  /// Those of some namespaces alone.
  [[nodiscard]] StageSteps only(const std::set<NamespaceId>& namespaces) const;
  /// All of them are in effect.
  void apply(FlowView& view) const;
};

/// What is asked about flows to one destination.
struct AskedSources {
  ChangedSources::Sources sources;
  std::set<NamespaceId> concerned;  ///< whose steps decide, the destination's among them
  bool from_changing_only = false;  ///< unchanged projects reach it alike in both states
};

/// Refers to the states and stages.
class MomentFrame {
 public:
  MomentFrame(const Snapshot& before, const Snapshot& after, const std::vector<Stage>& stages);

  /// Why nothing can be asked of pods to come, or with more kinds of changing projects than
  /// `most_projects` too much would be. Empty if there is no reason.
  [[nodiscard]] std::string obstacle(const FlowEncoder& encoder, std::size_t most_projects) const;
  /// Stage by stage; obstacle() must have found none.
  [[nodiscard]] std::vector<StageSteps> steps() const;

  [[nodiscard]] const Snapshot& before() const { return before_; }
  [[nodiscard]] const Snapshot& after() const { return after_; }
  [[nodiscard]] const std::vector<Stage>& stages() const { return stages_; }
  /// The two states as one; `cluster` has moved to united().
  [[nodiscard]] const UnitedStates& states() const { return states_; }
  [[nodiscard]] const Snapshot& united() const { return united_; }

  /// ChangedSources::to(), of alike sources one; none: no flow to the destination differs.
  [[nodiscard]] std::optional<AskedSources> to(NamespaceId destination) const;

  /// What evaluate() says of the flow; ids of pods are those of the state after.
  [[nodiscard]] Replay replayed(const Snapshot& state, Counterexample found) const;
  /// The state in which the earlier stages and some steps of one are in effect.
  [[nodiscard]] Snapshot moment(std::size_t stage, const std::vector<std::size_t>& in_effect) const;
  /// `create NetworkPolicy a/b, update Namespace a`, or `nothing of it`.
  [[nodiscard]] std::string words_of(std::size_t stage,
                                     const std::vector<std::size_t>& in_effect) const;

 private:
  [[nodiscard]] std::vector<std::vector<MomentStepWords>> write_words() const;
  [[nodiscard]] NamespaceId namespace_of(const MomentStepWords& words) const;
  [[nodiscard]] std::map<NamespaceId, std::size_t> relabelled() const;
  [[nodiscard]] std::string unknown_step() const;
  [[nodiscard]] bool are_all_written() const;

  const Snapshot& before_;
  const Snapshot& after_;
  const std::vector<Stage>& stages_;
  UnitedStates states_;
  const Snapshot united_;
  const std::vector<std::vector<MomentStepWords>> words_;  // by stage and step
  const ChangedSources sources_;
  const AlikeSources alike_;
};

}  // namespace meshproof
