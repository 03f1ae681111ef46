#include "cli/value_words.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "cli/apply_options.h"
#include "cli/option_words.h"
#include "model/coverage.h"
#include "model/mesh/operator_version.h"
#include "solver/lint/lint.h"
#include "solver/verify.h"

namespace meshproof {
namespace {

struct WordRow {
  std::string_view option;
  std::string_view words;  ///< with a space between two
};

constexpr std::array kClosed{
    WordRow{"--sdn", "subnet multitenant networkpolicy"},
    WordRow{"--dialect", "kubernetes openshift-sdn ovn-kubernetes"},
    WordRow{"--dialect-to", "kubernetes openshift-sdn ovn-kubernetes"},
    WordRow{"--fail-on", "critical error warning note never"},
    WordRow{"--by", "workload pod"},
    WordRow{"--charts", "upstream product"},
    WordRow{"--ipblock-matches-pods", "yes no"},
    WordRow{"--kind", "Pod Deployment"},
    WordRow{"--via", "roll objects"},
    WordRow{"--on-failure", "rollback stop"},
};

std::vector<std::string> split_at(std::string_view text, char sign) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(sign), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::vector<std::string> statements_of(const Command& command) {
  std::vector<std::string> words;
  for (const BuiltinStatement& each : builtin_statements()) words.emplace_back(each.id);
  if ((command.options & option::kChange) != 0) words.emplace_back(kNoDefaults);
  return words;
}

std::vector<std::string> rule_names() {
  std::vector<std::string> words;
  for (const Rule* rule : rule_catalogue()) {
    words.insert(words.end(), {std::string{rule->code}, std::string{rule->name}});
  }
  return words;
}

std::vector<std::string> rules_and_groups() {
  std::vector<std::string> words = rule_names();
  for (const RuleGroup group : rule_groups()) words.emplace_back(to_string(group));
  return words;
}

std::vector<std::string> kinds() {
  const std::vector<std::string_view> known = known_kinds();
  return {known.begin(), known.end()};
}

std::vector<std::string> version_names() {
  std::vector<std::string> words;
  for (const OperatorVersion& version : operator_versions()) words.emplace_back(version.name);
  return words;
}

}  // namespace

std::vector<std::string> closed_words(std::string_view option) {
  if (option == "--backend") return backend_names();
  const auto* row = std::ranges::find(kClosed, option, &WordRow::option);
  return row == kClosed.end() ? std::vector<std::string>{} : split_at(row->words, ' ');
}

std::vector<std::string> value_words(const Command& command, std::string_view option) {
  if (option == "-o") return formats_of(command);
  if (option == "--assert") return statements_of(command);
  if (option == "--only" || option == "--without") return rules_and_groups();
  if (option == "--explain") return rule_names();
  if (option == "--absent-kind" || option == "--assume-empty") return kinds();
  if (option == "--operator-version") return version_names();
  return closed_words(option);
}

}  // namespace meshproof
