#include "cli/scenario_checks.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "cli/endpoint.h"
#include "solver/evaluate.h"

namespace meshproof {
namespace {

using Checks = std::vector<ScenarioCheck>;

std::string step_line(const Step& step) {
  return fmt::format("{} {}", to_string(step.verb), to_string(step.key));
}

std::vector<std::string> operator_steps(const Plan& plan) {
  std::vector<std::string> lines;
  for (const Step& step : plan.prediction.steps) {
    if (step.writer == Step::Writer::Operator && !step.aside) lines.push_back(step_line(step));
  }
  return lines;
}

/// The expected groups, one after another, are the steps; inside a group any order will do.
ScenarioCheck check_steps(const std::vector<std::vector<ExpectedText>>& groups, const Plan& plan) {
  const std::vector<std::string> steps = operator_steps(plan);
  std::size_t at = 0;
  bool passed = true;
  for (const std::vector<ExpectedText>& group : groups) {
    std::multiset<std::string> wanted;
    for (const ExpectedText& line : group) wanted.insert(line.text);
    const std::size_t end = std::min(at + group.size(), steps.size());
    const std::multiset<std::string> seen(steps.begin() + static_cast<std::ptrdiff_t>(at),
                                          steps.begin() + static_cast<std::ptrdiff_t>(end));
    passed = passed && wanted == seen;
    at += group.size();
  }
  passed = passed && at == steps.size();
  return {passed, fmt::format("the mesh writes {} objects in the order given", at),
          fmt::format("{}", fmt::join(steps, "; ")),
          groups.empty() || groups.front().empty() ? Place{} : groups.front().front().place};
}

void check_outcomes(const Scenario& scenario, const Plan& plan, Checks& checks) {
  for (const ExpectedEntry& expected : scenario.outcomes) {
    std::string seen = "no outcome";
    for (const Outcome& outcome : plan.prediction.outcomes) {
      if (outcome.ns == expected.name) seen = to_string(outcome.status);
    }
    checks.push_back({seen == expected.value,
                      fmt::format("{} is {}", expected.name, expected.value), seen,
                      expected.place});
  }
}

std::string_view verdict_word(const Verdict& verdict) {
  if (verdict.holds()) return "holds";
  if (verdict.is_waived) return "waived";
  if (std::holds_alternative<Violated>(verdict.finding)) return "violated";
  return std::holds_alternative<Vacuous>(verdict.finding) ? "vacuous" : "undecided";
}

void check_verdicts(const Scenario& scenario, const Plan& plan, Checks& checks) {
  for (const ExpectedEntry& expected : scenario.verdicts) {
    std::string seen = "no verdict of that id";
    for (const Verdict& verdict : plan.verdicts) {
      if (verdict.id == expected.name) seen = verdict_word(verdict);
    }
    checks.push_back({seen == expected.value,
                      fmt::format("verdict {}: {}", expected.name, expected.value), seen,
                      expected.place});
  }
}

/// Every connection is matched by a line, and every line matches a connection.
void check_connections(std::string_view what, const std::vector<ExpectedText>& lines,
                       const ChangedConnections& connections, Checks& checks) {
  std::vector<std::string> seen;
  connections.for_each([&](const Connection& each) {
    seen.push_back(fmt::format("{} -> {}", to_string(each.src), to_string(each.dst)));
    return true;
  });
  for (const ExpectedText& line : lines) {
    const bool found = std::any_of(seen.begin(), seen.end(), [&](const std::string& each) {
      return matches_pattern(line.text, each);
    });
    checks.push_back(
        {found, fmt::format("{}: {}", what, line.text), "no such connection", line.place});
  }
  std::erase_if(seen, [&](const std::string& each) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const ExpectedText& line) { return matches_pattern(line.text, each); });
  });
  checks.push_back({seen.empty(), fmt::format("{}: nothing else", what),
                    fmt::format("{}", fmt::join(seen, "; ")),
                    lines.empty() ? Place{} : lines.front().place});
}

