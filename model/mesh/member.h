#pragma once

#include "model/mesh/world.h"

namespace meshproof {

/// One turn of the operator's ServiceMeshMember controller, operators 2.1 and later: finalizer,
/// join and status of a member; leave and end of a deleted one. Where the network strategy cannot
/// be found the turn fails before any status and is tried again.
void reconcile_member(World& world, const Request& request);

/// The annotation of a roll that the member controller made for a ServiceMeshMember.
inline constexpr std::string_view kMemberController = "servicemeshmember-controller";
/// The annotation of a ServiceMeshMember that the roll controller made.
inline constexpr std::string_view kRollController = "servicemeshmemberroll-controller";

}  // namespace meshproof
