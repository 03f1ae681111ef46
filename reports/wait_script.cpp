#include "reports/wait_script.h"

#include <string_view>

#include <fmt/format.h>

#include "model/mesh/mesh.h"
#include "model/shell.h"
#include "reports/step_commands.h"

namespace meshproof {
namespace {

/// `maistra\.io/member-of`, as jsonpath wants keys.
std::string path_of(std::string_view key) {
  std::string path;
  for (const char c : key) {
    if (c == '.' || c == '\\' || c == '\'') path += '\\';
    path += c;
  }
  return path;
}

AwaitedObject awaited_of(const ObjectEffect& effect) {
  AwaitedObject awaited{effect.key, effect.after.has_value(), {}};
  if (effect.key.kind != "Namespace" || !effect.after) return awaited;
  const auto label = effect.after->string_at({"metadata", "labels", kMemberOfLabel});
  awaited.labels.emplace_back(kMemberOfLabel,
                              label.empty() ? std::nullopt : std::optional<std::string>(label));
  return awaited;
}

struct WaitLine {
  std::string operator()(const ObjectEffect& effect) const {
    if (effect.before || !effect.after) return wait_line(awaited_of(effect));
    return fmt::format("wait_until oc get {}\n", command_words(effect.key));
  }
  std::string operator()(const NetworkEffect& effect) const {
    const std::string own = shell_word(effect.ns);
    if (!effect.request.starts_with("join:")) {
      return fmt::format("wait_until has_answered {}\n", own);
    }
    return fmt::format("wait_until is_joined {} {}\n", own, shell_word(effect.request.substr(5)));
  }
  std::string operator()(const MemberEffect& effect) const {
    return fmt::format("wait_until {} {} {}\n", effect.configured ? "is_member" : "is_no_member",
                       shell_word(effect.mesh), shell_word(effect.ns));
  }
};

}  // namespace

std::string wait_functions() {
  // An oc that fails has seen nothing, neither that an object is gone nor that a label is.
  return "is_gone() {\n"
         "  found=$(oc get \"$@\" --ignore-not-found -o name) && [ -z \"$found\" ]\n"
         "}\n"
         "has_label() {\n"
         "  label=$1 value=$2; shift 2\n"
         "  found=$(oc get \"$@\" -o jsonpath=\"{.metadata.labels['$label']}\") &&\n"
         "    [ \"$found\" = \"$value\" ]\n"
         "}\n"
         "ask_for() {\n"
         "  printf 'wait until %s is as in the plan, then press Enter ' \"$*\" >&2\n"
         "  read -r _\n"
         "}\n"
         "network_of() {\n"
         "  oc get \"netnamespace/$1\" -o jsonpath='{.netid} {.metadata.annotations"
         ".pod\\.network\\.openshift\\.io/multitenant\\.change-network}'\n"
         "}\n"
         "has_answered() {\n"
         "  found=$(network_of \"$1\") && case $found in *' ') ;; *) false ;; esac\n"
         "}\n"
         "is_joined() {\n"
         "  has_answered \"$1\" && [ \"$found\" = \"$(network_of \"$2\")\" ]\n"
         "}\n"
         "is_member() {\n"
         "  found=$(oc get servicemeshmemberroll/default -n \"$1\" -o "
         "jsonpath='{.status.configuredMembers}') &&\n"
         "    case $found in *\\\"\"$2\"\\\"*) ;; *) false ;; esac\n"
         "}\n"
         "is_no_member() {\n"
         "  oc get servicemeshmemberroll/default -n \"$1\" && ! is_member \"$1\" \"$2\"\n"
         "}\n"
         "wait_until() {\n"
         "  tries=0\n"
         "  until \"$@\" >/dev/null 2>&1; do\n"
         "    tries=$((tries + 1))\n"
         "    if [ \"$tries\" -ge \"${MOST_TRIES:-150}\" ]; then\n"
         "      echo \"not seen: $*; what is written so far is safe, also to take back\" >&2\n"
         "      exit 1\n"
         "    fi\n"
         "    sleep 2\n"
         "  done\n"
         "}\n\n";
}

std::string wait_line(const AwaitedObject& awaited) {
  const std::string object = command_words(awaited.key);
  if (!awaited.is_there) return fmt::format("wait_until is_gone {}\n", object);
  if (awaited.labels.empty()) {
    // Of a policy that it is there says all: the operator never updates one.
    const bool is_seen = awaited.key.kind == "NetworkPolicy" || awaited.key.kind == "Namespace";
    return fmt::format("{} {}\n", is_seen ? "wait_until oc get" : "ask_for", object);
  }
  std::string text;
  for (const auto& [key, value] : awaited.labels) {
    text += fmt::format("wait_until has_label {} {} {}\n", shell_word(path_of(key)),
                        shell_word(value.value_or("")), object);
  }
  return text;
}

std::string wait_line(const Effect& effect) { return std::visit(WaitLine{}, effect); }

std::string sleep_line(unsigned seconds) {
  if (seconds == 0) return {};
  return fmt::format("sleep \"${{NETWORK_SECONDS:-{}}}\"\n", seconds);
}

}  // namespace meshproof
