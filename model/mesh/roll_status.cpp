#include "model/mesh/roll_status.h"

#include <utility>

#include "model/mesh/metadata.h"

namespace meshproof {
namespace {

std::string separated(const std::set<std::string>& names, std::string_view separator) {
  std::string text;
  for (const auto& name : names) {
    if (!text.empty()) text += separator;
    text += name;
  }
  return text;
}

}  // namespace

MemberConditions read_member_conditions(const Object& roll) {
  MemberConditions conditions;
  const Tree* entries = roll.tree->find_path({"status", "memberStatuses"});
  if (entries == nullptr) return conditions;
  for (const Tree& entry : entries->items) {
    const Tree* listed = entry.find("conditions");
    conditions[std::string{entry.string_at({"namespace"})}] =
        listed == nullptr ? Tree::sequence() : *listed;
  }
  return conditions;
}

void set_member_condition(MemberConditions& conditions, const std::string& ns,
                          const Condition& condition) {
  set_condition(conditions.try_emplace(ns, Tree::sequence()).first->second, condition);
}

void set_status_annotation(Tree& status, std::string_view key, const std::string& value) {
  status.mapping_at("annotations").set(key, Tree::string(value));
}

void finish_roll_status(Tree& status, const Object& roll, const Condition& ready,
                        std::size_t configured, std::size_t all) {
  set_status_annotation(status, "configuredMemberCount",
                        std::to_string(configured) + '/' + std::to_string(all));
  status.set("observedGeneration", Tree::number(generation(roll)));
  if (status.find("conditions") == nullptr) status.set("conditions", Tree::sequence());
  set_condition(*status.find("conditions"), ready);
}

Tree as_sequence(const std::set<std::string>& names) {
  return Tree::strings(std::vector<std::string>(names.begin(), names.end()));
}

std::string as_go_list(const std::set<std::string>& names) {
  return '[' + separated(names, " ") + ']';
}

std::string joined(const std::set<std::string>& names) { return separated(names, ","); }

}  // namespace meshproof
