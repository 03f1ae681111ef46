#include "reports/migration_report.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "reports/diff_parts.h"
#include "reports/fold.h"
#include "reports/header.h"
#include "reports/rule_words.h"
#include "reports/text.h"

namespace meshproof {
namespace {

constexpr std::size_t kLinesShown = 6;

Json flow_json(const MigratedFlow& flow, const Sources& sources) {
  return {{"src", to_json(flow.src)},
          {"dst", to_json(flow.dst)},
          {"ports", to_json(flow.ports)},
          {"protocol", to_string(flow.protocol)},
          {"port", flow.port},
          {"evidenceBefore", to_json(flow.before, sources)},
          {"evidenceAfter", to_json(flow.after, sources)}};
}

/// Without its flows.
Json cause_json(const MigrationCause& cause) {
  return {{"change", cause.is_gain ? "gained" : "lost"}, {"direction", to_string(cause.direction)},
          {"semanticsBefore", cause.rule_before},        {"semanticsAfter", cause.rule_after},
          {"count", cause.connections.count()},          {"flows", Json::array()}};
}

/// The reason with the rule, of the direction if it has one.
const Reason& reason_of(const std::vector<Reason>& reasons, const std::string& rule,
                        Direction direction) {
  const auto fits = [&](const Reason& reason) { return reason.rule_id == rule; };
  const auto both = std::find_if(reasons.begin(), reasons.end(), [&](const Reason& reason) {
    return fits(reason) && reason.direction == direction;
  });
  if (both != reasons.end()) return *both;
  const auto found = std::find_if(reasons.begin(), reasons.end(), fits);
  return found == reasons.end() ? reasons.front() : *found;
}

std::string title_of(const MigrationCause& cause) {
  const std::string_view before = rule_words(cause.rule_before);
  const std::string_view after = rule_words(cause.rule_after);
  std::vector<std::string_view> words;
  if (!before.empty()) words.push_back(before);
  if (!after.empty()) words.push_back(after);
  const std::string ids = fmt::format("{} → {}", cause.rule_before, cause.rule_after);
  return words.empty() ? ids : fmt::format("{} ({})", fmt::join(words, "; "), ids);
}

std::string side_line(std::string_view name, const std::vector<Reason>& reasons,
                      const std::string& rule, const MigrationCause& cause, const Sources& sources,
                      std::size_t width) {
  const Reason& reason = reason_of(reasons, rule, cause.direction);
  std::string line =
      fmt::format("    {:<7}{}: {}", name, to_string(reason.direction), printable(reason.text));
  if (reason.place.is_known()) line += "  " + printable(sources.format(reason.place, false));
  return wrapped(line, width, 11) + "\n";
}

std::string example_words(const MigratedFlow& flow) {
  const std::string port = flow.protocol == Protocol::Icmp
                               ? "ICMP"
                               : fmt::format("{} {}", to_string(flow.protocol), flow.port);
  return fmt::format("    for example {} → {} {}", printable(to_string(flow.src)),
                     printable(to_string(flow.dst)), port);
}

std::string flow_lines(const ChangedConnections& connections, bool is_gain, std::size_t width,
                       bool full) {
  const std::vector<FoldedConnections> rows =
      full ? unfolded(spelled_out(connections)) : fold(connections);
  const std::size_t shown = full ? rows.size() : std::min(rows.size(), kLinesShown);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    const std::string line =
        fmt::format("    {} {} → {}   {}", is_gain ? '+' : '-', describe(rows[i].sources),
                    describe(rows[i].destinations), to_string(rows[i].ports));
    text += wrapped(line, width, 8) + "\n";
  }
  std::uint64_t folded = 0;
  for (std::size_t i = shown; i < rows.size(); ++i) folded += rows[i].count;
  if (folded > 0) text += fmt::format("      and {} more: --full\n", counted(folded, "connection"));
  return text;
}

std::string cause_lines(const MigrationCause& cause, const Sources& sources, std::size_t width,
                        bool full) {
  const MigratedFlow& example = cause.example;
  return wrapped(fmt::format("  {}: {}", counted(cause.connections.count(), "connection"),
                             title_of(cause)),
                 width, 4) +
         "\n" + flow_lines(cause.connections, cause.is_gain, width, full) +
         wrapped(example_words(example), width, 6) + "\n" +
         side_line("before", example.before, cause.rule_before, cause, sources, width) +
         side_line("after", example.after, cause.rule_after, cause, sources, width);
}

std::string section(std::string_view title, const Migration& migration, bool is_gain,
                    std::uint64_t count, const Sources& sources, std::size_t width, bool full) {
  if (count == 0) return {};
  std::string text = fmt::format("{} ({})\n", title, counted(count, "connection"));
  for (const MigrationCause& cause : migration.causes) {
    if (cause.is_gain == is_gain) text += cause_lines(cause, sources, width, full);
  }
  return text + "\n";
}

}  // namespace

void write_migration_json(const Difference& difference, const Migration& migration,
                          const Sources& sources, const TextSink& sink) {
  JsonMembers members(sink);
  add_diff_members(difference, sources, members);
  members.add_nested_list("causes", [&](const JsonMembers::TakeParent& take_cause) {
    for (const MigrationCause& cause : migration.causes) {
      const auto give_flows = [&](const JsonMembers::TakeItem& take) {
        cause.connections.for_each([&](const Connection& each) {
          return take(flow_json(migration.judge(cause, each), sources));
        });
      };
      if (!take_cause(cause_json(cause), "flows", give_flows)) return;
    }
  });
  members.end();
}

std::string migration_table(const Difference& difference, const Migration& migration,
                            const Sources& sources, std::size_t width, bool full) {
  const ReachabilityChange& change = difference.change;
  std::string text = diff_header(difference, width) + "\n";
  text += section("LOST", migration, false, change.lost.count(), sources, width, full);
  text += section("GAINED", migration, true, change.gained.count(), sources, width, full);
  if (change.lost.empty() && change.gained.empty()) {
    text += "nothing became reachable, nothing stopped\n\n";
  }
  const std::string undecided = undecided_lines(change.undecided, width, full);
  if (!undecided.empty()) text += undecided + "\n";
  const std::string assumptions = assumption_lines(difference.assumptions, width);
  if (assumptions.empty()) text.pop_back();
  return text + assumptions;
}

}  // namespace meshproof
