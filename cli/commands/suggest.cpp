#include "solver/suggest.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/commands/plan.h"
#include "cli/keep.h"
#include "cli/reporting.h"
#include "cli/session.h"
#include "cli/steps.h"
#include "reports/state_json.h"
#include "reports/suggest_report.h"

namespace meshproof {
namespace {

/// The flows of --keep, in the state after.
std::vector<KeptFlow> kept_flows(Session& session, const Cluster& after) {
  std::vector<KeptFlow> flows;
  for (const std::string& word : session.options.keep) {
    if (auto flow = session.take(parse_keep(word, after))) flows.push_back(std::move(*flow));
  }
  return flows;
}

/// A change that does not arrive cuts nothing off yet.
std::vector<std::string> missing_outcomes(const Prediction& prediction) {
  std::vector<std::string> sentences = prediction.assumptions;
  for (const Outcome& outcome : prediction.outcomes) {
    const bool arrives = outcome.status == Outcome::Status::Configured ||
                         outcome.status == Outcome::Status::Removed ||
                         outcome.status == Outcome::Status::Unchanged;
    if (arrives) continue;
    sentences.push_back(fmt::format("project {} is {} after the change: {}", outcome.ns,
                                    to_string(outcome.status), outcome.reason));
  }
  return sentences;
}

/// What was asked and cannot be had counts as what is not known: nobody must take it for done.
ExitCode exit_code_of(const Suggestion& suggestion) {
  using Status = KeptAnswer::Status;
  ExitCode code = exit_code_of(suggestion.verdicts, Severity::Error);
  for (const KeptAnswer& answer : suggestion.flows) {
    if (answer.status == Status::NeverOpen) return ExitCode::Violated;
    const bool is_open_question =
        answer.status == Status::Impossible || answer.status == Status::Undecided;
    if (is_open_question && code == ExitCode::Success) code = ExitCode::Inconclusive;
  }
  return code;
}

std::string text_of(const SuggestReport& report, const Session& session) {
  const Options& options = session.options;
  if (options.format == Format::Json) return suggest_json(report, session.sources);
  if (options.format == Format::Yaml) return suggest_yaml(report);
  return suggest_table(report, session.sources, session.screen.width, options.full);
}

/// --state-out: the predicted state with the policies in it.
bool write_state(Session& session, const Snapshot& after, const Suggestion& suggestion) {
  if (session.options.state_file.empty()) return true;
  ObjectStore objects = after.objects;
  for (const SuggestedPolicy& policy : suggestion.policies)
    objects.put(make_object(policy.manifest));
  return session.write_file(session.options.state_file, state_json(objects, after.coverage));
}

}  // namespace

ExitCode run_suggest(Session& session) {
  const std::optional<Snapshot> input = open_snapshot(session);
  const std::optional<Change> change = open_change(session, input);
  if (!input || !change || session.has_failed()) return ExitCode::InvalidInput;
  const std::optional<PredictedChange> predicted = predict_change(session, *input, *change);
  if (!predicted) return ExitCode::InvalidInput;
  const Snapshot& after = *predicted->after;
  const std::vector<KeptFlow> flows = kept_flows(session, after.cluster);
  if (session.has_failed()) return ExitCode::InvalidInput;

  session.timing.enter("suggest");
  SuggestReport report{after.cluster.network, input->coverage,
                       suggest(*predicted->before, after, flows),
                       missing_outcomes(predicted->prediction)};
  for (std::string& sentence : session.assumptions()) {
    report.assumptions.push_back(std::move(sentence));
  }
  session.timing.enter("write");
  if (!write_state(session, after, report.suggestion)) return ExitCode::OutputFailed;
  return session.finish(text_of(report, session), exit_code_of(report.suggestion));
}

}  // namespace meshproof
