#include "model/network.h"

#include <algorithm>
#include <array>

namespace meshproof {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 3> kDialects{"kubernetes", "openshift-sdn",
                                                    "ovn-kubernetes"};
constexpr std::array<std::string_view, 3> kModes{"subnet", "multitenant", "networkpolicy"};
constexpr std::array<std::string_view, 4> kStrategies{"nothing", "multitenant", "networkpolicy",
                                                      "refused"};

template <typename Enum, std::size_t Count>
std::optional<Enum> parse(const std::array<std::string_view, Count>& names, std::string_view text) {
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string_view to_string(Dialect dialect) {
  return kDialects.at(static_cast<std::size_t>(dialect));
}

std::optional<Dialect> parse_dialect(std::string_view text) {
  return parse<Dialect>(kDialects, text);
}

std::string_view to_string(SdnMode mode) { return kModes.at(static_cast<std::size_t>(mode)); }

std::optional<SdnMode> parse_sdn_mode(std::string_view text) {
  return parse<SdnMode>(kModes, text);
}

std::string_view to_string(Strategy strategy) {
  return kStrategies.at(static_cast<std::size_t>(strategy));
}

}  // namespace meshproof
