#include "solver/checks/sentence.h"

#include <array>
#include <string_view>
#include <vector>

#include "model/mesh/mesh.h"

namespace meshproof {
namespace {

std::string joined(const std::vector<std::string>& words, std::string_view last_comma = ", ") {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? last_comma : ", ";
    text += words[i];
  }
  return text;
}

std::string joined_names(const std::vector<Group>& groups) {
  std::vector<std::string> names;
  for (const Group& group : groups) names.push_back(group.name);
  return joined(names);
}

std::string of_group(const std::optional<Group>& group) {
  return group ? " of " + group->name : std::string{};
}

std::string deny_words(const Assertion& assertion) {
  return assertion.from.name + " must not reach " + assertion.to.name;
}

std::string allow_words(const Assertion& assertion) {
  return assertion.from.name + " must reach " + assertion.to.name;
}

std::string isolate_words(const Assertion& assertion) {
  std::string text = joined_names(assertion.between) + " must not reach each other";
  if (assertion.hops > 1) text += " in up to " + std::to_string(assertion.hops) + " hops";
  return text;
}

std::string only_via_words(const Assertion& assertion) {
  return assertion.from.name + " must reach " + assertion.to.name + " only via " +
         assertion.via.name;
}

std::string unchanged_words(const Assertion& assertion) {
  const std::string touching = joined_names(assertion.touching);
  return "no flow may begin or stop" + (touching.empty() ? "" : ", except at " + touching);
}

std::string no_orphans_words(const Assertion& assertion) {
  const std::string kinds = joined(assertion.object_kinds, " or ");
  const std::string label = assertion.label.empty() ? std::string(kMemberOfLabel) : assertion.label;
  return "no " + (kinds.empty() ? "object of a member" : kinds) + " labelled " + label +
         " may be left where the mesh is not";
}

std::string no_privilege_words(const Assertion& assertion) {
  std::vector<std::string> rights = assertion.capabilities;
  if (!assertion.allows_host_network) rights.emplace_back("the network of its node");
  std::string text = "no pod" + of_group(assertion.in) + " may have " + joined(rights, " or ");
  if (!assertion.allowed_init.empty()) {
    text += ", except in init containers " + joined(assertion.allowed_init);
  }
  return text;
}

std::string no_shadowed_rules_words(const Assertion& assertion) {
  return "no rule of a policy" + of_group(assertion.in) + " may say what others say already";
}

struct SentenceRow {
  AssertionKind kind;
  std::string (*words)(const Assertion& assertion);
};

constexpr std::array kSentences = std::to_array<SentenceRow>({
    {AssertionKind::Deny, deny_words},
    {AssertionKind::Allow, allow_words},
    {AssertionKind::Isolate, isolate_words},
    {AssertionKind::OnlyVia, only_via_words},
    {AssertionKind::Unchanged, unchanged_words},
    {AssertionKind::NoOrphans, no_orphans_words},
    {AssertionKind::NoPrivilege, no_privilege_words},
    {AssertionKind::NoShadowedRules, no_shadowed_rules_words},
});

}  // namespace

std::string to_sentence(const Assertion& assertion) {
  std::string text;
  for (const SentenceRow& row : kSentences) {
    if (row.kind == assertion.kind) text = row.words(assertion);
  }
  if (!assertion.ports.is_all()) text += " on " + to_string(assertion.ports);
  if (assertion.except_from || assertion.except_to) {
    text += ", except";
    if (assertion.except_from) text += " from " + assertion.except_from->name;
    if (assertion.except_to) text += " to " + assertion.except_to->name;
  }
  return text;
}

}  // namespace meshproof
