#include "reports/judgements.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/verdict_report.h"

namespace meshproof {
namespace {

/// Names of pods come and go, their projects stay.
std::string project_of(std::string_view end) { return std::string{end.substr(0, end.find('/'))}; }

/// A number in words, or a pod's: those of another run are others.
std::string flow_identity(const auto& flow) {
  return fmt::format("{} {} {} {}", project_of(flow.src), project_of(flow.dst),
                     to_string(flow.protocol), flow.port);
}

Standing standing_of(const Verdict& verdict) {
  if (verdict.holds()) return Standing::Passed;
  if (std::holds_alternative<meshproof::Undecided>(verdict.finding)) return Standing::Undecided;
  if (verdict.is_waived) return Standing::Waived;
  return verdict.is_known ? Standing::Known : Standing::Failed;
}

std::string phase_of(const Verdict& verdict, bool is_state) {
  return is_state ? "state" : std::string{to_string(verdict.moment)};
}

std::string write_words(const Step& step) {
  return fmt::format("{} {}", to_string(step.verb), to_string(step.key));
}

std::string title_of(MomentRule rule) {
  switch (rule) {
    case MomentRule::NoBlackhole:
      return "what both states have open is never cut on the way";
    case MomentRule::NoBreach:
      return "what neither state has open never opens on the way";
    case MomentRule::NoPivot:
      return "no path of several hops opens on the way that neither state has";
  }
  return {};
}

std::string title_of(DepartureKind kind) {
  switch (kind) {
    case DepartureKind::Missing:
      return "an object that the mesh should have written is missing";
    case DepartureKind::Differing:
      return "an object of the mesh differs from what it should have written";
    case DepartureKind::Orphaned:
      return "an object carries the mark of a mesh that does not claim it";
    case DepartureKind::Foreign:
      return "an object that is not the mesh's stands where the mesh's should";
  }
  return {};
}

/// The first sentence of the meaning is the title.
JudgedRule judged_rule(const Rule& rule) {
  const std::size_t end = rule.meaning.find(". ");
  return {.id = std::string{rule.code},
          .name = std::string{rule.name},
          .title = std::string{rule.meaning.substr(0, end)},
          .help = std::string{rule.meaning},
          .fix = std::string{rule.fix},
          .severity = rule.severity,
          .tags = {std::string{to_string(rule.group)}}};
}

}  // namespace

std::string identity_of(const Verdict& verdict) {
  std::string identity =
      fmt::format("statement\n{}\n{}\n{}\n{}", verdict.id, to_string(verdict.moment),
                  verdict.mesh.value_or(""), verdict.statement);
  const auto* violated = std::get_if<Violated>(&verdict.finding);
  if (violated == nullptr) return identity;
  if (!violated->object.empty()) return identity + "\n" + violated->object;
  identity += "\n" + flow_identity(*violated);
  for (const WitnessHop& hop : violated->further) identity += "\n" + flow_identity(hop);
  return identity;
}

std::string identity_of(const LintFinding& finding) {
  return fmt::format("rule\n{}\n{}\n{}", finding.rule->code, finding.subject, finding.message);
}

std::string identity_of(const Departure& departure) {
  return fmt::format("drift\n{}\n{}\n{}\n{}", to_string(departure.kind), departure.mesh,
                     to_string(departure.key), departure.reason);
}

std::uint64_t count_of(const Verdict& verdict) {
  const auto* violated = std::get_if<Violated>(&verdict.finding);
  return violated == nullptr ? 1 : violated->count;
}

Judgements::Judgements(Report& report, Locate locate, SourceLine elsewhere,
                       std::function<bool(const Place&)> is_collected)
    : report_(report),
      locate_(std::move(locate)),
      elsewhere_(std::move(elsewhere)),
      is_collected_(std::move(is_collected)) {}

bool Judgements::nobody_edits(const Place& place) const {
  return is_collected_ && is_collected_(place);
}

void Judgements::add(Judgement judgement, JudgedRule rule) {
  const auto known = std::ranges::find(report_.rules, rule.id, &JudgedRule::id);
  if (known == report_.rules.end()) {
    report_.rules.push_back(std::move(rule));
  } else {
    known->severity = std::max(known->severity, rule.severity);
  }
  report_.judgements.push_back(std::move(judgement));
}

SourceLine Judgements::line_or_elsewhere(const Place& place) const {
  SourceLine line = locate_(place);
  const bool is_used = line.is_known() && !(elsewhere_.is_known() && nobody_edits(place));
  return is_used ? line : elsewhere_;
}

std::vector<Evidence> Judgements::evidence_of(const std::vector<Reason>& reasons) const {
  std::vector<Evidence> evidence;
  for (const Reason& reason : reasons) evidence.push_back({reason.text, locate_(reason.place)});
  return evidence;
}

/// Hop by hop: the flow, then what decides it.
std::vector<Evidence> Judgements::witness_of(const Violated& violated) const {
  std::vector<Evidence> evidence;
  const auto add_hop = [&](const std::string& words, const std::vector<Reason>& reasons) {
    std::vector<Evidence> decided = evidence_of(reasons);
    const auto placed =
        std::ranges::find_if(decided, [](const Evidence& each) { return each.where.is_known(); });
    evidence.push_back({words, placed == decided.end() ? SourceLine{} : placed->where});
    std::ranges::move(decided, std::back_inserter(evidence));
  };
  if (!violated.object.empty()) {
    add_hop(violated.object, violated.reasons);
    return evidence;
  }
  // Whether it is open the reasons say: of a statement's witness, and of a finding's.
  add_hop(flow_words(violated), violated.reasons);
  for (const WitnessHop& hop : violated.further) add_hop(flow_words(hop), hop.reasons);
  return evidence;
}

/// A policy's rule that decides is where the mistake is, or is mended.
SourceLine Judgements::place_of(const Violated& violated, const Place& wish) const {
  std::optional<Place> collected;
  for (const Reason& reason : violated.reasons) {
    SourceLine line = locate_(reason.place);
    if (!line.is_known()) continue;
    if (!nobody_edits(reason.place)) return line;
    if (!collected) collected = reason.place;
  }
  return line_or_elsewhere(collected.value_or(wish));
}

void Judgements::add(const std::vector<Verdict>& verdicts, bool state) {
  for (const Verdict& verdict : verdicts) {
    Judgement judgement;
    judgement.kind = JudgementKind::Statement;
    judgement.rule = verdict.id;
    judgement.phase = phase_of(verdict, state);
    judgement.severity = verdict.severity;
    judgement.standing = standing_of(verdict);
    judgement.waivers = verdict.waivers;
    judgement.count = count_of(verdict);
    judgement.identity = identity_of(verdict);
    judgement.message = verdict_message(verdict);
    judgement.where = line_or_elsewhere(verdict.where);
    if (verdict.where.is_known()) {
      judgement.beside.push_back({"the statement", locate_(verdict.where)});
    }
    if (const auto* violated = std::get_if<Violated>(&verdict.finding)) {
      judgement.subject = violated->object.empty() ? flow_words(*violated) : violated->object;
      judgement.where = place_of(*violated, verdict.where);
      judgement.flow = witness_of(*violated);
    } else if (const auto* holds = std::get_if<Holds>(&verdict.finding)) {
      for (const RestsOn& each : holds->rests_on) {
        const std::string because = each.because.empty() ? "" : ", which " + each.because;
        judgement.beside.push_back({each.policy + because, locate_(each.where)});
      }
    }
    add(std::move(judgement), {.id = verdict.id,
                               .name = verdict.id,
                               .title = verdict.statement,
                               .help = verdict.description,
                               .fix = {},
                               .severity = verdict.severity,
                               .tags = {"statement"}});
  }
}

void Judgements::add(const std::vector<LintFinding>& findings) {
  for (const LintFinding& finding : findings) {
    const Rule& rule = *finding.rule;
    Judgement judgement;
    judgement.kind = JudgementKind::Rule;
    judgement.rule = std::string{rule.code};
    judgement.phase = "rules";
    judgement.subject = finding.subject;
    judgement.message = fmt::format("{} {}", finding.subject, finding.message);
    judgement.severity = rule.severity;
    judgement.standing = finding.is_known ? Standing::Known : Standing::Failed;
    judgement.where = line_or_elsewhere(finding.place);
    if (nobody_edits(finding.place)) {
      judgement.beside.push_back({"the object as it was collected", locate_(finding.place)});
    }
    if (finding.witness) judgement.flow = witness_of(*finding.witness);
    judgement.identity = identity_of(finding);
    add(std::move(judgement), judged_rule(rule));
  }
}

void Judgements::add(const std::vector<UnjudgedRule>& unjudged) {
  for (const UnjudgedRule& each : unjudged) {
    const Rule& rule = *each.rule;
    Judgement judgement;
    judgement.kind = JudgementKind::Rule;
    judgement.rule = std::string{rule.code};
    judgement.phase = "rules";
    judgement.message = fmt::format("{} was not judged: {}", rule.name, each.missing);
    judgement.severity = rule.severity;
    judgement.standing = Standing::Undecided;
    judgement.where = elsewhere_;
    judgement.identity = fmt::format("unjudged\n{}", rule.code);
    add(std::move(judgement), judged_rule(rule));
  }
}

void Judgements::add(const std::vector<Departure>& departures) {
  for (const Departure& departure : departures) {
    const std::string id = fmt::format("drift-{}", to_string(departure.kind));
    Judgement judgement;
    judgement.kind = JudgementKind::Drift;
    judgement.rule = id;
    judgement.phase = "drift";
    judgement.subject = to_string(departure.key);
    judgement.message = fmt::format("{}: {}", to_string(departure.key), departure.reason);
    judgement.severity = departure.severity;
    judgement.standing = departure.is_known ? Standing::Known : Standing::Failed;
    judgement.where = line_or_elsewhere(departure.place);
    judgement.identity = identity_of(departure);
    add(std::move(judgement), {.id = id,
                               .name = id,
                               .title = title_of(departure.kind),
                               .help = {},
                               .fix = {},
                               .severity = departure.severity,
                               .tags = {"drift"}});
  }
}

void Judgements::add(const std::vector<MomentVerdict>& moments, const std::vector<Stage>& stages) {
  for (const MomentVerdict& verdict : moments) {
    const std::string id{to_string(verdict.rule)};
    Judgement judgement;
    judgement.kind = JudgementKind::Moment;
    judgement.rule = id;
    judgement.phase = "on-the-way";
    judgement.severity = Severity::Note;
    judgement.where = elsewhere_;
    judgement.identity = "moment\n" + id;
    judgement.message = title_of(verdict.rule);
    if (const auto* unknown = std::get_if<meshproof::Undecided>(&verdict.finding)) {
      judgement.standing = Standing::Undecided;
      judgement.message = unknown->reason;
    } else if (const auto* bad = std::get_if<BadMoment>(&verdict.finding)) {
      judgement.standing = Standing::Failed;
      judgement.message = fmt::format("{}", fmt::join(bad->story, "; "));
      for (const std::size_t index : bad->in_effect) {
        judgement.flow.push_back(
            {write_words(stages.at(bad->stage).steps.at(index)) + " is in effect", elsewhere_});
      }
      for (const std::size_t index : bad->pending) {
        judgement.flow.push_back(
            {write_words(stages.at(bad->stage).steps.at(index)) + " is not yet", elsewhere_});
      }
    }
    add(std::move(judgement), {.id = id,
                               .name = id,
                               .title = title_of(verdict.rule),
                               .help = "While the writes of a change take effect, some are seen "
                                       "before others.",
                               .fix = "plan --safe looks for an order in which no moment is bad",
                               .severity = Severity::Note,
                               .tags = {"on-the-way"}});
  }
}

void Judgements::add(const SafeOrder& order) {
  Judgement judgement;
  judgement.kind = JudgementKind::Order;
  judgement.rule = "safe-order";
  judgement.phase = "on-the-way";
  judgement.where = elsewhere_;
  judgement.identity = "safe-order";
  judgement.standing = order.is_found()                ? Standing::Passed
                       : order.kind == OrderKind::None ? Standing::Failed
                                                       : Standing::Undecided;
  judgement.message = order.order.reason.empty() ? "a safe order was found" : order.order.reason;
  for (const StepConflict& conflict : order.conflicts) {
    for (const std::string& sentence : conflict.story) {
      judgement.flow.push_back({sentence, elsewhere_});
    }
  }
  add(std::move(judgement), {.id = "safe-order",
                             .name = "safe-order",
                             .title = "the change has an order in which every moment is safe",
                             .help = {},
                             .fix = {},
                             .severity = Severity::Error,
                             .tags = {"on-the-way"}});
}

}  // namespace meshproof
