#pragma once

namespace meshproof {

// The order of the writes of one project (operator-recorded.md, "Join order", "Leave order"). Equal
// ranks have no fixed order among them.

inline constexpr int kJoinMember = 0;
inline constexpr int kJoinNetwork = 10;
inline constexpr int kJoinObsoleteNetwork = 12;
inline constexpr int kJoinNetworkEffect = 14;
inline constexpr int kJoinBindings = 20;
inline constexpr int kJoinObsoleteBindings = 22;
inline constexpr int kJoinObsoleteAttachment = 30;
inline constexpr int kJoinAttachment = 32;
inline constexpr int kJoinLabel = 40;
inline constexpr int kJoinStatus = 50;

inline constexpr int kLeaveMember = 0;
inline constexpr int kLeaveBindings = 10;
inline constexpr int kLeaveAttachment = 20;
inline constexpr int kLeaveNetwork = 30;
inline constexpr int kLeaveNetworkEffect = 32;
inline constexpr int kLeaveLabel = 40;
inline constexpr int kLeaveEnd = 50;

/// A project that joins and leaves in turn starts again above all ranks it has used.
inline constexpr int kRanksOfOneSequence = 100;

}  // namespace meshproof
