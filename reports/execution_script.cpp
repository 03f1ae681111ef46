#include <fmt/format.h>

#include "model/effects.h"
#include "model/merge_difference.h"
#include "reports/execution_report.h"
#include "reports/step_commands.h"
#include "reports/text.h"
#include "reports/wait_script.h"
#include "reports/yaml.h"

namespace meshproof {
namespace {

std::string command_of(const PlannedWrite& write) {
  Step step;
  step.verb = write.verb();
  step.writer = write.writer;
  step.key = write.key;
  step.api_version = write.api_version;
  step.object = write.after.value_or(Tree::null());
  return step_command(step, write.before ? &*write.before : nullptr);
}

std::string waits_of(const ExecutionStage& stage, Via via) {
  std::string text;
  for (const Effect& effect : effects_of(stage, via)) text += wait_line(effect);
  return text + sleep_line(stage.delay_seconds);
}

Tree patch_of(const PlannedWrite& write) {
  if (!write.before) return write.after.value_or(Tree::null());
  Tree patch = Tree::mapping(
      {{"apiVersion", Tree::string(write.api_version)}, {"kind", Tree::string(write.key.kind)}});
  Tree difference = write.after ? merge_difference(*write.before, *write.after) : Tree::mapping();
  Tree& metadata = difference.mapping_at("metadata");
  metadata.set("name", Tree::string(write.key.name));
  if (!write.key.ns.empty()) metadata.set("namespace", Tree::string(write.key.ns));
  for (TreeField& field : difference.fields) patch.set(field.key, std::move(field.value));
  return patch;
}

}  // namespace

std::string execution_script(const Execution& execution, Via via) {
  std::string text =
      "#!/bin/sh\n"
      "# The plan as commands, stage by stage, with what is waited for in between.\n";
  text += script_comment("Plan " + execution.digest);
  for (const std::string& objection : execution.objections) {
    text += script_comment("Speaks against it: " + objection);
  }
  text += "set -eu\n\n" + wait_functions();
  for (std::size_t i = 0; i < execution.stages.size(); ++i) {
    const ExecutionStage& stage = execution.stages[i];
    text += fmt::format("\n# Stage {} of {}.\n", i + 1, execution.stages.size());
    for (const PlannedWrite& write : stage.writes) {
      if (is_ours(write, via)) text += command_of(write);
    }
    text += waits_of(stage, via);
  }
  return text;
}

std::string execution_patches(const Execution& execution, Via via) {
  std::string text;
  for (std::size_t i = 0; i < execution.stages.size(); ++i) {
    const ExecutionStage& stage = execution.stages[i];
    text +=
        script_comment(fmt::format("Commit {0} of {1}. Wait for its effect before the next one: "
                                   "meshproof plan wait PLAN --stage {0}",
                                   i + 1, execution.stages.size()));
    if (stage.delay_seconds > 0) {
      text += script_comment(fmt::format("Then {} s for the network.", stage.delay_seconds));
    }
    for (const PlannedWrite& write : stage.writes) {
      if (!is_ours(write, via)) continue;
      if (write.verb() == Verb::Delete) {
        text += script_comment("Remove this object from the repository:");
      } else if (write.verb() == Verb::Update) {
        text += script_comment("Change these fields; null means: remove it.");
      }
      text += "---\n" + yaml_text(patch_of(write));
    }
  }
  return text;
}

}  // namespace meshproof
