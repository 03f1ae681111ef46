#include "solver/lint/linted_state.h"

#include <algorithm>
#include <utility>

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

const OperatorVersion& LintedState::operator_version() const {
  const Drift* found = drift();
  const OperatorVersion* version =
      found == nullptr ? nullptr : nearest_operator_version(found->operator_version);
  return version == nullptr ? operator_versions().back() : *version;
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
  if (!uses_) uses_ = find_uses(snapshot_);
  return *uses_;
}

const Evaluator& LintedState::evaluator() const {
  if (evaluator_ == nullptr) {
    evaluator_ = std::make_unique<Evaluator>(snapshot_.cluster, PendingPods::WillRun);
  }
  return *evaluator_;
}

}  // namespace meshproof
