#include "model/mesh/chart_ports.h"

#include <cstddef>

#include "model/mesh/chart_rows.h"
#include "model/mesh/mesh.h"

namespace meshproof {

/// `{}` among the rules admits everybody to every port.
bool opens_all_ports(const Object& policy) {
  const Tree* rules = policy.tree->find_path({"spec", "ingress"});
  if (rules == nullptr) return false;
  for (const Tree& rule : rules->items) {
    const Tree* ports = rule.find("ports");
    if (ports == nullptr || ports->items.empty()) return true;
  }
  return false;
}

bool means_one_port(const Object& policy) {
  if (policy.label(kOwnerLabel) != policy.key.ns) return false;
  for (const PolicyRow& row : kPolicies) {
    if (row.port.empty()) continue;
    // istiod's ends with the control plane's name.
    const auto fixed = row.name.substr(0, row.name.find('{'));
    const bool whole = fixed.size() == row.name.size();
    if (whole ? policy.key.name == fixed : policy.key.name.starts_with(fixed)) return true;
  }
  return false;
}

std::string_view to_string(ChartPorts ports) {
  return ports == ChartPorts::Upstream ? "upstream" : "product";
}

FoundChartPorts find_chart_ports(const ObjectStore& objects, std::optional<ChartPorts> given) {
  if (given) return {*given, "given"};
  std::size_t open = 0;
  std::size_t limited = 0;
  std::string first_open;
  std::string first_limited;
  for (const Object* policy : objects.of_kind("NetworkPolicy")) {
    if (!means_one_port(*policy)) continue;
    const bool all = opens_all_ports(*policy);
    ++(all ? open : limited);
    std::string& first = all ? first_open : first_limited;
    if (first.empty()) first = to_string(policy->key);
  }
  if (open + limited == 0) return {};
  if (limited > open) return {ChartPorts::Product, first_limited};
  return {ChartPorts::Upstream, first_open};
}

}  // namespace meshproof
