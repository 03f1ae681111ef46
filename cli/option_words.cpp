#include "cli/option_words.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "cli/did_you_mean.h"
#include "cli/kind_name.h"
#include "cli/source_url.h"
#include "cli/today.h"
#include "cli/value_words.h"
#include "model/calendar.h"
#include "reports/report_formats.h"
#include "solver/lint/lint.h"
#include "solver/verify.h"

namespace meshproof {
namespace {

/// A way to show a result, and the group of options that a command has it with; 0: all have it.
/// Commands that judge also have those of report_formats().
struct FormatRow {
  std::string_view name;
  Format format;
  unsigned option;
};

constexpr std::array kFormats{
    FormatRow{"table", Format::Table, 0},
    FormatRow{"wide", Format::Wide, option::kLists},
    FormatRow{"json", Format::Json, 0},
    FormatRow{"csv", Format::Csv, option::kLists},
    FormatRow{"dot", Format::Dot, option::kGraph},
    FormatRow{"script", Format::Script, option::kScript},
    FormatRow{"yaml", Format::Yaml, option::kKeep},
    FormatRow{"html", Format::Html, option::kReport},
    FormatRow{"svg", Format::Svg, option::kGraph},
};

/// The written counts; what is no number is told.
void read_shape(const Written& written, Options& options, Diagnostics& diagnostics) {
  ClusterShape& shape = options.shape;
  std::uint64_t members = shape.members;
  const std::array<std::uint64_t*, kShapeCounts.size()> values{
      &shape.namespaces, &shape.pods, &shape.policies, &members, &shape.seed};
  for (std::size_t i = 0; i < kShapeCounts.size(); ++i) {
    const std::string& text = written.counts[i];
    if (text.empty()) continue;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *values[i]);
    if (error == std::errc{} && end == text.data() + text.size()) continue;
    diagnostics.push_back(
        usage_error("unknown-value", fmt::format("{} '{}' is not a whole number, from 0 to {}",
                                                 kShapeCounts[i].option, text, UINT64_MAX)));
  }
  shape.members = written.counts[3].empty() ? std::min(members, shape.namespaces) : members;
  check_word("--kind", written.kind, closed_words("--kind"), diagnostics);
  shape.deployments = written.kind == "Deployment";
  shape.dialect = parse_dialect(written.dialect).value_or(shape.dialect);
  shape.mode = parse_sdn_mode(written.sdn).value_or(shape.mode);
  if (!written.sdn.empty() && shape.mode != SdnMode::NetworkPolicy &&
      shape.dialect != Dialect::OpenShiftSdn) {
    diagnostics.push_back(usage_error(
        "conflicting-options", fmt::format("--sdn {} exists only in openshift-sdn, not in {}",
                                           written.sdn, written.dialect)));
  }
}

/// `a,b c` as three names: a namespace has no comma.
std::vector<std::string> split_names(const std::vector<std::string>& written) {
  std::vector<std::string> names;
  for (const std::string& each : written) {
    for (std::size_t at = 0; at <= each.size();) {
      const std::size_t comma = std::min(each.find(',', at), each.size());
      if (comma > at) names.push_back(each.substr(at, comma - at));
      at = comma + 1;
    }
  }
  return names;
}

void check_builtins(const std::vector<std::string>& assertions, Diagnostics& diagnostics) {
  std::vector<std::string> known;
  for (const BuiltinStatement& each : builtin_statements()) known.emplace_back(each.id);
  for (const std::string& name : assertions) {
    if (name.rfind("builtin:", 0) == 0) check_word("--assert", name, known, diagnostics);
  }
}

void settle_today(Options& options, Diagnostics& diagnostics) {
  if (std::string problem = clock_problem(); !problem.empty()) {
    diagnostics.push_back(
        {{}, Severity::Error, "unknown-value", std::move(problem), {}, "SOURCE_DATE_EPOCH"});
  }
  if (options.today.empty()) options.today = today();
  if (is_calendar_day(options.today)) return;
  diagnostics.push_back(usage_error(
      "unknown-value",
      fmt::format("--today '{}' is no day of the calendar, YYYY-MM-DD", options.today)));
}

/// Codes, names and groups of the catalogue.
void check_rules(const std::string& option, std::vector<std::string>& written,
                 Diagnostics& diagnostics) {
  std::vector<std::string> known;
  for (const Rule* rule : rule_catalogue()) {
    known.insert(known.end(), {std::string{rule->code}, std::string{rule->name}});
  }
  for (const RuleGroup group : rule_groups()) known.emplace_back(to_string(group));
  written = split_names(written);
  for (const std::string& word : written) {
    if (std::ranges::find(known, word) != known.end()) continue;
    diagnostics.push_back(
        usage_error("unknown-rule", fmt::format("{} '{}' is no code, name or group of a rule{}; "
                                                "meshproof lint --list shows them",
                                                option, word, did_you_mean(word, known))));
  }
}

void read_hops(const std::string& option, const std::string& text, std::size_t least,
               std::size_t& hops, Diagnostics& diagnostics) {
  constexpr std::size_t kMost = 100;
  if (text.empty()) return;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hops);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  if (is_number && hops >= least && hops <= kMost) return;
  diagnostics.push_back(usage_error(
      "unknown-value",
      fmt::format("{} '{}' is not a number from {} to {}", option, text, least, kMost)));
}

