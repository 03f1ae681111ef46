#include "reports/fold.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "reports/text.h"

namespace meshproof {
namespace {

constexpr std::size_t kNamesShown = 3;
constexpr std::size_t kLinesShown = 12;

using Ends = std::vector<EndpointName>;

/// Ends of different families never stand in one group.
std::string project_of(const EndpointName& end) {
  if (!end.cidr.empty()) return "\1";
  return end.ns.empty() ? "\2" : end.ns;
}

Ends as_vector(const std::set<EndpointName>& ends) { return {ends.begin(), ends.end()}; }

/// A line names a policy only if it decided every connection of the line.
void keep_common(std::vector<Reason>& evidence, const std::vector<Reason>& other) {
  std::erase_if(evidence, [&](const Reason& reason) {
    return std::none_of(other.begin(), other.end(), [&](const Reason& each) {
      return each.policy == reason.policy && (!each.policy.empty() || each.text == reason.text);
    });
  });
}

/// Connections from each source into one project on the same ports.
std::vector<FoldedConnections> by_source(const std::vector<Connection>& connections) {
  std::map<std::tuple<EndpointName, std::string, PortSet, bool>, FoldedConnections> groups;
  for (const Connection& each : connections) {
    FoldedConnections& group = groups[{each.src, project_of(each.dst), each.ports, each.partly}];
    if (group.count++ == 0) {
      group.sources = {each.src};
      group.ports = each.ports;
      group.partly = each.partly;
      group.evidence = each.evidence;
    }
    keep_common(group.evidence, each.evidence);
    group.destinations.push_back(each.dst);
  }
  std::vector<FoldedConnections> result;
  for (auto& [key, group] : groups) result.push_back(std::move(group));
  return result;
}

void add_all(Ends& to, const Ends& from) {
  std::set<EndpointName> all(to.begin(), to.end());
  all.insert(from.begin(), from.end());
  to = as_vector(all);
}

/// Unites groups of equal keys.
template <typename KeyOf>
std::vector<FoldedConnections> united(std::vector<FoldedConnections> groups, KeyOf key_of) {
  std::map<decltype(key_of(groups.front())), std::size_t> first;
  std::vector<FoldedConnections> result;
  for (FoldedConnections& group : groups) {
    const auto [at, is_new] = first.try_emplace(key_of(group), result.size());
    if (is_new) {
      result.push_back(std::move(group));
    } else {
      result[at->second].count += group.count;
      keep_common(result[at->second].evidence, group.evidence);
      add_all(result[at->second].sources, group.sources);
      add_all(result[at->second].destinations, group.destinations);
    }
  }
  return result;
}

/// In a group of workloads that all reach one another, each one's list of destinations lacks
/// itself; with it, the lists are equal.
Ends with_itself(const FoldedConnections& group) {
  std::set<EndpointName> ends(group.destinations.begin(), group.destinations.end());
  if (project_of(group.sources.front()) == project_of(group.destinations.front())) {
    ends.insert(group.sources.front());
  }
  return as_vector(ends);
}

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

}  // namespace

std::vector<FoldedConnections> unfolded(const std::vector<Connection>& connections) {
  std::vector<FoldedConnections> result;
  for (const Connection& each : connections) {
    result.push_back({{each.src}, {each.dst}, each.ports, each.partly, each.evidence, 1});
  }
  return result;
}

std::vector<FoldedConnections> fold(const std::vector<Connection>& connections) {
  // The sources of one project, then those of other projects, then the destinations.
  std::vector<FoldedConnections> groups =
      united(by_source(connections), [](const FoldedConnections& group) {
        return std::tuple(project_of(group.sources.front()), with_itself(group), group.ports,
                          group.partly);
      });
  groups = united(std::move(groups), [](const FoldedConnections& group) {
    const std::string source = project_of(group.sources.front());
    const bool inside = source == project_of(group.destinations.front());
    const bool is_project = source.front() > '\2' && !inside;
    return std::tuple(is_project ? "" : source, inside, group.destinations, group.ports,
                      group.partly);
  });
  return united(std::move(groups), [](const FoldedConnections& group) {
    const std::string destination = project_of(group.destinations.front());
    const bool inside = project_of(group.sources.front()) == destination;
    const bool is_project = destination.front() > '\2' && !inside;
    return std::tuple(is_project ? "" : destination, inside, group.sources, group.ports,
                      group.partly);
  });
}

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

std::string connection_lines(const std::vector<Connection>& connections, char sign,
                             const Sources& sources, std::size_t width, bool full) {
  const std::vector<FoldedConnections> rows = full ? unfolded(connections) : fold(connections);
  const std::size_t shown = full ? rows.size() : std::min(rows.size(), kLinesShown);
  std::size_t source_width = 0;
  for (std::size_t i = 0; i < shown; ++i) {
    source_width = std::max(source_width, display_width(describe(rows[i].sources)));
  }
  source_width = std::min(source_width, width / 3);
  std::string result;
  for (std::size_t i = 0; i < shown; ++i) {
    const FoldedConnections& row = rows[i];
    const std::string line = fmt::format(
        "  {} {} → {}   {}{}{}", sign, padded(describe(row.sources), source_width),
        describe(row.destinations), to_string(row.ports),
        row.partly ? "   between some of the pods" : "", by_policy(row.evidence, sources));
    result += wrapped(line, width, 6) + "\n";
  }
  if (shown < rows.size()) {
    std::size_t folded = 0;
    for (std::size_t i = shown; i < rows.size(); ++i) folded += rows[i].count;
    result += fmt::format("    and {} more: --full\n", counted(folded, "connection"));
  }
  return result;
}

}  // namespace meshproof
