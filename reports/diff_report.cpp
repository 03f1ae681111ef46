#include "reports/diff_report.h"

#include <fmt/format.h>

#include "reports/diff_parts.h"
#include "reports/fold.h"
#include "reports/header.h"
#include "reports/text.h"

namespace meshproof {

void add_diff_members(const Difference& difference, const Sources& sources, JsonMembers& members) {
  members.add("before", to_json(difference.before));
  members.add("after", to_json(difference.after));
  members.add("gained", difference.change.gained, sources);
  members.add("lost", difference.change.lost, sources);
  members.add("undecided", to_json(difference.change.undecided));
  members.add("assumptions", difference.assumptions);
  members.add("coverage", to_json(difference.coverage));
  if (difference.coverage_after) {
    members.add("coverageAfter", to_json(*difference.coverage_after));
  }
}

void write_diff_json(const Difference& difference, const Sources& sources, const TextSink& sink) {
  JsonMembers members(sink);
  add_diff_members(difference, sources, members);
  members.end();
}

std::string diff_header(const Difference& difference, std::size_t width) {
  const std::string before = network_words(difference.before);
  const std::string after = network_words(difference.after);
  std::string coverage = coverage_words(difference.coverage);
  const bool lacks_after = difference.coverage_after && !difference.coverage_after->is_complete();
  if (lacks_after) coverage += " → " + coverage_words(*difference.coverage_after);
  return wrapped(fmt::format("meshproof diff · {} · {}",
                             before == after ? before : before + " → " + after, coverage),
                 width, 2) +
         "\n";
}

std::string diff_table(const Difference& difference, const Sources& sources, std::size_t width,
                       bool full) {
  std::string text = diff_header(difference, width) + "\n";
  const auto section = [&](std::string_view title, const ChangedConnections& connections,
                           char sign) {
    if (connections.empty()) return;
    text += fmt::format("{} ({})\n", title, counted(connections.count(), "connection"));
    text += connection_lines(connections, sign, sources, width, full) + "\n";
  };
  section("LOST", difference.change.lost, '-');
  section("GAINED", difference.change.gained, '+');
  if (difference.change.lost.empty() && difference.change.gained.empty()) {
    text += "nothing became reachable, nothing stopped\n";
  }
  text += undecided_lines(difference.change.undecided, width, full);
  while (text.size() > 1 && text[text.size() - 2] == '\n') text.pop_back();
  const std::string assumptions = assumption_lines(difference.assumptions, width);
  if (!assumptions.empty()) text += "\n" + assumptions;
  return text;
}

}  // namespace meshproof
