#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/reachability.h"
#include "model/source.h"
#include "model/use.h"
#include "reports/json_members.h"

namespace meshproof {

/// A line for each use: `- source → destination   ports   what shows that it is used   place`.
[[nodiscard]] std::string used_lines(const std::vector<ChangedUse>& uses, char sign,
                                     const Sources& sources, std::size_t width);

/// `source → destination   ports` of one use.
[[nodiscard]] std::string used_flow_words(const ChangedUse& use);

/// The connections without those that are used. Explained as they were.
[[nodiscard]] ChangedConnections without_used(const ChangedConnections& connections,
                                              const std::vector<ChangedUse>& uses);

/// What nobody is known to use: one line that says how much it is and between whom, unless it is
/// little, or `full`. Empty without connections.
[[nodiscard]] std::string unused_lines(const ChangedConnections& connections, char sign,
                                       const Sources& sources, std::size_t width, bool full);

/// `--keep FROM=TO:PORT/PROTOCOL …` for what is used and lost, as suggest takes it: workloads and
/// addresses as sources, the first few; empty if there are none.
[[nodiscard]] std::string keep_words(const std::vector<ChangedUse>& lost);

/// A list of connections, each with its evidence and, where there are any, the uses in `usedBy`.
void add_connections(JsonMembers& members, std::string_view name,
                     const ChangedConnections& connections, const std::vector<ChangedUse>& uses,
                     const Sources& sources);

}  // namespace meshproof