/// `90s`, `30m`, `24h`, `7d`.
void read_max_age(const std::string& text, Options& options, Diagnostics& diagnostics) {
  if (text.empty()) return;
  constexpr std::array<std::pair<char, std::int64_t>, 4> kUnits{
      {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}}};
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size() - 1, count);
  const auto* const unit =
      std::ranges::find(kUnits, text.back(), &std::pair<char, std::int64_t>::first);
  const bool is_number =
      error == std::errc{} && end == text.data() + text.size() - 1 && count > 0 && count <= 36'500;
  if (is_number && unit != kUnits.end()) {
    options.max_age = std::chrono::seconds{count * unit->second};
    return;
  }
  diagnostics.push_back(usage_error(
      "unknown-value", fmt::format("--max-age '{}' is no time as 90s, 30m, 24h or 7d", text)));
}

/// The address is not told again: what somebody took for one may have a password in it.
void settle_source_url(Options& options, Diagnostics& diagnostics) {
  std::string& url = options.source_url;
  if (url.empty()) return;
  while (url.ends_with('/')) url.pop_back();
  if (is_source_url(url)) return;
  diagnostics.push_back(usage_error(
      "unknown-value",
      "--source-url is not the address of a folder, as https://github.com/ORG/REPO/blob/SHA: "
      "https or http, without user, query and fragment, of at most 2000 characters"));
}

void read_also(const std::vector<std::string>& written, Options& options,
               Diagnostics& diagnostics) {
  const std::vector<std::string> formats = report_format_names();
  for (const std::string& word : written) {
    const std::size_t sign = word.find('=');
    if (word.ends_with("=-")) {
      diagnostics.push_back(usage_error(
          "unknown-value",
          fmt::format("--also '{}': standard output has the result of -o; name a file", word)));
      continue;
    }
    if (sign == std::string::npos || sign + 1 == word.size()) {
      diagnostics.push_back(
          usage_error("unknown-value", fmt::format("--also '{}' is not FORMAT=FILE", word)));
      continue;
    }
    check_word("--also", word.substr(0, sign), formats, diagnostics);
    options.also.push_back({find_report_format(word.substr(0, sign)), word.substr(sign + 1)});
  }
}

/// Two results in one file would leave the last one of them. Devices take everything, and standard
/// output takes the result: no file beside it.
void check_outputs(const Command& command, const Options& options, Diagnostics& diagnostics) {
  const bool is_plan = (command.options & option::kScript) != 0;
  if (options.state_file == "-" || (is_plan && options.out_file == "-")) {
    diagnostics.push_back(usage_error("conflicting-options",
                                      "'-' is where the result goes: --out of plan and "
                                      "--state-out write a file beside it"));
  }
  std::vector<std::string> files{options.out_file, options.state_file};
  for (const ExtraResult& extra : options.also) files.push_back(extra.file);
  std::set<std::string> seen;
  for (const std::string& file : files) {
    std::error_code unknown;
    if (file.empty() || file == "-" || std::filesystem::is_other(file, unknown)) continue;
    if (seen.insert(std::filesystem::weakly_canonical(file, unknown).string()).second) continue;
    diagnostics.push_back(usage_error("conflicting-options",
                                      fmt::format("two results would be written to {}", file)));
  }
}

}  // namespace

