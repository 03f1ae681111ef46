#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "model/effects.h"
#include "reports/execution_json.h"
#include "reports/execution_report.h"
#include "reports/text.h"
#include "reports/tree_diff.h"
#include "reports/yaml.h"

namespace meshproof {
namespace {

std::string_view sign_of(Verb verb) {
  switch (verb) {
    case Verb::Create:
      return "+";
    case Verb::Update:
      return "~";
    case Verb::Delete:
      break;
  }
  return "-";
}

std::string words_of(const PlannedWrite& write) {
  std::string words = fmt::format("{} {}", sign_of(write.verb()), printable(to_string(write.key)));
  if (!write.before || !write.after) return words;
  for (const std::string& each : difference_words(*write.before, *write.after)) {
    words += "  " + each;
  }
  return words;
}

/// `4 NetworkPolicy, 2 RoleBinding`
std::string kinds_of(const std::vector<Effect>& effects) {
  std::map<std::string, std::size_t> counts;
  for (const Effect& effect : effects) {
    const auto* object = std::get_if<ObjectEffect>(&effect);
    if (object != nullptr) {
      ++counts[object->key.kind];
    } else if (std::holds_alternative<NetworkEffect>(effect)) {
      ++counts["network"];
    } else {
      ++counts["member in the roll's status"];
    }
  }
  std::string words;
  for (const auto& [kind, count] : counts) {
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", count, kind);
  }
  return words;
}

class Table {
 public:
  Table(const Execution& execution, Via via, std::size_t width, bool full)
      : execution_(execution), via_(via), width_(width), full_(full) {}

  std::string text() {
    line(fmt::format("A dry run: nothing is written. Via {}, {} order, plan {}", to_string(via_),
                     printable(execution_.order), execution_.digest.substr(0, 12)),
         2);
    text_ += '\n';
    add_stages("Stage", execution_.stages);
    if (execution_.stages.empty()) text_ += "Nothing is left to do.\n";
    if (execution_.rollback.empty()) {
      text_ += "There is no way back.\n";
    } else if (full_) {
      add_stages("Back, stage", execution_.rollback);
    } else {
      line(fmt::format("Way back: {}, as --rollback takes it (--full shows it)",
                       counted(execution_.rollback.size(), "stage")),
           2);
    }
    for (const std::string& objection : execution_.objections) {
      line("! " + printable(objection), 2);
    }
    if (!execution_.objections.empty()) {
      line("apply refuses this plan without --accept-objections", 2);
    }
    return std::move(text_);
  }

 private:
  void line(const std::string& words, std::size_t indent) {
    text_ += wrapped(words, width_, indent) + '\n';
  }

  void add_stages(std::string_view title, const std::vector<ExecutionStage>& stages) {
    for (std::size_t i = 0; i < stages.size(); ++i) {
      text_ += fmt::format("{} {} of {}\n", title, i + 1, stages.size());
      for (const PlannedWrite& write : stages[i].writes) {
        if (is_ours(write, via_)) add_write(write);
      }
      const std::vector<Effect> effects = effects_of(stages[i], via_);
      if (!effects.empty()) line("  waits for " + kinds_of(effects), 6);
      for (const Effect& effect : effects) {
        if (full_) line("      " + printable(to_string(effect)), 8);
      }
      if (stages[i].delay_seconds > 0) {
        line(fmt::format("  then {} s for the network, which nothing shows",
                         stages[i].delay_seconds),
             6);
      }
    }
    text_ += '\n';
  }

  void add_write(const PlannedWrite& write) {
    line("  " + words_of(write), 6);
    if (!full_ || !write.after || write.before) return;
    std::string yaml = yaml_text(*write.after);
    for (std::size_t from = 0; from < yaml.size();) {
      const std::size_t end = yaml.find('\n', from);
      text_ += "      " + yaml.substr(from, end - from) + '\n';
      from = end == std::string::npos ? yaml.size() : end + 1;
    }
  }

  const Execution& execution_;
  Via via_;
  std::size_t width_;
  bool full_;
  std::string text_;
};

}  // namespace

std::string execution_table(const Execution& execution, Via via, std::size_t width, bool full) {
  return Table(execution, via, width, full).text();
}

std::string execution_json(const Execution& execution, Via via) {
  Json json = contract();
  json["result"] = "dry-run";
  json["via"] = to_string(via);
  json["execution"] = to_json(execution);
  return dump(json);
}

}  // namespace meshproof
