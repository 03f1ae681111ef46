#include "reports/route_report.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "reports/text.h"

namespace meshproof {
namespace {

Json answer_json(const std::optional<bool>& answer) {
  return answer ? Json(*answer) : Json(nullptr);
}

Json judgement_json(const RouteJudgement& route, const Sources& sources) {
  const bool both = route.is_there_before && route.is_there_after;
  return {{"kind", route.kind},
          {"namespace", route.ns},
          {"name", route.name},
          {"host", route.host},
          {"by", route.by.empty() ? Json(nullptr) : Json(route.by)},
          {"there", both                   ? "both"
                    : route.is_there_after ? "after"
                                           : "before"},
          {"before", answer_json(route.before)},
          {"after", answer_json(route.after)},
          {"because", route.because},
          {"predicted", route.predicted},
          {"podsAssumed", route.pods_assumed},
          {"where", to_json(route.place, sources)}};
}

bool is_about(const RouteChange& change, const RouteJudgement& route) {
  return change.kind == route.kind && change.ns == route.ns && change.name == route.name;
}

void add_change(Json& json, const RouteChange& change) {
  json["router"] = change.router;
  json["workload"] = change.workload;
  json["stops"] = change.stops;
  json["partly"] = change.partly;
}

std::string_view made_by(const RouteJudgement& route) {
  if (route.by == "charts") return "the control plane's charts";
  if (route.by == "ior") return "the control plane, of a Gateway";
  if (route.by == "kiali") return "Kiali's operator";
  if (route.by == "jaeger") return "Jaeger's operator";
  return "";
}

std::string_view answer_words(const std::optional<bool>& answer) {
  if (!answer) return "whether it answers is not known";
  return *answer ? "a router reaches pods behind it" : "no router reaches pods behind it";
}

std::string line_of(const RouteJudgement& route) {
  const bool appears = !route.is_there_before;
  const bool goes = !route.is_there_after;
  std::string words = fmt::format("  {} {} {}/{}",
                                  appears ? '+'
                                  : goes  ? '-'
                                          : '~',
                                  route.kind, printable(route.ns), printable(route.name));
  if (!route.host.empty()) words += fmt::format(" \"{}\"", printable(route.host));
  if (!route.by.empty()) words += fmt::format(" ({})", made_by(route));
  if (goes) return words;
  words += fmt::format(": {}", answer_words(route.after));
  if (!route.after) words += fmt::format(", because {}", printable(route.because));
  if (route.after && route.pods_assumed) words += ", if its pods are as the charts make them";
  return words;
}

/// What no other section tells.
bool is_shown(const Plan& plan, const RouteJudgement& route) {
  const bool told = std::ranges::any_of(
      plan.routes, [&](const RouteChange& change) { return is_about(change, route); });
  const bool stays = route.is_there_before && route.is_there_after && route.before == route.after;
  return !told && !stays;
}

}  // namespace

Json routes_json(const Plan& plan, const Sources& sources) {
  Json json = Json::array();
  for (const RouteJudgement& route : plan.judged_routes) {
    const Json judgement = judgement_json(route, sources);
    const std::size_t before = json.size();
    for (const RouteChange& change : plan.routes) {
      if (!is_about(change, route)) continue;
      json.push_back(judgement);
      add_change(json.back(), change);
    }
    if (json.size() == before) json.push_back(judgement);
  }
  return json;
}

std::string route_section(const Plan& plan, const Sources& sources, std::size_t width) {
  if (plan.judged_routes.empty()) return {};
  std::string lines;
  std::size_t answering = 0;
  std::size_t silent = 0;
  std::size_t unknown = 0;
  std::size_t there = 0;
  for (const RouteJudgement& route : plan.judged_routes) {
    if (route.is_there_after) {
      ++there;
      ++(!route.after ? unknown : *route.after ? answering : silent);
    }
    if (!is_shown(plan, route)) continue;
    std::string words = line_of(route);
    if (route.place.is_known()) words += "   " + printable(sources.format(route.place, false));
    lines += wrapped(words, width, 6) + "\n";
  }
  std::vector<std::string> parts;
  if (answering > 0) parts.push_back(fmt::format("{} answer", answering));
  if (silent > 0) parts.push_back(fmt::format("{} do not answer", silent));
  if (unknown > 0) parts.push_back(fmt::format("of {} it is not known", unknown));
  std::string title = fmt::format("Routes and Ingresses afterwards: {}", there);
  if (!parts.empty()) title += fmt::format(" ({})", fmt::join(parts, ", "));
  return wrapped(title, width, 2) + "\n" + lines;
}

}  // namespace meshproof
