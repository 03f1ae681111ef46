#include "model/rule.h"

#include <algorithm>
#include <array>

namespace meshproof {
namespace {

struct GroupRow {
  RuleGroup group;
  std::string_view name;
  std::string_view title;
};

constexpr std::array kGroups{
    GroupRow{RuleGroup::Membership, "membership",
             "rolls, labels and copies that are not as the mesh means them"},
    GroupRow{RuleGroup::Rights, "rights", "what control planes and users may do"},
    GroupRow{RuleGroup::Injection, "injection", "sidecars, and how traffic is redirected to them"},
    GroupRow{RuleGroup::Policies, "policies",
             "network policies that say another thing than they seem to"},
    GroupRow{RuleGroup::Callers, "callers",
             "Routes, monitors and webhooks that do not get through"},
    GroupRow{RuleGroup::Unsupported, "unsupported",
             "what upstream Istio has and this mesh has not"},
    GroupRow{RuleGroup::Delivery, "delivery", "tools that write the same objects"},
    GroupRow{RuleGroup::Relics, "relics", "what old versions left"},
};

constexpr auto kGroupOrder = [] {
  std::array<RuleGroup, kGroups.size()> order{};
  for (std::size_t i = 0; i < kGroups.size(); ++i) order[i] = kGroups[i].group;
  return order;
}();

}  // namespace

std::string_view to_string(RuleGroup group) {
  return kGroups.at(static_cast<std::size_t>(group)).name;
}

std::string_view title_of(RuleGroup group) {
  return kGroups.at(static_cast<std::size_t>(group)).title;
}

std::optional<RuleGroup> parse_rule_group(std::string_view text) {
  const auto row = std::ranges::find(kGroups, text, &GroupRow::name);
  if (row == kGroups.end()) return std::nullopt;
  return row->group;
}

std::span<const RuleGroup> rule_groups() { return kGroupOrder; }

}  // namespace meshproof
