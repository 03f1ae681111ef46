#include "model/controls.h"

#include <algorithm>
#include <array>

namespace meshproof {
namespace {

constexpr std::array<std::string_view, 10> kNames{"tenancy",   "statements", "matrix",     "rights",
                                                  "policies",  "drift",      "exceptions", "change",
                                                  "inventory", "provenance"};

}  // namespace

std::string_view to_string(ControlEvidence evidence) {
  return kNames.at(static_cast<std::size_t>(evidence));
}

std::optional<ControlEvidence> parse_control_evidence(std::string_view text) {
  const auto* const name = std::ranges::find(kNames, text);
  if (name == kNames.end()) return std::nullopt;
  return static_cast<ControlEvidence>(name - kNames.begin());
}

}  // namespace meshproof
