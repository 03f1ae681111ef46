#pragma once

#include <array>
#include <string_view>

namespace meshproof {

/// The recordings that the prediction agrees with, in state and order. None may leave this list,
/// and one that agrees must be in it. Not here: installations, whose Routes and Kiali are not
/// predicted, and deletions of a control plane that the recorder, not the operator, cleaned up
/// after.
inline constexpr auto kWholeCases = std::to_array<std::string_view>({
    "03-sdn-netpol-join-3.1",
    "05-member-ns-missing-created-later.1",
    "05-member-ns-missing-created-later.2",
    "07-name-clash-networkpolicy.1",
    "07-name-clash-networkpolicy.2",
    "07-name-clash-networkpolicy.3",
    "09-label-removed-by-hand.1",
    "09-label-removed-by-hand.2",
    "10-user-deletes-or-edits-mesh-policy.1",
    "10-user-deletes-or-edits-mesh-policy.2",
    "10-user-deletes-or-edits-mesh-policy.3",
    "12-memberSelectors.1",
    "12-memberSelectors.2",
    "12-memberSelectors.3",
    "14-smmr-deleted.1",
    "16-empty-label-value.1",
    "16-empty-label-value.2",
    "18-member-namespace-deleted.1",
    "18-member-namespace-deleted.2",
    "32-move-ns-between-meshes.1",
    "34-upgrade-v2.4-to-v2.5.1",
    "36-install-and-join-v2.2.2",
    "40-ovnkubernetes-join-leave.1",
    "40-ovnkubernetes-join-leave.2",
    "50-multitenant-join-leave.1",
    "50-multitenant-join-leave.2",
    "53-multitenant-already-joined-and-global.1",
    "53-multitenant-already-joined-and-global.2",
    "55-multitenant-pending-join-second-pass.1",
    "55-multitenant-pending-join-second-pass.2",
    "60-subnet-join-leave.1",
    "60-subnet-join-leave.2",
    "70-clusterwide-install.2",
    "70-clusterwide-install.3",
    "74-smcp-spec-edit.1",
    "76-operator-restart.1",
    "76-operator-restart.2",
    "op2.0-join.1",
    "op2.0-join.2",
    "op2.0-join.3",
    "op2.0-multitenant.1",
    "op2.0-multitenant.2",
    "op2.0-multitenant.3",
    "op2.1-join.1",
    "op2.1-join.2",
    "op2.1-join.3",
    "op2.1-multitenant.1",
    "op2.1-multitenant.2",
    "op2.1-multitenant.3",
    "op2.1-name-clash.1",
    "op2.1-name-clash.2",
    "op2.1-name-clash.3",
    "op2.1-smmr-deleted.1",
    "op2.2-join.1",
    "op2.2-join.2",
    "op2.2-join.3",
    "op2.2-multitenant.1",
    "op2.2-multitenant.2",
    "op2.2-multitenant.3",
    "op2.2-name-clash.1",
    "op2.2-name-clash.2",
    "op2.2-name-clash.3",
    "op2.2-smmr-deleted.1",
    "op2.3-join.1",
    "op2.3-join.2",
    "op2.3-join.3",
    "op2.3-multitenant.1",
    "op2.3-multitenant.2",
    "op2.3-multitenant.3",
    "op2.4-join.1",
    "op2.4-join.2",
    "op2.4-join.3",
    "op2.4-multitenant.1",
    "op2.4-multitenant.2",
    "op2.4-multitenant.3",
    "op2.5-join.1",
    "op2.5-join.2",
    "op2.5-join.3",
    "op2.5-multitenant.1",
    "op2.5-multitenant.2",
    "op2.5-multitenant.3",
    "op2.5-name-clash.1",
    "op2.5-name-clash.2",
    "op2.5-name-clash.3",
    "op2.5-smmr-deleted.1",
});

/// Where no controller of control planes ran, and the recorder itself took away what it thought
/// that one would: it left the label `maistra.io/ignore-namespace`, which operators up to 2.3 take
/// off (operator.md 8.5).
inline constexpr std::array kOtherwiseCases = std::to_array<std::string_view>({
    "op2.0-smcp-deleted.1",
    "op2.3-smcp-deleted.1",
});

/// Where the state before holds what somebody did by hand: a copy deleted or edited, an empty
/// label, a network that is not joined.
inline constexpr std::array kSpoiledCases = std::to_array<std::string_view>({
    "10-user-deletes-or-edits-mesh-policy.2",
    "10-user-deletes-or-edits-mesh-policy.3",
    "16-empty-label-value.2",
    "55-multitenant-pending-join-second-pass.2",
    "76-operator-restart.2",
});

}  // namespace meshproof
