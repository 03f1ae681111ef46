#include "solver/lint/policy_findings.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace meshproof {
namespace {

constexpr std::size_t kNamed = 3;

std::string subject_of(const LintedState& state, const NetworkPolicy& policy) {
  return fmt::format("NetworkPolicy {}/{}", state.cluster().at(policy.ns).name, policy.name);
}

bool has_label(const LintedState& state, const NetworkPolicy& policy, std::string_view key) {
  static constexpr std::array kLabels{Outline::Field{"labels"}};
  static constexpr Outline kMetadata{kLabels};
  static constexpr std::array kParts{Outline::Field{"metadata", &kMetadata}};
  static constexpr Outline kOutline{kParts};
  const Object* object =
      state.objects().find("NetworkPolicy", state.cluster().at(policy.ns).name, policy.name);
  if (object == nullptr) return false;
  const std::shared_ptr<const Tree> tree = object->tree.read(&kOutline);
  return tree->find_path({"metadata", "labels", key}) != nullptr;
}

}  // namespace

LintFinding finding_about_policy(const LintedState& state, const NetworkPolicy& policy,
                                 std::string message, Place place) {
  return {nullptr,
          subject_of(state, policy),
          state.cluster().at(policy.ns).name,
          std::move(message),
          place.is_known() ? place : policy.place,
          {}};
}

bool is_copy(const LintedState& state, const NetworkPolicy& policy) {
  return has_label(state, policy, kMemberOfLabel);
}

bool is_of_mesh(const LintedState& state, const NetworkPolicy& policy) {
  return has_label(state, policy, kOwnerLabel) || is_copy(state, policy);
}

std::string list_some(const std::vector<std::string>& names) {
  if (names.empty()) return {};
  if (names.size() == 1) return names.front();
  const std::size_t shown = std::min(kNamed, names.size());
  if (names.size() > kNamed) {
    return fmt::format("{} and {} more",
                       fmt::join(names.begin(), names.begin() + static_cast<long>(shown), ", "),
                       names.size() - shown);
  }
  return fmt::format("{} and {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
}

}  // namespace meshproof
