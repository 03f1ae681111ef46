#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "reports/header.h"
#include "reports/plan_report.h"
#include "reports/safe_order_report.h"
#include "reports/step_commands.h"
#include "reports/text.h"

namespace meshproof {
namespace {

/// Stops a script between two phases of the change; without anybody to answer it ends there.
std::string pause_before(std::size_t phase) {
  return fmt::format(
      "\n# Phase {}. The plan holds only if the mesh has come to rest before it.\n"
      "printf 'wait until the mesh operator has come to rest, then press Enter ' >&2\n"
      "read -r _\n",
      phase + 1);
}

/// What the edit will not do, ahead of its commands.
std::string failures(const Plan& plan) {
  std::string text;
  for (const Outcome& outcome : plan.prediction.outcomes) {
    const bool fails = outcome.status == Outcome::Status::Rejected ||
                       outcome.status == Outcome::Status::Failed ||
                       outcome.status == Outcome::Status::Pending;
    if (!fails) continue;
    std::string words = fmt::format("Predicted: {}: {}", outcome.ns, to_string(outcome.status));
    if (!outcome.reason.empty()) words += ", " + outcome.reason;
    text += script_comment(words);
  }
  return text;
}

bool is_refused(const Plan& plan) {
  const std::vector<Outcome>& outcomes = plan.prediction.outcomes;
  return std::any_of(outcomes.begin(), outcomes.end(), [](const Outcome& outcome) {
    return outcome.status == Outcome::Status::Rejected;
  });
}

/// The commands of one writer in order; asides and what the SDN master does as comments.
struct Script {
  std::string user;
  std::string mesh;
};

Script commands_of(const Plan& plan) {
  Script script;
  std::map<ObjectKey, const Tree*> current;
  std::size_t phase = 0;
  for (const Step& step : plan.prediction.steps) {
    const Object* old = plan.prediction.before.find(step.key);
    const auto at = current.try_emplace(step.key, old ? &*old->tree : nullptr).first;
    const Tree* before = at->second;
    at->second = step.verb == Verb::Delete ? nullptr : &step.object;
    if (step.writer == Step::Writer::User) {
      if (step.phase != phase && !script.user.empty()) script.user += pause_before(step.phase);
      phase = step.phase;
      script.user += step_command(step, before);
    } else if (step.writer == Step::Writer::SdnMaster) {
      script.mesh += script_comment(fmt::format("the SDN master: {} {} {}", to_string(step.verb),
                                                to_string(step.key), step.reason));
    } else if (step.writer == Step::Writer::Others) {
      script.mesh += script_comment(
          fmt::format("others: {} {} {}", to_string(step.verb), to_string(step.key), step.reason));
    } else if (step.aside) {
      script.mesh += script_comment(
          fmt::format("aside: {} {} {}", to_string(step.verb), to_string(step.key), step.reason));
    } else {
      if (!step.reason.empty()) script.mesh += script_comment(step.reason);
      script.mesh += step_command(step, before);
    }
  }
  return script;
}

}  // namespace

std::string plan_script(const Plan& plan) {
  const Script script = commands_of(plan);
  const bool is_ordered = plan.safe_order && plan.safe_order->is_found();
  std::string text =
      "#!/bin/sh\n"
      "# The plan as commands. Run as it is, this makes your edit and nothing else" +
      std::string{is_ordered ? ",\n# in the safe order: stage by stage, with waits.\n" : ".\n"} +
      "set -eu\n\n";
  if (!plan.coverage.is_complete()) text += script_comment(coverage_words(plan.coverage));
  for (const std::string& sentence : plan.prediction.assumptions) {
    text += script_comment("Assumed: " + sentence);
  }
  if (plan.safe_order) text += safe_order_functions(*plan.safe_order);
  text += "# Your edit.\n";
  text += failures(plan);
  if (script.user.empty()) {
    text += is_refused(plan) ? "# It would be refused.\n" : "# Nothing is left to do.\n";
  }
  text +=
      plan.safe_order ? safe_order_commands(*plan.safe_order, plan.prediction.before) : script.user;
  text +=
      "\n# What the mesh then writes by itself, in an order in which it can. Nothing calls this:\n"
      "# it is here to read, to compare with, and for a cluster whose operator is stopped.\n"
      "mesh_writes() {\n";
  text += script.mesh.empty() ? "# Nothing.\n" : script.mesh;
  text += ":\n}\n";
  if (!plan.undo.empty()) text += "\n" + script_comment("Undo: " + plan.undo);
  return text;
}

}  // namespace meshproof
