#include <algorithm>
#include <map>
#include <string_view>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/safe_order_report.h"
#include "reports/text.h"

namespace meshproof {
namespace {

constexpr std::size_t kWritesShown = 8;

std::string_view title_of(OrderKind kind) {
  switch (kind) {
    case OrderKind::Operator:
      return "A safe order: as it is, for every part of it is safe";
    case OrderKind::Barriers:
      return "A safe order: the edit in parts, with waits between them";
    case OrderKind::Bridges:
      return "A safe order: with temporary policies before and after the edit";
    case OrderKind::None:
      return "A safe order: there is none";
    case OrderKind::Unknown:
      break;
  }
  return "A safe order: not known";
}

class Section {
 public:
  Section(const SafeOrder& order, std::size_t width, bool full)
      : order_(order), width_(width), full_(full) {
    for (const BridgePolicy& bridge : order.bridges) {
      keeps_[bridge.ns + '/' + bridge.name] = &bridge.keeps;
    }
  }

  [[nodiscard]] std::string text() {
    text_ = wrapped(std::string{title_of(order_.kind)}, width_, 2) + '\n';
    const bool is_found = order_.is_found();
    if (!order_.order.reason.empty()) line("  " + printable(order_.order.reason), 4);
    // Of an order that is as it is, the lists above tell the writes.
    if (is_found && order_.order.stages.size() > 1) add_stages(order_.order.stages);
    if (is_found) add_verdicts(order_.order.verdicts);
    for (const StepConflict& conflict : order_.conflicts) add_conflict(conflict);
    for (const std::string& remark : order_.remarks) line("  · " + printable(remark), 4);
    if (is_found) add_rollback();
    return std::move(text_);
  }

 private:
  void line(const std::string& words, std::size_t indent) {
    text_ += wrapped(words, width_, indent) + '\n';
  }

  void add_stages(const std::vector<OrderStage>& stages) {
    for (std::size_t i = 0; i < stages.size(); ++i) {
      add_writes(stages[i], i + 1);
      if (stages[i].barrier) line("     " + printable(stages[i].barrier->words), 9);
    }
  }

  void add_writes(const OrderStage& stage, std::size_t number) {
    std::size_t others = 0;
    std::size_t shown = 0;
    std::size_t hidden = 0;
    for (const Step& step : stage.writes) {
      if (step.writer != Step::Writer::User) {
        ++others;
        continue;
      }
      if (!full_ && shown == kWritesShown) {
        ++hidden;
        continue;
      }
      const std::string lead = shown++ == 0 ? fmt::format("{:>3}  ", number) : "     ";
      line(lead + write_words(step), 9);
    }
    if (hidden > 0) line("     and " + counted(hidden, "other write") + " (--full)", 9);
    if (others > 0) line("     the mesh then writes " + counted(others, "object"), 9);
  }

  [[nodiscard]] std::string write_words(const Step& step) const {
    const char sign = step.verb == Verb::Create ? '+' : step.verb == Verb::Delete ? '-' : '~';
    std::string words = fmt::format("{} {}", sign, printable(to_string(step.key)));
    if (step.key.kind == "ServiceMeshMemberRoll") words += members_of(step);
    const auto bridge = keeps_.find(step.key.ns + '/' + step.key.name);
    if (step.key.kind != "NetworkPolicy" || bridge == keeps_.end()) return words;
    words += "   temporary";
    return step.verb == Verb::Create ? words + ": " + printable(*bridge->second) : words;
  }

  [[nodiscard]] static std::string members_of(const Step& step) {
    const Tree* members = step.object.find_path({"spec", "members"});
    if (members == nullptr || members->items.size() > kWritesShown) return {};
    std::vector<std::string> names;
    for (const Tree& each : members->items) names.push_back(printable(each.text));
    return fmt::format("   spec.members: [{}]", fmt::join(names, ", "));
  }

  void add_verdicts(const std::vector<MomentVerdict>& verdicts) {
    std::map<std::string, std::vector<std::string>> rules;
    for (const MomentVerdict& verdict : verdicts) {
      const auto* safe = std::get_if<SafeMoments>(&verdict.finding);
      if (safe != nullptr) rules[safe->scope].emplace_back(to_string(verdict.rule));
    }
    for (const auto& [scope, names] : rules) {
      line(fmt::format("  {} in every moment: {}", fmt::join(names, ", "), printable(scope)), 6);
    }
  }

  void add_conflict(const StepConflict& conflict) {
    std::string words = fmt::format("  ! {}", to_string(conflict.rule));
    for (const std::string& sentence : conflict.story) words += ": " + printable(sentence);
    line(words, 4);
  }

  void add_rollback() {
    const JudgedOrder& back = order_.rollback;
    if (back.stages.empty() && back.reason.empty()) return;
    if (!back.reason.empty()) {
      line("  the way back is not proved: " + printable(back.reason), 4);
      return;
    }
    line(fmt::format("  the way back is the same backwards, in {}: proved, too",
                     counted(back.stages.size(), "stage")),
         4);
  }

  const SafeOrder& order_;
  std::size_t width_;
  bool full_;
  std::map<std::string, const std::string*> keeps_;
  std::string text_;
};

}  // namespace

std::string safe_order_section(const SafeOrder& order, std::size_t width, bool full) {
  return Section(order, width, full).text();
}

}  // namespace meshproof
