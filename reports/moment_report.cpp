#include "reports/moment_report.h"

#include <algorithm>
#include <variant>

#include <fmt/format.h>

#include "reports/text.h"

namespace meshproof {
namespace {

Json steps_json(const Stage& stage, const std::vector<std::size_t>& indices) {
  Json json = Json::array();
  for (const std::size_t index : indices) {
    const Step& step = stage.steps.at(index);
    json.push_back({{"verb", to_string(step.verb)},
                    {"kind", step.key.kind},
                    {"namespace", step.key.ns},
                    {"name", step.key.name}});
  }
  return json;
}

Json hop_json(const Stage& stage, const MomentHop& hop, const Sources& sources) {
  return {{"from", hop.src},
          {"to", hop.dst},
          {"protocol", to_string(hop.protocol)},
          {"port", hop.port},
          {"open", hop.is_open},
          {"inEffect", steps_json(stage, hop.in_effect)},
          {"reasons", to_json(hop.reasons, sources)}};
}

Json bad_json(const std::vector<Stage>& stages, const BadMoment& bad, const Sources& sources) {
  const Stage& stage = stages.at(bad.stage);
  Json hops = Json::array();
  for (const MomentHop& hop : bad.hops) hops.push_back(hop_json(stage, hop, sources));
  Json manifests = Json::array();
  for (const Tree& manifest : bad.manifests) manifests.push_back(to_json(manifest));
  return {{"stage", bad.stage},
          {"story", bad.story},
          {"inEffect", steps_json(stage, bad.in_effect)},
          {"pending", steps_json(stage, bad.pending)},
          {"hops", std::move(hops)},
          {"manifests", std::move(manifests)}};
}

std::vector<std::string> step_words(const Stage& stage, const std::vector<std::size_t>& indices) {
  std::vector<std::string> words;
  for (const std::size_t index : indices) {
    const Step& step = stage.steps.at(index);
    words.push_back(fmt::format("{} {}", to_string(step.verb), to_string(step.key)));
  }
  return words;
}

std::string rule_words(const MomentVerdict& verdict) {
  switch (verdict.rule) {
    case MomentRule::NoBlackhole:
      return "what both states have open is cut";
    case MomentRule::NoBreach:
      return "what neither state has open opens";
    case MomentRule::NoPivot:
      return "a path of " + pivot_hops_in_words(verdict.hops) + " opens that neither state has";
  }
  return "";
}

/// Of rules that are all safe: what is said of flows, and how far that goes for paths.
std::string safe_scope(const std::vector<MomentVerdict>& moments) {
  const auto& flows = std::get<SafeMoments>(moments.front().finding);
  const auto& paths = std::get<SafeMoments>(moments.back().finding);
  const std::size_t hops = moments.back().hops;
  const bool is_narrower =
      flows.universe == Universe::Unbounded && paths.universe == Universe::Enumerated;
  std::string text = flows.scope;
  if (is_narrower || hops > kPivotHops) text += "; paths of " + pivot_hops_in_words(hops);
  return is_narrower ? text + ": of the pods of the input" : text;
}

}  // namespace

std::vector<ReportedMoment> reported_moments(const std::vector<MomentVerdict>& moments,
                                             const std::vector<Stage>& stages) {
  std::vector<ReportedMoment> result;
  for (const MomentVerdict& verdict : moments) {
    ReportedMoment moment{.rule = std::string{to_string(verdict.rule)},
                          .question = rule_words(verdict),
                          .holds = {},
                          .scope = {},
                          .story = {},
                          .in_effect = {},
                          .pending = {}};
    if (const auto* safe = std::get_if<SafeMoments>(&verdict.finding)) {
      moment.holds = true;
      moment.scope = safe->scope;
    } else if (const auto* unknown = std::get_if<Undecided>(&verdict.finding)) {
      moment.scope = unknown->reason;
    } else {
      const auto& bad = std::get<BadMoment>(verdict.finding);
      moment.holds = false;
      moment.story = bad.story;
      moment.in_effect = step_words(stages.at(bad.stage), bad.in_effect);
      moment.pending = step_words(stages.at(bad.stage), bad.pending);
    }
    result.push_back(std::move(moment));
  }
  return result;
}

std::string moment_lines(const Plan& plan, std::size_t width) {
  if (plan.moments.empty()) return {};
  const std::vector<ReportedMoment> moments = reported_moments(plan.moments, plan.stages);
  const auto is_safe = [](const ReportedMoment& moment) { return moment.holds == true; };
  if (std::ranges::all_of(moments, is_safe)) {
    return wrapped("On the way: safe in any order (" + printable(safe_scope(plan.moments)) + ")",
                   width, 2) +
           "\n";
  }
  std::string text = "On the way, while the writes take effect\n";
  for (const ReportedMoment& moment : moments) {
    const std::string words = is_safe(moment) ? "  · never: " + moment.question
                              : moment.holds
                                  ? "  ! for a moment " + moment.question
                                  : fmt::format("  ? it is not known whether {}: {}",
                                                moment.question, printable(moment.scope));
    text += wrapped(words, width, 4) + "\n";
    for (const std::string& sentence : moment.story) {
      text += wrapped("      " + printable(sentence), width, 8) + "\n";
    }
  }
  return text;
}

Json moments_json(const Plan& plan, const Sources& sources) {
  return moments_json(plan.moments, plan.stages, sources);
}

Json moments_json(const std::vector<MomentVerdict>& moments, const std::vector<Stage>& stages,
                  const Sources& sources) {
  Json json = Json::array();
  for (const MomentVerdict& verdict : moments) {
    Json one{{"rule", to_string(verdict.rule)}};
    if (const auto* safe = std::get_if<SafeMoments>(&verdict.finding)) {
      one["holds"] = true;
      one["universe"] = to_string(safe->universe);
      one["scope"] = safe->scope;
    } else if (const auto* unknown = std::get_if<Undecided>(&verdict.finding)) {
      one["holds"] = nullptr;
      one["reason"] = unknown->reason;
    } else {
      one["holds"] = false;
      one.update(bad_json(stages, std::get<BadMoment>(verdict.finding), sources));
    }
    json.push_back(std::move(one));
  }
  return json;
}

}  // namespace meshproof
