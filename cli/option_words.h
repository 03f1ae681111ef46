#pragma once

#include <array>
#include <string>
#include <vector>

#include "cli/apply_options.h"
#include "cli/command.h"
#include "cli/options.h"
#include "model/diagnostic.h"

namespace meshproof {

/// Options whose values are words of a closed set, as the user wrote them.
struct Written {
  std::string sdn;
  std::string dialect;
  std::string target_dialect;
  std::string format = "table";
  std::string fail_on = "error";
  std::string max_age;
  std::string charts;
  std::string ip_block = "yes";
  std::string by = "workload";
  std::string max_hops;
  std::string hops;
  std::vector<std::string> absent_kinds;
  std::vector<std::string> clusters;
  std::vector<std::string> also;
  WrittenApply apply;
  std::string kind = "Pod";
  std::array<std::string, 5> counts;  ///< of kShapeCounts
};

/// An option of generate whose value is a number.
struct CountOption {
  const char* option;
  const char* description;
};
inline constexpr std::array<CountOption, 5> kShapeCounts{
    {{"--namespaces", "namespaces of applications (10)"},
     {"--pods", "pods of each namespace (10)"},
     {"--policies", "NetworkPolicies of each namespace, beside the mesh's own (2)"},
     {"--members", "how many of the namespaces are in the mesh (3, or all if there are fewer)"},
     {"--seed", "another number gives another cluster of the same size (1)"}}};

/// What is wrong with the command line.
[[nodiscard]] Diagnostic usage_error(std::string code, std::string message);

/// Tells a word that is none of a closed set, with what would be right. An empty word was
/// not given.
void check_word(const std::string& name, const std::string& seen,
                const std::vector<std::string>& known, Diagnostics& diagnostics);

/// Those of the formats that whatever is judged has.
[[nodiscard]] std::vector<std::string> report_format_names();
/// The words of -o that a command has, in the order in which --help shows them.
[[nodiscard]] std::vector<std::string> formats_of(const Command& command);

/// Reads the written words into the options, and tells each that is none of those it may be.
void settle_words(const Command& command, const Written& written, Options& options,
                  Diagnostics& diagnostics);

}  // namespace meshproof
