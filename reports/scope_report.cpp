#include "reports/scope_report.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/text.h"

namespace meshproof {
namespace {

constexpr std::size_t kNamed = 6;

std::string names_of(const std::vector<std::string>& names, char sign, bool full) {
  std::string text;
  const std::size_t shown = full ? names.size() : std::min(names.size(), kNamed);
  for (std::size_t i = 0; i < shown; ++i) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", sign, printable(names[i]));
  }
  if (shown < names.size()) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

std::string scope_words(const WatchScope& scope) {
  if (scope.everything) {
    return scope.selected ? "every project that its discoverySelectors match" : "every project";
  }
  if (scope.namespaces.empty()) return "nothing";
  return counted(scope.namespaces.size(), "project");
}

std::string interruption_line(const ScopeChange& scope, std::size_t width, bool full) {
  return wrapped(fmt::format("  {}/{}: forgets {} on the way, until each has been reconciled with "
                             "the new generation; their services are not known meanwhile",
                             printable(scope.after.mesh), printable(scope.after.control_plane),
                             names_of(scope.interrupted, '~', full)),
                 width, 6) +
         "\n";
}

}  // namespace

Json scopes_json(const std::vector<ScopeChange>& scopes) {
  Json json = Json::array();
  for (const ScopeChange& scope : scopes) {
    json.push_back({{"mesh", scope.after.mesh},
                    {"controlPlane", scope.after.control_plane},
                    {"everything", scope.after.everything},
                    {"selected", scope.after.selected},
                    {"namespaces", scope.after.namespaces},
                    {"gained", scope.gained},
                    {"lost", scope.lost},
                    {"interrupted", scope.interrupted}});
  }
  return json;
}

std::string scope_lines(const std::vector<ScopeChange>& scopes, std::size_t width, bool full) {
  std::string text;
  for (const ScopeChange& scope : scopes) {
    if (!scope.moves()) continue;
    if (!scope.interrupted.empty()) text += interruption_line(scope, width, full);
    if (scope.before == scope.after) continue;
    std::string moved = names_of(scope.gained, '+', full);
    const std::string lost = names_of(scope.lost, '-', full);
    if (!lost.empty()) moved += (moved.empty() ? "" : ", ") + lost;
    if (moved.empty()) moved = fmt::format("{} before", scope_words(scope.before));
    text +=
        wrapped(fmt::format("  {}/{}: {}   now {}", printable(scope.after.mesh),
                            printable(scope.after.control_plane), moved, scope_words(scope.after)),
                width, 6) +
        "\n";
  }
  return text.empty() ? "" : "Watched by the control planes\n" + text;
}

}  // namespace meshproof
