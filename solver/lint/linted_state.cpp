#include "solver/lint/linted_state.h"

#include <algorithm>
#include <utility>

#include "model/mesh/found_operator.h"
#include "solver/lint/policy_findings.h"
#include "solver/uses/uses.h"

namespace meshproof {

LintedState::LintedState(const Snapshot& snapshot, PredictOptions options)
    : snapshot_(snapshot), options_(std::move(options)), meshes_(find_meshes(snapshot.objects)) {}

LintedState::~LintedState() = default;

const Mesh* LintedState::mesh_of(std::string_view control_plane_ns) const {
  const auto mesh = std::ranges::find(meshes_, control_plane_ns, &Mesh::ns);
  return mesh == meshes_.end() ? nullptr : &*mesh;
}

const Mesh* LintedState::mesh_with_member(std::string_view ns) const {
  const auto mesh = std::ranges::find_if(
      meshes_, [&](const Mesh& each) { return std::ranges::binary_search(each.labelled, ns); });
  return mesh == meshes_.end() ? nullptr : &*mesh;
}

bool LintedState::covers(std::string_view kind) const {
  const std::string part = group_and_kind(default_group(kind), kind);
  const Listing listing = snapshot_.coverage.find({part, ""});
  if (listing.collected == Collected::Listed) return true;
  // A change may have deleted what the input has.
  return !snapshot_.coverage.lacks(listing) &&
         (snapshot_.coverage.kinds.contains(part) || !objects().of_kind(kind).empty());
}

const OperatorVersion& LintedState::operator_version() const { return world().version(); }

const World& LintedState::world() const {
  if (!world_) {
    auto found = find_operator(objects(), options_.operator_version);
    const OperatorVersion& newest = operator_versions().back();
    const FoundOperator assumed{&newest, std::string{newest.release}, "", ""};
    world_.emplace(operator_view(objects(), found.value_or(assumed), options_));
  }
  return *world_;
}

const ProjectClaims& LintedState::claims() const {
  if (!claims_) claims_.emplace(find_claims(world(), meshes_));
  return *claims_;
}

const Drift* LintedState::drift() const {
  if (!drift_) {
    auto found = find_drift(snapshot_, options_);
    drift_.emplace(found.has_value() ? std::optional<Drift>{std::move(*found)} : std::nullopt);
  }
  return drift_->has_value() ? &**drift_ : nullptr;
}

const Injections* LintedState::injections() const {
  if (!injections_) {
    auto found = find_injections(snapshot_, options_);
    injections_.emplace(found.has_value() ? std::optional<Injections>{std::move(*found)}
                                          : std::nullopt);
  }
  return injections_->has_value() ? &**injections_ : nullptr;
}

const Uses& LintedState::uses() const {
  if (!uses_) uses_ = find_uses_up_to(snapshot_, UseEvidence::ApiService);
  return *uses_;
}

const Redundancy& LintedState::redundancy() const {
  if (!redundancy_) {
    redundancy_ = find_redundancy(
        snapshot_, [this](const NetworkPolicy& policy) { return !is_of_mesh(*this, policy); });
  }
  return *redundancy_;
}

const Evaluator& LintedState::evaluator() const {
  if (evaluator_ == nullptr) {
    evaluator_ = std::make_unique<Evaluator>(snapshot_.cluster, PendingPods::WillRun);
  }
  return *evaluator_;
}

}  // namespace meshproof
