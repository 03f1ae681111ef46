#include "cli/fleet_options.h"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "cli/option_words.h"
#include "scenarios/files.h"

namespace meshproof {
namespace {

void read_names(const std::vector<std::string>& written, Options& options,
                Diagnostics& diagnostics) {
  std::set<std::string> names;
  std::set<std::string> told;
  for (const std::string& word : written) {
    const std::size_t sign = word.find('=');
    const std::string name = word.substr(0, sign);
    if (sign == std::string::npos || name.empty() || sign + 1 == word.size()) {
      diagnostics.push_back(
          usage_error("unknown-value", fmt::format("--cluster '{}' is not NAME=INPUT", word)));
      continue;
    }
    if (!names.insert(name).second && told.insert(name).second) {
      diagnostics.push_back(usage_error(
          "conflicting-options",
          fmt::format("--cluster {} is there twice: put the files of a cluster into one directory",
                      name)));
    }
    options.clusters.push_back({name, word.substr(sign + 1)});
  }
}

/// Standard input is gone once a cluster has read it.
void check_standard_input(const Options& options, Diagnostics& diagnostics) {
  const auto reads_it = [](const NamedCluster& each) { return each.input == kStandardInput; };
  if (std::count_if(options.clusters.begin(), options.clusters.end(), reads_it) > 1) {
    diagnostics.push_back(
        usage_error("conflicting-options", "only one --cluster can read standard input"));
  }
  if (options.clusters.size() < 2) return;
  const auto refuse = [&](std::string_view option) {
    diagnostics.push_back(usage_error(
        "conflicting-options",
        fmt::format("{} - would be read for each cluster: write it to a file first", option)));
  };
  if (options.change_file == kStandardInput) refuse("--change");
  if (options.probes_file == kStandardInput) refuse("--probes");
  if (std::count(options.assertions.begin(), options.assertions.end(), kStandardInput) > 0) {
    refuse("--assert");
  }
}

}  // namespace

void settle_clusters(const Command& command, const Written& written, Options& options,
                     Diagnostics& diagnostics) {
  if (written.clusters.empty()) return;
  read_names(written.clusters, options, diagnostics);
  check_standard_input(options, diagnostics);
  const auto refuse = [&](std::string_view what) {
    diagnostics.push_back(
        usage_error("conflicting-options", fmt::format("{}, so it goes without --cluster", what)));
  };
  if (!options.inputs.empty()) {
    diagnostics.push_back(usage_error("conflicting-options",
                                      "-f and --cluster exclude each other: which ones are the "
                                      "input"));
  }
  if (!options.target.empty()) refuse("--to is the state of one cluster");
  if (!options.flows.empty()) refuse("--flows are those of one cluster");
  if (!options.smt2_dir.empty()) refuse("--smt2 writes the questions about one cluster");
  if (!options.state_file.empty()) refuse("--state-out writes the state of one cluster");
  if (!options.also.empty() && options.report_format == nullptr) {
    refuse("--also is of one cluster, but with -o markdown and other formats of reports");
  }
  const bool is_plan = (command.options & option::kScript) != 0;
  if (is_plan && !options.out_file.empty()) refuse("--out writes the plan of one cluster");
  switch (options.format) {
    case Format::Table:
    case Format::Wide:
    case Format::Json:
    case Format::Report:
      break;
    case Format::Csv:
    case Format::Dot:
    case Format::Script:
    case Format::Yaml:
    case Format::Html:
    case Format::Svg:
      refuse(fmt::format("-o {} is of one cluster", written.format));
  }
}

}  // namespace meshproof
