#include <algorithm>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "reports/fold.h"
#include "reports/text.h"

/// Connections in words.
namespace meshproof {
namespace {

constexpr std::size_t kNamesShown = 3;
constexpr std::size_t kLinesShown = 12;

using Ends = std::vector<EndpointName>;

std::string names_of(const Ends& ends, std::string_view prefix, std::string_view many) {
  if (ends.size() > kNamesShown) return fmt::format("{} {}", ends.size(), many);
  std::vector<std::string> names;
  for (const EndpointName& end : ends) {
    names.push_back(printable(end.cidr.empty() ? end.name : end.cidr));
  }
  if (names.size() == 1) return fmt::format("{}{}", prefix, names.front());
  return fmt::format("{}{{{}}}", prefix, fmt::join(names, ", "));
}

/// The first policy among the reasons, which says more than that there is none; else the first.
std::string by_policy(const std::vector<Reason>& evidence, const Sources& sources) {
  const auto names_policy = [](const Reason& reason) { return !reason.policy.empty(); };
  auto reason = std::find_if(evidence.begin(), evidence.end(), names_policy);
  if (reason == evidence.end()) reason = evidence.begin();
  if (reason == evidence.end()) return {};
  std::string text = reason->policy.empty() ? reason->text : "by " + reason->policy;
  if (reason->place.is_known()) text += "  " + sources.format(reason->place, false);
  return text.empty() ? text : "   " + printable(text);
}

/// Those of the reasons that others name too.
void keep_common(std::vector<Reason>& evidence, const std::vector<Reason>& other) {
  std::erase_if(evidence, [&](const Reason& reason) {
    return std::none_of(other.begin(), other.end(), [&](const Reason& each) {
      return each.policy == reason.policy && (!each.policy.empty() || each.text == reason.text);
    });
  });
}

/// Of all that a line says of one destination. Stops where nothing is left.
std::vector<Reason> common_evidence(const FoldedConnections& row, const EndpointName& dst,
                                    const ChangedConnections& connections) {
  // A policy is of one project: sources of several have none of their own in common.
  const std::string& project = row.sources.front().ns;
  const bool have_no_policy = project.empty() || project != row.sources.back().ns;
  if (connections.refusal && have_no_policy && !row.partly) {
    std::vector<Reason> refusal = connections.refusal(row.sources, dst, row.ports);
    if (!refusal.empty()) return refusal;
  }
  std::vector<Reason> common;
  bool is_first = true;
  FoldedConnections part = row;
  part.destinations = {dst};
  part.for_each([&](const Connection& each) {
    std::vector<Reason> evidence = connections.evidence_of(each);
    if (is_first) {
      common = std::move(evidence);
      is_first = false;
    } else {
      keep_common(common, evidence);
    }
    return !common.empty();
  });
  return common;
}

/// A line names a policy only if it decided every connection of the line.
std::vector<Reason> common_evidence(const FoldedConnections& row,
                                    const ChangedConnections& connections) {
  std::vector<Reason> common;  // first of the first connection
  row.for_each([&](const Connection& each) {
    common = connections.evidence_of(each);
    return false;
  });
  for (const EndpointName& dst : row.destinations) {
    if (common.empty()) break;
    keep_common(common, common_evidence(row, dst, connections));
  }
  return common;
}

std::size_t source_width_of(const FoldedConnections& row) {
  return display_width(describe(row.sources));
}

std::string line_of(const FoldedConnections& row, char sign, const std::string& reason,
                    std::size_t source_width, std::size_t width) {
  const std::string line =
      fmt::format("  {} {} → {}   {}{}{}", sign, padded(describe(row.sources), source_width),
                  describe(row.destinations), to_string(row.ports),
                  row.partly ? "   between some of the pods" : "", reason);
  return wrapped(line, width, 6) + "\n";
}

std::string every_line(const ChangedConnections& connections, char sign, const Sources& sources,
                       std::size_t width) {
  std::size_t source_width = 0;
  connections.for_each([&](const Connection& each) {
    source_width = std::max(source_width, source_width_of(unfolded(each)));
    return true;
  });
  source_width = std::min(source_width, width / 3);
  std::string result;
  connections.for_each([&](const Connection& each) {
    result += line_of(unfolded(each), sign, by_policy(connections.evidence_of(each), sources),
                      source_width, width);
    return true;
  });
  return result;
}

}  // namespace

std::string describe(const std::vector<EndpointName>& ends) {
  Ends blocks;
  Ends nodes;
  std::map<std::string, Ends> projects;
  std::size_t workloads = 0;
  for (const EndpointName& end : ends) {
    if (!end.cidr.empty()) {
      blocks.push_back(end);
    } else if (end.ns.empty()) {
      nodes.push_back(end);
    } else {
      projects[end.ns].push_back(end);
      ++workloads;
    }
  }
  std::vector<std::string> parts;
  if (projects.size() > kNamesShown) {
    parts.push_back(
        fmt::format("{} projects ({})", projects.size(), counted(workloads, "workload")));
  } else {
    for (const auto& [ns, members] : projects) {
      const std::string name = printable(ns);
      parts.push_back(names_of(members, name + "/", "workloads of " + name));
    }
  }
  if (!nodes.empty()) parts.push_back(names_of(nodes, "node ", "nodes"));
  if (!blocks.empty()) parts.push_back(names_of(blocks, "outside ", "blocks of addresses outside"));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string connection_lines(const ChangedConnections& connections, char sign,
                             const Sources& sources, std::size_t width, bool full) {
  if (full) return every_line(connections, sign, sources, width);
  const std::vector<FoldedConnections> rows = fold(connections);
  const std::size_t shown = std::min(rows.size(), kLinesShown);
  std::size_t source_width = 0;
  for (std::size_t i = 0; i < shown; ++i) {
    source_width = std::max(source_width, source_width_of(rows[i]));
  }
  source_width = std::min(source_width, width / 3);
  std::string result;
  for (std::size_t i = 0; i < shown; ++i) {
    result += line_of(rows[i], sign, by_policy(common_evidence(rows[i], connections), sources),
                      source_width, width);
  }
  if (shown < rows.size()) {
    std::uint64_t folded = 0;
    for (std::size_t i = shown; i < rows.size(); ++i) folded += rows[i].count;
    result += fmt::format("    and {} more: --full\n", counted(folded, "connection"));
  }
  return result;
}

}  // namespace meshproof
