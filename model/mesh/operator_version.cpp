#include "model/mesh/operator_version.h"

#include <algorithm>
#include <array>

namespace meshproof {
namespace {

// NOLINTBEGIN(readability-identifier-naming): they are the cells of the table.
constexpr bool yes = true;
constexpr bool no = false;
// NOLINTEND(readability-identifier-naming)

// Column order as declared. A cell that differs from the row above is a change of that release.
constexpr std::array kVersions = std::to_array<OperatorVersion>({
    // clang-format off
    //                                  recor roll  waits strip roles toler stale any   keep  wild  leave kiali selec watch scrap ignore
    {"2.0", "2.0.11", "v2.0", "v1.0",   yes,  yes,  yes,  no,   yes,  no,   no,   no,   no,   no,   no,   no,   no,   no,   no,   yes},
    {"2.1", "2.1.6",  "v2.1", "v1.1",   yes,  no,   yes,  yes,  yes,  no,   no,   yes,  no,   no,   no,   no,   no,   no,   no,   yes},
    {"2.2", "2.2.13", "v2.2", "v1.1",   yes,  no,   no,   yes,  yes,  yes,  yes,  yes,  no,   no,   no,   no,   no,   no,   no,   yes},
    {"2.3", "2.3.11", "v2.3", "v2.0",   yes,  no,   no,   yes,  no,   yes,  yes,  no,   yes,  yes,  yes,  yes,  no,   no,   no,   yes},
    {"2.4", "2.4.7",  "v2.4", "v2.1",   yes,  no,   no,   yes,  no,   yes,  yes,  no,   yes,  yes,  yes,  yes,  yes,  yes,  yes,  no},
    {"2.5", "2.5.1",  "v2.5", "v2.2",   yes,  no,   no,   yes,  no,   yes,  yes,  no,   yes,  yes,  yes,  yes,  yes,  yes,  yes,  no},
    // clang-format on
});

/// `2.5` of `v2.5.1`.
std::string_view minor_of(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  const auto major_end = text.find('.');
  if (major_end == std::string_view::npos) return text;
  return text.substr(0, text.find('.', major_end + 1));
}

}  // namespace

std::span<const OperatorVersion> operator_versions() { return kVersions; }

const OperatorVersion* find_operator_version(std::string_view text) {
  const auto row = std::ranges::find(kVersions, minor_of(text), &OperatorVersion::name);
  return row == kVersions.end() ? nullptr : &*row;
}

std::string known_operator_versions() {
  std::string names;
  for (const OperatorVersion& version : kVersions) {
    if (!names.empty()) names += &version == &kVersions.back() ? " and " : ", ";
    names += version.name;
  }
  return names;
}

}  // namespace meshproof
