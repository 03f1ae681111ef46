#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "model/shell.h"
#include "reports/safe_order_report.h"
#include "reports/step_commands.h"
#include "reports/text.h"

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

std::string wait_for(const AwaitedObject& awaited) {
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

std::string wait_at(const Barrier& barrier) {
  std::string text = script_comment("Barrier: " + barrier.words);
  for (const AwaitedObject& awaited : barrier.objects) text += wait_for(awaited);
  if (barrier.delay_seconds > 0) {
    text += fmt::format("sleep \"${{NETWORK_SECONDS:-{}}}\"\n", barrier.delay_seconds);
  }
  return text;
}

}  // namespace

std::string safe_order_functions(const SafeOrder& order) {
  const bool waits = std::ranges::any_of(
      order.order.stages, [](const OrderStage& stage) { return stage.barrier.has_value(); });
  if (!order.is_found() || !waits) return {};
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

std::string safe_order_commands(const SafeOrder& order, const ObjectStore& before) {
  std::string text;
  if (!order.is_found()) {
    const bool is_excluded = order.kind == OrderKind::None;
    text += script_comment(
        fmt::format("{}: {}", is_excluded ? "There is no safe order" : "No safe order is known",
                    order.order.reason));
    return text + "# A plan without --safe has the edit all the same.\nexit 1\n";
  }
  std::map<ObjectKey, const Tree*> current;
  std::size_t number = 0;
  for (const OrderStage& stage : order.order.stages) {
    text += fmt::format("\n# Stage {} of {}.\n", ++number, order.order.stages.size());
    for (const Step& step : stage.writes) {
      const Object* old = before.find(step.key);
      const auto at = current.try_emplace(step.key, old ? &*old->tree : nullptr).first;
      if (step.writer == Step::Writer::User) text += step_command(step, at->second);
      at->second = step.verb == Verb::Delete ? nullptr : &step.object;
    }
    if (stage.barrier) text += wait_at(*stage.barrier);
  }
  return text;
}

}  // namespace meshproof
