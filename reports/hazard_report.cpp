#include "reports/hazard_report.h"

#include <algorithm>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "reports/text.h"

namespace meshproof {
namespace {

std::string_view healing_words(Healing healing) {
  switch (healing) {
    case Healing::ByItself:
      return "heals by itself";
    case Healing::WhenCured:
      return "heals as soon as that is done";
    case Healing::WhenTouched:
      return "heals after that at the next write to the Namespace";
    case Healing::WithControlPlane:
      return "heals after that at the next write to the control plane";
    case Healing::AtRestart:
      return "heals after that when the operator starts again";
    case Healing::Never:
      return "does not heal by that alone";
  }
  return "";
}

/// Objects of one kind by their count where there are several: `3 RoleBindings`.
std::string counted_words(const std::vector<std::string>& words) {
  std::map<std::string, std::vector<std::string>> by_kind;
  std::vector<std::string> parts;
  for (const std::string& word : words) {
    const auto space = word.find(' ');
    const bool is_object = word.starts_with("RoleBinding ") || word.starts_with("NetworkPolicy ");
    if (is_object) {
      by_kind[word.substr(0, space)].push_back(word);
    } else {
      parts.push_back(word);
    }
  }
  std::vector<std::string> objects;
  for (const auto& [kind, each] : by_kind) {
    if (kind == "RoleBinding" && each.size() > 1) {
      objects.push_back(fmt::format("{} RoleBindings", each.size()));
      continue;
    }
    objects.insert(objects.end(), each.begin(), each.end());
  }
  objects.insert(objects.end(), parts.begin(), parts.end());
  return fmt::format("{}", fmt::join(objects, ", "));
}

std::string left_words(const Hazard& hazard) {
  const std::string left = hazard.left.empty() ? "nothing of the mesh" : counted_words(hazard.left);
  std::string text = fmt::format("leaves {} with {}", hazard.ns, left);
  if (!hazard.lacks.empty()) text += "; without " + counted_words(hazard.lacks);
  return text;
}

ReportedHazard reported(const Hazard& hazard) {
  const std::string cure = hazard.healing == Healing::ByItself ? "" : hazard.cure + "; ";
  return {
      .code = hazard.code,
      .hits = hazard.hits,
      .way = fmt::format("{} {} {}", hazard.ns, hazard.joining ? "into" : "out of", hazard.mesh),
      .cause = hazard.cause,
      .left = left_words(hazard),
      .cure = fmt::format("{}{}", cure, healing_words(hazard.healing))};
}

std::string hazard_text(const ReportedHazard& hazard, std::size_t width) {
  const std::string_view word = hazard.hits ? "HITS" : "could";
  const std::string first = fmt::format("  {:<6}{}: {}  [{}]", word, printable(hazard.way),
                                        printable(hazard.cause), hazard.code);
  return wrapped(first, width, 10) + "\n" +
         wrapped("        " + printable(hazard.left), width, 10) + "\n" +
         wrapped("        " + printable(hazard.cure), width, 10) + "\n";
}

}  // namespace

Json hazards_json(const std::vector<Hazard>& hazards) {
  Json json = Json::array();
  for (const Hazard& hazard : hazards) {
    json.push_back({{"code", hazard.code},
                    {"hits", hazard.hits},
                    {"direction", hazard.joining ? "join" : "leave"},
                    {"mesh", hazard.mesh},
                    {"namespace", hazard.ns},
                    {"cause", hazard.cause},
                    {"left", hazard.left},
                    {"lacks", hazard.lacks},
                    {"heals", to_string(hazard.healing)},
                    {"cure", hazard.cure}});
  }
  return json;
}

std::vector<ReportedHazard> reported_hazards(const std::vector<Hazard>& hazards) {
  std::vector<ReportedHazard> result;
  for (const Hazard& hazard : hazards) result.push_back(reported(hazard));
  return result;
}

std::string hazard_lines(const std::vector<Hazard>& hazards, std::size_t width, bool full) {
  constexpr std::size_t kShownOfACode = 3;
  std::string text;
  std::map<std::string, std::size_t> hits;
  std::vector<std::string> possible;
  for (const Hazard& hazard : hazards) {
    if (hazard.hits ? ++hits[hazard.code] <= kShownOfACode || full : full) {
      text += hazard_text(reported(hazard), width);
    } else if (!hazard.hits) {
      possible.push_back(hazard.code);
    }
  }
  for (const auto& [code, count] : hits) {
    if (full || count <= kShownOfACode) continue;
    text += wrapped(fmt::format("  and {} more: {} (--full)",
                                counted(count - kShownOfACode, "project"), code),
                    width, 6) +
            "\n";
  }
  if (!possible.empty()) {
    const std::string_view nothing = text.empty() ? "nothing that the input shows; " : "";
    const std::string number = counted(possible.size(), "failure");
    std::ranges::sort(possible);
    possible.erase(std::unique(possible.begin(), possible.end()), possible.end());
    text += wrapped(fmt::format("  {}{} could happen meanwhile: {} (--full)", nothing, number,
                                fmt::join(possible, ", ")),
                    width, 6) +
            "\n";
  }
  return text.empty() ? "" : "What can go wrong\n" + text;
}

}  // namespace meshproof
