#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "model/shell.h"
#include "reports/header.h"
#include "reports/json.h"
#include "reports/plan_report.h"
#include "reports/text.h"
#include "reports/tree_diff.h"

namespace meshproof {
namespace {

constexpr std::string_view kChangeNetwork = "pod.network.openshift.io/multitenant.change-network";

/// `servicemeshmemberroll/default -n istio-system`: kind and name in one word, so that no name can
/// be taken for an option.
std::string object_words(const ObjectKey& key) {
  std::string kind = key.kind;
  std::transform(kind.begin(), kind.end(), kind.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  std::string words = shell_word(kind + "/" + key.name);
  if (!key.ns.empty()) words += " -n " + shell_word(key.ns);
  return words;
}

/// A project's name behind a command; behind `--` where it looks like an option.
std::string project_word(std::string_view name) {
  return (name.substr(0, 1) == "-" ? "-- " : "") + shell_word(name);
}

/// One line, so that no line of it can end the here-document.
std::string one_line(const Tree& tree) {
  return to_json(tree).dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// What only a server writes does not belong in a patch: its fields, and the label that it puts on
/// every namespace.
Tree without_server_parts(Tree object) {
  object.erase("status");
  if (Tree* metadata = object.find("metadata")) {
    for (const char* field : {"generation", "resourceVersion", "uid", "creationTimestamp",
                              "managedFields", "selfLink"}) {
      metadata->erase(field);
    }
    if (Tree* labels = metadata->find("labels")) labels->erase("kubernetes.io/metadata.name");
  }
  return object;
}

std::string apply_command(const Tree& object) {
  return fmt::format("oc apply -f - <<'END_OF_OBJECT'\n{}\nEND_OF_OBJECT\n",
                     one_line(without_server_parts(object)));
}

/// `join:istio-system` as the command that asks for it.
std::optional<std::string> network_command(const Step& step) {
  if (step.key.kind != "NetNamespace" || step.verb != Verb::Update) return std::nullopt;
  const std::string_view request =
      step.object.string_at({"metadata", "annotations", kChangeNetwork});
  if (request.rfind("join:", 0) == 0) {
    return fmt::format("oc adm pod-network join-projects --to {} {}\n",
                       shell_word(request.substr(5)), project_word(step.key.name));
  }
  if (request == "isolate") {
    return fmt::format("oc adm pod-network isolate-projects {}\n", project_word(step.key.name));
  }
  if (request == "global") {
    return fmt::format("oc adm pod-network make-projects-global {}\n", project_word(step.key.name));
  }
  return std::nullopt;
}

/// A patch of nothing but labels, as `oc label`.
std::optional<std::string> label_command(const Step& step, const Tree& patch) {
  const Tree* labels = patch.find_path({"metadata", "labels"});
  const Tree* metadata = patch.find("metadata");
  if (labels == nullptr || !labels->is(TreeKind::Mapping) || patch.fields.size() != 1 ||
      metadata->fields.size() != 1) {
    return std::nullopt;
  }
  std::string command = "oc label " + object_words(step.key);
  for (const TreeField& label : labels->fields) {
    if (label.key.rfind('-', 0) == 0) return std::nullopt;
    command += ' ' + shell_word(label.value.is_null() ? label.key + "-"
                                                      : label.key + "=" + label.value.text);
  }
  return command + (step.verb == Verb::Update ? " --overwrite\n" : "\n");
}

std::string update_command(const Step& step, const Tree* before) {
  if (const auto command = network_command(step)) return *command;
  if (before == nullptr) return apply_command(step.object);
  const Tree patch =
      merge_difference(without_server_parts(*before), without_server_parts(step.object));
  if (patch.fields.empty()) return {};
  if (const auto command = label_command(step, patch)) return *command;
  return fmt::format("oc patch {} --type=merge -p {}\n", object_words(step.key),
                     shell_word(one_line(patch)));
}

std::string command_of(const Step& step, const Tree* before) {
  switch (step.verb) {
    case Verb::Create:
      return apply_command(step.object);
    case Verb::Delete:
      return fmt::format("oc delete {}\n", object_words(step.key));
    case Verb::Update:
      break;
  }
  return update_command(step, before);
}

std::string comment(std::string_view text) { return "# " + printable(text) + "\n"; }

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
    text += comment(words);
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
      script.user += command_of(step, before);
    } else if (step.writer == Step::Writer::SdnMaster) {
      script.mesh += comment(fmt::format("the SDN master: {} {} {}", to_string(step.verb),
                                         to_string(step.key), step.reason));
    } else if (step.writer == Step::Writer::Others) {
      script.mesh += comment(
          fmt::format("others: {} {} {}", to_string(step.verb), to_string(step.key), step.reason));
    } else if (step.aside) {
      script.mesh += comment(
          fmt::format("aside: {} {} {}", to_string(step.verb), to_string(step.key), step.reason));
    } else {
      if (!step.reason.empty()) script.mesh += comment(step.reason);
      script.mesh += command_of(step, before);
    }
  }
  return script;
}

}  // namespace

std::string plan_script(const Plan& plan) {
  const Script script = commands_of(plan);
  std::string text =
      "#!/bin/sh\n"
      "# The plan as commands. Run as it is, this makes your edit and nothing else.\n"
      "set -eu\n\n";
  if (!plan.coverage.is_complete()) text += comment(coverage_words(plan.coverage));
  for (const std::string& sentence : plan.prediction.assumptions) {
    text += comment("Assumed: " + sentence);
  }
  text += "# Your edit.\n";
  text += failures(plan);
  if (script.user.empty()) {
    text += is_refused(plan) ? "# It would be refused.\n" : "# Nothing is left to do.\n";
  }
  text += script.user;
  text +=
      "\n# What the mesh then writes by itself, in an order in which it can. Nothing calls this:\n"
      "# it is here to read, to compare with, and for a cluster whose operator is stopped.\n"
      "mesh_writes() {\n";
  text += script.mesh.empty() ? "# Nothing.\n" : script.mesh;
  text += ":\n}\n";
  if (!plan.undo.empty()) text += "\n" + comment("Undo: " + plan.undo);
  return text;
}

}  // namespace meshproof
