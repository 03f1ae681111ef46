#pragma once

#include <string>

#include "model/source.h"
#include "reports/diff_report.h"
#include "reports/json_members.h"

namespace meshproof {

/// What every form of `diff` begins with; only files of reports/ include this.
void add_diff_members(const Difference& difference, const Sources& sources, JsonMembers& members);
/// The line that names the networks and what was read.
[[nodiscard]] std::string diff_header(const Difference& difference, std::size_t width);

}  // namespace meshproof
