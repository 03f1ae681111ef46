#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/change.h"
#include "model/prediction.h"

namespace meshproof {

/// A declared mesh `mesh/basic` v2.5 with member `old`, and the projects `shop` and `pay`.
[[nodiscard]] std::string mesh_manifests();

/// More manifests behind those.
[[nodiscard]] std::string mesh_manifests_and(std::string_view more);

[[nodiscard]] ChangeStep apply(std::string_view yaml);
[[nodiscard]] ChangeStep patch(std::string_view kind, std::string_view ns, std::string_view name,
                               std::string_view merge_yaml);
[[nodiscard]] ChangeStep remove(std::string_view kind, std::string_view ns, std::string_view name);
[[nodiscard]] ChangeStep note(std::string_view text);
/// One phase for each list of steps.
[[nodiscard]] Change change_of(std::vector<std::vector<ChangeStep>> phases);
/// spec.members of roll mesh/default.
[[nodiscard]] ChangeStep members(const std::vector<std::string>& names);

/// The prediction; the test fails if it is an error.
[[nodiscard]] Prediction play(std::string_view state, const Change& change,
                              const std::string& operator_version = "2.5",
                              const NetworkOptions& network = {});

/// `create NetworkPolicy istio-mesh-basic` for each write that belongs to the project and is no
/// aside, in order.
[[nodiscard]] std::vector<std::string> writes_for(const Prediction& prediction,
                                                  const std::string& project);

/// `configured`, or `failed: reason`; `none` if there is no outcome.
[[nodiscard]] std::string outcome_of(const Prediction& prediction, const std::string& ns);

/// The value of a project's member-of label after the change; `none` without one.
[[nodiscard]] std::string label_after(const Prediction& prediction, const std::string& ns);

}  // namespace meshproof
