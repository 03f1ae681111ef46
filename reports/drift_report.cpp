#include "reports/drift_report.h"

#include <map>

#include <fmt/format.h>

#include "reports/header.h"
#include "reports/json.h"
#include "reports/report_json.h"
#include "reports/text.h"
#include "reports/tree_diff.h"

namespace meshproof {
namespace {

/// What differs, from what was predicted to what is there; nothing where only one of them is.
std::vector<std::string> field_words(const Departure& departure) {
  if (departure.kind != DepartureKind::Differing) return {};
  return difference_words(departure.expected, departure.actual);
}

std::string remedy_words(const Departure& departure) {
  if (departure.is_mended) return "the operator mends it the next time it looks";
  return departure.remedy.empty() ? "the operator does not mend it" : departure.remedy;
}

Json departure_json(const Departure& departure, const Sources& sources) {
  Json json;
  json["code"] = fmt::format("drift-{}", to_string(departure.kind));
  json["severity"] = to_string(departure.severity);
  json["message"] = fmt::format("{}: {}", to_string(departure.key), departure.reason);
  json["where"] = to_json(departure.place, sources);
  json["witness"] = {{"expected", to_json(departure.expected)},
                     {"actual", to_json(departure.actual)}};
  json["mesh"] = departure.mesh;
  json["project"] = departure.ns;
  json["object"] = {{"group", departure.key.group},
                    {"kind", departure.key.kind},
                    {"namespace", departure.key.ns},
                    {"name", departure.key.name}};
  json["fields"] = field_words(departure);
  json["mended"] = departure.is_mended;
  json["remedy"] = remedy_words(departure);
  if (departure.is_known) json["known"] = true;
  return json;
}

std::string departure_lines(const Departure& departure, const Sources& sources, std::size_t width) {
  const std::string where =
      departure.place.is_known() ? "  " + printable(sources.format(departure.place, false)) : "";
  std::string text =
      wrapped(fmt::format("  {:<9} {}: {}{}{}", to_string(departure.kind),
                          printable(to_string(departure.key)), printable(departure.reason),
                          departure.is_known ? " (in the baseline)" : "", where),
              width, 12) +
      "\n";
  for (const std::string& words : field_words(departure)) {
    text += wrapped("            " + words, width, 14) + "\n";
  }
  return text + wrapped("            " + printable(remedy_words(departure)), width, 14) + "\n";
}

std::string title_of(const Departure& departure) {
  const std::string place = departure.ns.empty() ? "the whole cluster" : departure.ns;
  return fmt::format("{} · mesh {}\n", printable(place),
                     departure.mesh.empty() ? "none" : printable(departure.mesh));
}

std::string departures_section(const DriftReport& report, const Sources& sources, std::size_t width,
                               bool full) {
  std::string text;
  std::string title;
  std::size_t older = 0;
  for (const Departure& departure : report.drift.departures) {
    if (departure.severity == Severity::Note && !full) {
      ++older;
      continue;
    }
    std::string next = title_of(departure);
    if (next != title) text += "\n" + next;
    title = std::move(next);
    text += departure_lines(departure, sources, width);
  }
  if (older != 0) {
    text += "\n" +
            wrapped(fmt::format("{} only older than {} source, as copies may be: --full",
                                older == 1 ? "1 object is" : fmt::format("{} objects are", older),
                                older == 1 ? "its" : "their"),
                    width, 2) +
            "\n";
  }
  return text;
}

std::string count_words(const std::vector<Departure>& departures) {
  std::map<DepartureKind, std::size_t> counts;
  for (const Departure& departure : departures) ++counts[departure.kind];
  if (counts.empty()) return "nothing departs from what the mesh should have written\n";
  std::string text;
  for (const auto& [kind, count] : counts) {
    text += fmt::format("{}{} {}", text.empty() ? "" : " · ", count, to_string(kind));
  }
  return text + "\n";
}

std::string header(const DriftReport& report, std::size_t width) {
  const Drift& drift = report.drift;
  const std::string meshes = drift.meshes.empty()
                                 ? "no mesh is installed"
                                 : fmt::format("{}", fmt::join(drift.meshes, ", "));
  std::string second =
      fmt::format("{}, operator {} ({})", printable(meshes), printable(drift.operator_release),
                  printable(drift.operator_source));
  const std::string check = self_check_words(drift.self_check);
  if (!check.empty()) second += " · " + check;
  return wrapped(fmt::format("meshproof drift · {} · {}", network_words(report.network),
                             coverage_words(report.coverage)),
                 width, 2) +
         "\n" + wrapped(second, width, 2) + "\n";
}

}  // namespace

std::string self_check_words(const SelfCheck& check) {
  if (check.members == 0) return "";
  std::string text =
      fmt::format("self-check: {}/{} members as predicted", check.as_predicted(), check.members);
  constexpr std::size_t kNamed = 3;
  if (check.departing.empty()) return text;
  std::string names;
  for (std::size_t i = 0; i < check.departing.size() && i < kNamed; ++i) {
    names += (i == 0 ? "" : ", ") + printable(check.departing[i]);
  }
  if (check.departing.size() > kNamed) {
    names += fmt::format(" and {} more", check.departing.size() - kNamed);
  }
  return text + ", not " + names;
}

std::string drift_json(const DriftReport& report, const std::vector<Judgement>& judgements,
                       const Sources& sources) {
  const Drift& drift = report.drift;
  Json json = contract();
  json["network"] = to_json(report.network);
  json["operatorVersion"] = drift.operator_version;
  json["operatorRelease"] = drift.operator_release;
  json["operatorSource"] = drift.operator_source;
  json["meshes"] = drift.meshes;
  json["selfCheck"] = to_json(drift.self_check);
  json["findings"] = Json::array();
  for (const Departure& departure : drift.departures) {
    json["findings"].push_back(departure_json(departure, sources));
  }
  json["judgements"] = to_json(judgements);
  json["assumptions"] = drift.assumptions;
  json["coverage"] = to_json(report.coverage);
  return dump(json);
}

std::string drift_table(const DriftReport& report, const Sources& sources, std::size_t width,
                        bool full) {
  const std::string assumed = assumption_lines(report.drift.assumptions, width);
  return header(report, width) + departures_section(report, sources, width, full) + "\n" +
         count_words(report.drift.departures) + (assumed.empty() ? "" : "\n" + assumed);
}

}  // namespace meshproof
