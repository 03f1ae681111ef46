#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "model/rule.h"

namespace meshproof {

/// A rule with the manifests that show what it finds and what not.
struct ExplainedRule {
  const Rule& rule;
  std::string_view fires;
  std::string_view quiet;
};

/// A line for each rule, by group; those that are off by default say so.
[[nodiscard]] std::string rule_list_table(std::span<const Rule* const> rules, std::size_t width);
/// `{"rules": [{"code", "name", "group", "severity", "default", "meaning", "source", "fix"}]}`
[[nodiscard]] std::string rule_list_json(std::span<const Rule* const> rules);

/// All that there is to say about a rule.
[[nodiscard]] std::string rule_explanation(const ExplainedRule& explained, std::size_t width);
[[nodiscard]] std::string rule_explanation_json(const ExplainedRule& explained);

/// docs/RULES.md, a chapter for each group.
[[nodiscard]] std::string rules_markdown(std::span<const Rule* const> rules);

}  // namespace meshproof
