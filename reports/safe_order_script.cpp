#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "reports/safe_order_report.h"
#include "reports/step_commands.h"
#include "reports/wait_script.h"

namespace meshproof {
namespace {

std::string wait_at(const Barrier& barrier) {
  std::string text = script_comment("Barrier: " + barrier.words);
  for (const AwaitedObject& awaited : barrier.objects) text += wait_line(awaited);
  return text + sleep_line(barrier.delay_seconds);
}

}  // namespace

std::string safe_order_functions(const SafeOrder& order) {
  const bool waits = std::ranges::any_of(
      order.order.stages, [](const OrderStage& stage) { return stage.barrier.has_value(); });
  if (!order.is_found() || !waits) return {};
  return wait_functions();
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
