#include "reports/step_commands.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "model/merge_difference.h"
#include "model/shell.h"
#include "reports/json.h"
#include "reports/text.h"

namespace meshproof {
namespace {

constexpr std::string_view kChangeNetwork = "pod.network.openshift.io/multitenant.change-network";

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
  std::string command = "oc label " + command_words(step.key);
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
  return fmt::format("oc patch {} --type=merge -p {}\n", command_words(step.key),
                     shell_word(one_line(patch)));
}

}  // namespace

std::string command_words(const ObjectKey& key) {
  std::string kind = key.kind;
  std::transform(kind.begin(), kind.end(), kind.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  std::string words = shell_word(kind + "/" + key.name);
  if (!key.ns.empty()) words += " -n " + shell_word(key.ns);
  return words;
}

std::string step_command(const Step& step, const Tree* before) {
  switch (step.verb) {
    case Verb::Create:
      return apply_command(step.object);
    case Verb::Delete:
      return fmt::format("oc delete {}\n", command_words(step.key));
    case Verb::Update:
      break;
  }
  return update_command(step, before);
}

std::string script_comment(std::string_view text) { return "# " + printable(text) + "\n"; }

}  // namespace meshproof
