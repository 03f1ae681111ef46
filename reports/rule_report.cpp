#include "reports/rule_report.h"

#include <fmt/format.h>

#include "reports/json.h"
#include "reports/text.h"

namespace meshproof {
namespace {

Json json_of(const Rule& rule) {
  return {{"code", rule.code},
          {"name", rule.name},
          {"group", to_string(rule.group)},
          {"severity", to_string(rule.severity)},
          {"default", rule.is_default},
          {"meaning", rule.meaning},
          {"source", rule.source},
          {"fix", rule.fix}};
}

std::string_view off_words(const Rule& rule) { return rule.is_default ? "" : " (off by default)"; }

/// An example indented, so that it ends where the text goes on.
std::string indented(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string line = printable(text.substr(0, end));
    result += (line.empty() ? "" : "    " + line) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

}  // namespace

std::string rule_list_table(std::span<const Rule* const> rules, std::size_t width) {
  std::string text;
  for (const RuleGroup group : rule_groups()) {
    std::string lines;
    for (const Rule* rule : rules) {
      if (rule->group != group) continue;
      lines += wrapped(fmt::format("  {}  {:<8} {}{}", rule->code, to_string(rule->severity),
                                   rule->name, off_words(*rule)),
                       width, 10) +
               "\n";
    }
    if (lines.empty()) continue;
    text += wrapped(fmt::format("{}: {}", to_string(group), title_of(group)), width, 2) + "\n" +
            lines + "\n";
  }
  return text + wrapped("meshproof lint --explain CODE says more about a rule", width, 2) + "\n";
}

std::string rule_list_json(std::span<const Rule* const> rules) {
  Json json = contract();
  json["rules"] = Json::array();
  for (const Rule* rule : rules) json["rules"].push_back(json_of(*rule));
  return dump(json);
}

std::string rule_explanation(const ExplainedRule& explained, std::size_t width) {
  const Rule& rule = explained.rule;
  std::string text = fmt::format("{} {} · {} · {}{}\n\n", rule.code, rule.name,
                                 to_string(rule.severity), to_string(rule.group), off_words(rule));
  text += wrapped(std::string{rule.meaning}, width, 0) + "\n\n";
  text += wrapped(fmt::format("fix     {}", rule.fix), width, 8) + "\n";
  text += wrapped(fmt::format("source  {}", rule.source), width, 8) + "\n";
  text += "\nIt fires at\n\n" + indented(explained.fires);
  return text + "\nand not at\n\n" + indented(explained.quiet);
}

std::string rule_explanation_json(const ExplainedRule& explained) {
  Json json = contract();
  json.update(json_of(explained.rule));
  json["fires"] = explained.fires;
  json["quiet"] = explained.quiet;
  return dump(json);
}

std::string rules_markdown(std::span<const Rule* const> rules) {
  std::string text =
      "# Rules\n\n"
      "What `meshproof lint` finds, and `plan` in the state after a change that it has not found "
      "before.\n"
      "This page is made from the catalogue (`solver/lint`); a test holds it to it. "
      "`lint --list` and\n`lint --explain CODE` show the same.\n";
  for (const RuleGroup group : rule_groups()) {
    std::string chapter;
    for (const Rule* rule : rules) {
      if (rule->group != group) continue;
      chapter += fmt::format(
          "\n### {0} {1}\n\n{2}{3} · {4}\n\n{5}\n\nFix: {6}\n\nExamples: "
          "[it fires](../scenarios/library/rules/{0}/fires.yaml), "
          "[it does not](../scenarios/library/rules/{0}/quiet.yaml)\n",
          rule->code, rule->name, to_string(rule->severity), off_words(*rule), rule->source,
          rule->meaning, rule->fix);
    }
    if (chapter.empty()) continue;
    text += fmt::format("\n## {}: {}\n", to_string(group), title_of(group)) + chapter;
  }
  return text;
}

}  // namespace meshproof
