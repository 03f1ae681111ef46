#include "tests/support/apiserver/roll_status.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace meshproof {
namespace {

const Tree* condition_of(const Tree* object, std::string_view type) {
  const Tree* conditions =
      object == nullptr ? nullptr : object->find_path({"status", "conditions"});
  if (conditions == nullptr) return nullptr;
  for (const Tree& condition : conditions->items) {
    if (condition.string_at({"type"}) == type) return &condition;
  }
  return nullptr;
}

Tree failed(const std::string& type, const std::string& reason, const std::string& message) {
  return Tree::mapping({{"message", Tree::string(message)},
                        {"reason", Tree::string(reason)},
                        {"status", Tree::string("False")},
                        {"type", Tree::string(type)}});
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const auto& word : words) {
    if (!text.empty()) text += between;
    text += word;
  }
  return text;
}

/// What the roll says of one project that it lists.
Tree status_in_roll(const MeshSight& sight, const std::string& project) {
  Tree conditions = Tree::sequence();
  if (!sight.projects.contains(project)) {
    conditions.items.push_back(
        failed("Reconciled", "NamespaceNotExists", "Namespace " + project + " does not exist"));
  } else if (const Tree* condition = condition_of(sight.member_in(project), "Reconciled")) {
    conditions.items.push_back(*condition);
  }
  return Tree::mapping(
      {{"conditions", std::move(conditions)}, {"namespace", Tree::string(project)}});
}

}  // namespace

const Tree* MeshSight::member_in(std::string_view project) const {
  for (const Tree& member : members) {
    if (member.string_at({"metadata", "namespace"}) == project) return &member;
  }
  return nullptr;
}

std::vector<std::string> MeshSight::wanted(const std::string& mesh) const {
  std::vector<std::string> names;
  const Tree* listed = roll.find_path({"spec", "members"});
  const bool is_terminating = !roll.string_at({"metadata", "deletionTimestamp"}).empty();
  if (listed == nullptr || is_terminating) return names;
  for (const Tree& name : listed->items) {
    if (name.text != mesh) names.push_back(name.text);
  }
  std::ranges::sort(names);
  const auto doubles = std::ranges::unique(names);
  names.erase(doubles.begin(), doubles.end());
  return names;
}

bool is_configured(const Tree* member) {
  const Tree* condition = condition_of(member, "Reconciled");
  return condition != nullptr && condition->string_at({"status"}) == "True" &&
         member->string_at({"metadata", "deletionTimestamp"}).empty();
}

Tree member_status(const Playbook& book, const Tree& member, const std::string& error) {
  Tree status = book.member_status;
  if (!error.empty()) {
    status.erase("meshGeneration");
    status.erase("meshReconciledVersion");
    const std::string reason = "ErrorConfiguringNamespace";
    status.set("conditions", Tree::sequence({failed("Reconciled", reason, error),
                                             failed("Ready", reason, error)}));
  }
  const auto generation = member.integer_at({"metadata", "generation"});
  status.set("observedGeneration", Tree::number(generation.value_or(1)));
  return status;
}

Tree roll_status(const Playbook& book, const MeshSight& sight) {
  const auto wanted = sight.wanted(book.mesh);
  std::vector<std::string> configured;
  std::vector<std::string> pending;
  std::vector<std::string> terminating;
  Tree member_statuses = Tree::sequence();
  for (const auto& project : wanted) {
    (is_configured(sight.member_in(project)) ? configured : pending).push_back(project);
    member_statuses.items.push_back(status_in_roll(sight, project));
  }
  for (const Tree& member : sight.members) {
    if (member.string_at({"metadata", "deletionTimestamp"}).empty()) continue;
    terminating.emplace_back(member.string_at({"metadata", "namespace"}));
  }
  Tree status = book.roll_status;
  Tree& annotations = status.mapping_at("annotations");
  annotations.set("PrometheusScrapingMemebers", Tree::string(joined(configured, ",")));
  annotations.set("configuredMemberCount", Tree::string(std::to_string(configured.size()) + '/' +
                                                        std::to_string(wanted.size())));
  status.set("members", Tree::strings(wanted));
  status.set("configuredMembers", Tree::strings(configured));
  status.set("pendingMembers", Tree::strings(pending));
  status.set("terminatingMembers", Tree::strings(terminating));
  status.set("memberStatuses", std::move(member_statuses));
  if (!pending.empty()) {
    status.set("conditions",
               Tree::sequence({failed("Ready", "ReconcileError",
                                      "The following namespaces are not yet configured: [" +
                                          joined(pending, " ") + ']')}));
  }
  status.set("observedGeneration",
             Tree::number(sight.roll.integer_at({"metadata", "generation"}).value_or(1)));
  return status;
}

}  // namespace meshproof