void check_findings(const Scenario& scenario, const Plan& plan, Checks& checks) {
  for (const ExpectedText& code : scenario.finds) {
    const bool found = std::ranges::any_of(
        plan.findings, [&](const LintFinding& each) { return each.rule->code == code.text; });
    checks.push_back(
        {found, fmt::format("the change brings {}", code.text), "it does not", code.place});
  }
  for (const ExpectedText& code : scenario.hazards) {
    const bool found = std::ranges::any_of(
        plan.hazards, [&](const Hazard& each) { return each.hits && each.code == code.text; });
    checks.push_back({found, fmt::format("it meets {}", code.text), "it does not", code.place});
  }
}

std::string_view answer_word(std::optional<bool> answer) {
  if (!answer) return "unknown";
  return *answer ? "allowed" : "denied";
}

/// The answer for a probe whose ends stand for several pods: the one that all pairs agree on.
std::string ask(const ExpectedProbe& probe, const Cluster& cluster, const Evaluator& evaluator) {
  const auto from = parse_endpoint(probe.from, cluster);
  const auto to = parse_endpoint(probe.to, cluster);
  if (!from) return from.error().front().message;
  if (!to) return to.error().front().message;
  std::set<Access> answers;
  if (from->left_out + to->left_out > 0) return "not asked of every address";
  for (const FlowEnd& src : from->ends) {
    for (const FlowEnd& dst : to->ends) {
      answers.insert(evaluator.evaluate({src, dst, probe.protocol, probe.port}).access);
    }
  }
  if (answers.size() != 1) return "not the same for every pair";
  if (*answers.begin() == Access::Unknown) return "unknown";
  return *answers.begin() == Access::Allowed ? "allowed" : "denied";
}

void check_probes(const Scenario& scenario, const ScenarioRun& run, Checks& checks) {
  if (scenario.probes.empty()) return;
  const auto check_state = [&](std::string_view when, const ObjectStore& objects, auto wanted) {
    Diagnostics told_before;
    const Cluster cluster = project(objects, run.network, told_before);
    const Evaluator evaluator(cluster);
    for (const ExpectedProbe& probe : scenario.probes) {
      const std::string_view expected = answer_word(probe.*wanted);
      const std::string seen = ask(probe, cluster, evaluator);
      checks.push_back({seen == expected,
                        fmt::format("{}: {} -> {} {}/{} {}", when, probe.from, probe.to, probe.port,
                                    to_string(probe.protocol), expected),
                        seen, probe.place});
    }
  };
  check_state("before", run.plan.prediction.before, &ExpectedProbe::before);
  check_state("after", run.plan.prediction.after, &ExpectedProbe::after);
}

}  // namespace

std::vector<ScenarioCheck> check_scenario(const Scenario& scenario, const ScenarioRun& run) {
  Checks checks;
  if (scenario.exit_code) {
    const int seen = static_cast<int>(run.exit_code);
    checks.push_back({seen == *scenario.exit_code,
                      fmt::format("exit code {}", *scenario.exit_code),
                      std::to_string(seen),
                      {}});
  }
  if (scenario.steps) checks.push_back(check_steps(*scenario.steps, run.plan));
  check_outcomes(scenario, run.plan, checks);
  check_verdicts(scenario, run.plan, checks);
  if (scenario.lost) {
    check_connections("loses access", *scenario.lost, run.plan.reachability.lost, checks);
  }
  if (scenario.gained) {
    check_connections("gains access", *scenario.gained, run.plan.reachability.gained, checks);
  }
  check_findings(scenario, run.plan, checks);
  for (const ExpectedText& text : scenario.says) {
    checks.push_back({run.table.find(text.text) != std::string::npos,
                      fmt::format("the table says '{}'", text.text), "it does not", text.place});
  }
  check_probes(scenario, run, checks);
  return checks;
}

}  // namespace meshproof
