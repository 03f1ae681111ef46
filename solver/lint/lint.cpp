#include "solver/lint/lint.h"

#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>

#include "solver/lint/rule_row.h"

namespace meshproof {
namespace {

using Family = std::span<const RuleRow> (*)();

constexpr std::array kFamilies = std::to_array<Family>({
    membership_rules,      roll_rules,           member_label_rules,
    member_object_rules,   clash_rules,          version_label_rules,
    rights_rules,          injection_wish_rules, injected_pod_rules,
    policy_dialect_rules,  policy_field_rules,   policy_selector_rules,
    policy_mesh_rules,     policy_moot_rules,    policy_redundancy_rules,
    egress_firewall_rules, caller_use_rules,     expose_route_rules,
    gateway_rules,         host_claim_rules,     unsupported_rules,
    multi_cluster_rules,   upstream_rules,       delivery_rules,
    relic_rules,
});

std::vector<const RuleRow*> all_rows() {
  std::vector<const RuleRow*> rows;
  for (const Family family : kFamilies) {
    for (const RuleRow& row : family()) rows.push_back(&row);
  }
  std::ranges::sort(rows, {}, [](const RuleRow* row) { return row->rule.code; });
  return rows;
}

const std::vector<const RuleRow*>& rows_by_code() {
  static const std::vector<const RuleRow*> rows = all_rows();
  return rows;
}

bool is_named(const Rule& rule, const std::set<std::string, std::less<>>& names) {
  return names.contains(rule.code) || names.contains(rule.name) ||
         names.contains(to_string(rule.group));
}

bool is_asked(const Rule& rule, const LintOptions& options) {
  if (is_named(rule, options.without)) return false;
  if (!options.only.empty()) return is_named(rule, options.only);
  return rule.is_default || options.all;
}

/// What the rule needs and the input may lack; empty if nothing.
std::string missing_for(const Rule& rule, const Coverage& coverage) {
  std::vector<Part> needed;
  for (const std::string_view kind : rule.needs) needed.push_back({std::string{kind}, {}});
  return fmt::format("{}", fmt::join(missing_parts(coverage, needed), "; "));
}

bool is_before(const LintFinding& a, const LintFinding& b) {
  return std::tie(a.rule->code, a.ns, a.subject, a.place, a.message) <
         std::tie(b.rule->code, b.ns, b.subject, b.place, b.message);
}

}  // namespace

std::span<const Rule* const> rule_catalogue() {
  static const std::vector<const Rule*> rules = [] {
    std::vector<const Rule*> found;
    for (const RuleRow* row : rows_by_code()) found.push_back(&row->rule);
    return found;
  }();
  return rules;
}

const Rule* find_rule(std::string_view code_or_name) {
  for (const Rule* rule : rule_catalogue()) {
    if (rule->code == code_or_name || rule->name == code_or_name) return rule;
  }
  return nullptr;
}

LintReport lint(const Snapshot& snapshot, const LintOptions& options) {
  const LintedState state(snapshot, options.predict);
  LintReport report;
  for (const RuleRow* row : rows_by_code()) {
    if (!is_asked(row->rule, options)) continue;
    ++report.rules;
    for (LintFinding& finding : row->find(state)) {
      finding.rule = &row->rule;
      report.findings.push_back(std::move(finding));
    }
    std::string missing = missing_for(row->rule, snapshot.coverage);
    if (!missing.empty()) report.unjudged.push_back({&row->rule, std::move(missing)});
  }
  std::ranges::stable_sort(report.findings, is_before);
  const auto repeated = std::ranges::unique(
      report.findings, [](const auto& a, const auto& b) { return a.is_same_as(b); });
  report.findings.erase(repeated.begin(), repeated.end());
  return report;
}

std::vector<LintFinding> new_findings(const LintReport& before, const LintReport& after) {
  const auto key = [](const LintFinding& finding) {
    return std::tuple<std::string_view, std::string_view, std::string_view>{
        finding.rule->code, finding.subject, finding.message};
  };
  std::set<std::tuple<std::string_view, std::string_view, std::string_view>> known;
  for (const LintFinding& finding : before.findings) known.insert(key(finding));
  std::vector<LintFinding> found;
  std::ranges::copy_if(after.findings, std::back_inserter(found),
                       [&](const LintFinding& finding) { return !known.contains(key(finding)); });
  return found;
}

LintFinding finding_about(const Object& object, std::string message) {
  return finding_about(object, std::move(message), {});
}

LintFinding finding_about(const Object& object, std::string message, Place place) {
  const bool is_project = object.key.kind == "Namespace" || object.key.kind == "Project";
  return {nullptr,
          to_string(object.key),
          is_project ? object.key.name : object.key.ns,
          std::move(message),
          place.is_known() ? place : object.place(),
          {}};
}

LintFinding finding_about_project(const LintedState& state, const std::string& ns,
                                  std::string message) {
  const NamespaceId id = state.cluster().find_namespace(ns);
  const Place place = id.is_valid() ? state.cluster().at(id).place : Place{};
  return {nullptr, "Namespace " + ns, ns, std::move(message), place, {}};
}

}  // namespace meshproof