void check_word(const std::string& name, const std::string& seen,
                const std::vector<std::string>& known, Diagnostics& diagnostics) {
  if (seen.empty() || std::find(known.begin(), known.end(), seen) != known.end()) return;
  diagnostics.push_back(
      usage_error("unknown-value", fmt::format("{} '{}' is not one of {}{}", name, seen,
                                               fmt::join(known, ", "), did_you_mean(seen, known))));
}

Diagnostic usage_error(std::string code, std::string message) {
  return {{}, Severity::Error, std::move(code), std::move(message), {}, "command line"};
}

std::vector<std::string> report_format_names() {
  std::vector<std::string> names;
  for (const ReportFormat& each : report_formats()) names.emplace_back(each.name);
  return names;
}

std::vector<std::string> formats_of(const Command& command) {
  std::vector<std::string> names;
  for (const FormatRow& row : kFormats) {
    if (row.option == 0 || (command.options & row.option) != 0) names.emplace_back(row.name);
  }
  if ((command.options & option::kJudge) != 0) {
    const std::vector<std::string> common = report_format_names();
    names.insert(names.end(), common.begin(), common.end());
  }
  return names;
}

void settle_words(const Command& command, const Written& written, Options& options,
                  Diagnostics& diagnostics) {
  check_word("-o", written.format, formats_of(command), diagnostics);
  check_word("--sdn", written.sdn, closed_words("--sdn"), diagnostics);
  check_word("--dialect", written.dialect, closed_words("--dialect"), diagnostics);
  check_word("--dialect-to", written.target_dialect, closed_words("--dialect-to"), diagnostics);
  check_builtins(options.assertions, diagnostics);
  settle_today(options, diagnostics);
  read_max_age(written.max_age, options, diagnostics);
  read_also(written.also, options, diagnostics);
  settle_source_url(options, diagnostics);
  check_outputs(command, options, diagnostics);
  check_rules("--only", options.only_rules, diagnostics);
  check_rules("--without", options.without_rules, diagnostics);
  check_word("--fail-on", written.fail_on, closed_words("--fail-on"), diagnostics);
  check_word("--by", written.by, closed_words("--by"), diagnostics);
  read_hops("--max-hops", written.max_hops, 1, options.max_hops, diagnostics);
  read_hops("--hops", written.hops, 2, options.hops, diagnostics);
  check_word("--charts", written.charts, closed_words("--charts"), diagnostics);
  check_word("--ipblock-matches-pods", written.ip_block, closed_words("--ipblock-matches-pods"),
             diagnostics);
  if ((command.options & option::kShape) != 0) read_shape(written, options, diagnostics);
  if (has_errors(diagnostics)) return;

  for (const FormatRow& row : kFormats) {
    if (written.format == row.name) options.format = row.format;
  }
  if ((command.options & option::kJudge) != 0) {
    options.report_format = find_report_format(written.format);
    if (options.report_format != nullptr) options.format = Format::Report;
  }
  options.by = written.by == "pod" ? By::Pod : By::Workload;
  options.network.sdn = parse_sdn_mode(written.sdn);
  options.network.dialect = parse_dialect(written.dialect);
  if (written.charts == "upstream") options.chart_ports = ChartPorts::Upstream;
  if (written.charts == "product") options.chart_ports = ChartPorts::Product;
  options.target_dialect = parse_dialect(written.target_dialect);
  options.network.ip_block_matches_pods = written.ip_block == "yes";
  for (const std::string& word : split_names(written.absent_kinds)) {
    auto kind = parse_kind("--absent-kind", word);
    if (!kind.has_value()) std::ranges::move(kind.error(), std::back_inserter(diagnostics));
    // What is served is asked by kind alone.
    options.network.absent_kinds.insert(word.substr(word.rfind('/') + 1));
  }
  if (written.fail_on == "error" || written.fail_on == "critical")
    options.fail_on = Severity::Error;
  if (written.fail_on == "warning") options.fail_on = Severity::Warning;
  if (written.fail_on == "note") options.fail_on = Severity::Note;
  options.join = split_names(options.join);
  options.leave = split_names(options.leave);
  std::vector<std::string> kinds;
  for (const std::string& word : split_names(options.assumed_empty)) {
    auto kind = parse_kind("--assume-empty", word);
    if (kind.has_value()) {
      kinds.push_back(std::move(*kind));
    } else {
      std::ranges::move(kind.error(), std::back_inserter(diagnostics));
    }
  }
  options.assumed_empty = std::move(kinds);
}

}  // namespace meshproof
