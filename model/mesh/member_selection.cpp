#include "model/mesh/member_selection.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "model/mesh/metadata.h"

namespace meshproof {
namespace {

bool has_prefix(std::string_view name, std::initializer_list<std::string_view> prefixes) {
  return std::ranges::any_of(prefixes, [&](auto prefix) { return name.starts_with(prefix); });
}

bool is_excluded(const World& world, const Object& roll, const std::string& name) {
  if (name == roll.key.ns || name == "kube" || name == "openshift") return true;
  if (has_prefix(name, {"kube-", "openshift-"})) return true;
  if (world.version().member_selectors) return name.starts_with("ibm-");
  return name == world.platform().operator_namespace;
}

bool has_wildcard(const World& world, const Object& roll) {
  const auto members = strings_at(*roll.tree, {"spec", "members"});
  if (!world.version().wildcard) return false;
  // Operator 2.3 looks for any asterisk, later ones for an asterisk alone; admission refuses
  // others.
  return world.version().member_selectors ? members.size() == 1 && members.front() == "*"
                                          : std::ranges::find(members, "*") != members.end();
}

bool lists(const Object& roll, const std::string& name) {
  const auto members = strings_at(*roll.tree, {"spec", "members"});
  return std::ranges::find(members, name) != members.end();
}

bool matches_a_selector(const World& world, const Object& roll, const Object& ns) {
  const Tree* selectors = roll.tree->find_path({"spec", "memberSelectors"});
  if (selectors == nullptr || !world.version().member_selectors) return false;
  return std::ranges::any_of(selectors->items,
                             [&](const Tree& selector) { return operator_matches(selector, ns); });
}

// SEMANTICS L3: every Namespace has this label, written or not.
constexpr std::string_view kNameLabel = "kubernetes.io/metadata.name";

bool has_label(const Object& ns, std::string_view key) {
  return key == kNameLabel || ns.has_label(key);
}

std::string_view label_of(const Object& ns, std::string_view key) {
  return key == kNameLabel ? std::string_view{ns.key.name} : ns.label(key);
}

bool expression_matches(const Tree& expression, const Object& ns) {
  const auto key = expression.string_at({"key"});
  const auto op = expression.string_at({"operator"});
  if (op == "Exists") return has_label(ns, key);
  if (op == "DoesNotExist") return !has_label(ns, key);
  const auto values = strings_at(expression, {"values"});
  const bool listed = std::ranges::find(values, label_of(ns, key)) != values.end();
  if (op == "In") return listed;
  if (op == "NotIn") return !listed;
  return true;
}

}  // namespace

bool operator_matches(const Tree& selector, const Object& ns) {
  if (const Tree* labels = selector.find("matchLabels")) {
    for (const TreeField& label : labels->fields) {
      if (label_of(ns, label.key) != label.value.text) return false;
    }
  }
  const Tree* expressions = selector.find("matchExpressions");
  return expressions == nullptr ||
         std::ranges::all_of(expressions->items, [&](const Tree& expression) {
           return expression_matches(expression, ns);
         });
}

bool selects(const World& world, const Object& roll, const Object& ns) {
  const std::string& name = ns.key.name;
  if (!world.version().wildcard) return lists(roll, name);
  if (!world.version().member_selectors) {
    return lists(roll, name) || (has_wildcard(world, roll) && !is_excluded(world, roll, name));
  }
  if (name == world.platform().operator_namespace || is_excluded(world, roll, name)) return false;
  return has_wildcard(world, roll) || lists(roll, name) || matches_a_selector(world, roll, ns);
}

std::set<std::string> required_namespaces(const World& world, const Object& roll) {
  std::set<std::string> required;
  for (const auto& name : strings_at(*roll.tree, {"spec", "members"})) {
    if (name != "*") required.insert(name);
  }
  const bool dynamic =
      has_wildcard(world, roll) || (world.version().member_selectors &&
                                    roll.tree->find_path({"spec", "memberSelectors"}) != nullptr);
  if (dynamic) {
    for (const Object& ns : world.namespaces()) {
      if (selects(world, roll, ns)) required.insert(ns.key.name);
    }
  }
  required.erase(roll.key.ns);
  if (world.version().member_selectors) required.erase(world.platform().operator_namespace);
  return required;
}

}  // namespace meshproof
