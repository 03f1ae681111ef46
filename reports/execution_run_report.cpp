#include <fmt/format.h>

#include "reports/execution_report.h"
#include "reports/json.h"
#include "reports/text.h"
#include "reports/tree_diff.h"

namespace meshproof {
namespace {

std::string headline(const ExecutionRun& run) {
  switch (run.end) {
    case ExecutionEnd::After:
      return "Done: the cluster is as the plan says after it";
    case ExecutionEnd::Before:
      return run.has_written ? "Rolled back: the cluster is as it was before the plan"
                             : "Nothing was written";
    case ExecutionEnd::Stopped:
      break;
  }
  return run.has_written ? "Stopped on the way: look at what follows, then --resume or --rollback"
                         : "Nothing was written";
}

std::string stage_words(const Execution& execution, const StageRun& stage) {
  const std::size_t count =
      stage.way == Way::There ? execution.stages.size() : execution.rollback.size();
  std::string words = fmt::format("{} {} of {}: {}", stage.way == Way::There ? "stage" : "back",
                                  stage.stage + 1, count, counted(stage.written, "write"));
  if (stage.present > 0) words += fmt::format(", {} found made", stage.present);
  if (!stage.is_in_effect) return words + ", not in effect";
  words += fmt::format(", in effect after {:.1f} s", stage.seconds);
  if (stage.delay_seconds > 0) {
    words += fmt::format(", then {} s on trust for the network", stage.delay_seconds);
  }
  return words;
}

std::vector<std::string> differences(const Mismatch& mismatch) {
  if (!mismatch.planned || !mismatch.found) return {};
  Tree planned = *mismatch.planned;
  planned.erase("status");
  return difference_words(planned, *mismatch.found);
}

Json stage_json(const StageRun& stage) {
  return {{"way", to_string(stage.way)},
          {"stage", stage.stage + 1},
          {"written", stage.written},
          {"foundMade", stage.present},
          {"inEffect", stage.is_in_effect},
          {"seconds", stage.seconds},
          {"networkSeconds", stage.delay_seconds}};
}

}  // namespace

std::string run_table(const Execution& execution, const ExecutionRun& run, Via via,
                      std::size_t width) {
  std::string text = wrapped(headline(run), width, 2) + '\n';
  const auto line = [&](const std::string& words, std::size_t indent) {
    text += wrapped(words, width, indent) + '\n';
  };
  line(fmt::format("  via {}, plan {}", to_string(via), execution.digest.substr(0, 12)), 4);
  for (const StageRun& stage : run.stages) line("  " + stage_words(execution, stage), 4);
  if (!run.because.empty()) line("because " + printable(run.because), 4);
  for (const Mismatch& mismatch : run.mismatches) {
    line(fmt::format("  {} {}", printable(mismatch.what), printable(mismatch.how)), 4);
    for (const std::string& words : differences(mismatch)) line("      " + words, 8);
  }
  for (const BasisChange& change : run.meanwhile) {
    line(fmt::format("meanwhile {} {}, by others: the plan's verdicts did not know it",
                     printable(to_string(change.key)), words_of(change.kind)),
         4);
  }
  return text;
}

std::string wait_table(const ExecutionRun& run, std::size_t width) {
  if (run.end == ExecutionEnd::After)
    return "In effect: the cluster is as the plan says after it\n";
  std::string text = wrapped("Not in effect: " + printable(run.because), width, 2) + '\n';
  for (const Mismatch& mismatch : run.mismatches) {
    text += wrapped(fmt::format("  {} {}", printable(mismatch.what), printable(mismatch.how)),
                    width, 4) +
            '\n';
  }
  return text;
}

std::string run_json(const Execution& execution, const ExecutionRun& run, Via via) {
  Json json = contract();
  json["result"] = to_string(run.end);
  json["hasWritten"] = run.has_written;
  json["via"] = to_string(via);
  json["plan"] = execution.digest;
  json["because"] = text_or_null(run.because);
  json["stages"] = Json::array();
  for (const StageRun& stage : run.stages) json["stages"].push_back(stage_json(stage));
  json["mismatches"] = Json::array();
  for (const Mismatch& mismatch : run.mismatches) {
    json["mismatches"].push_back(
        {{"what", mismatch.what}, {"how", mismatch.how}, {"differences", differences(mismatch)}});
  }
  json["meanwhile"] = Json::array();
  for (const BasisChange& change : run.meanwhile) {
    json["meanwhile"].push_back({{"what", to_string(change.key)}, {"how", words_of(change.kind)}});
  }
  return dump(json);
}

}  // namespace meshproof
