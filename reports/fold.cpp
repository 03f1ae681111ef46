#include "reports/fold.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

namespace meshproof {
namespace {

using Ids = std::vector<EndId>;
using Project = std::uint32_t;

/// Ends of different families never stand in one group: addresses, nodes, and workloads.
constexpr Project kAddresses = 0;
constexpr Project kNodes = 1;
constexpr Project kSomeProject = 2;

/// The project of each end, in the order of the ends.
std::vector<Project> projects_of(const std::vector<EndpointName>& ends) {
  std::vector<Project> projects;
  Project last = kNodes;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const bool is_workload = ends[i].cidr.empty() && !ends[i].ns.empty();
    if (is_workload && (last == kNodes || ends[i].ns != ends[i - 1].ns)) ++last;
    projects.push_back(is_workload ? last : ends[i].cidr.empty() ? kNodes : kAddresses);
  }
  return projects;
}

struct Row {
  Ids sources;
  Ids destinations;
  Ids themselves;
  std::uint32_t ports = 0;  ///< their place among all, in order
  bool partly = false;
  /// Of one project with itself; there alone each source's own destinations lack itself.
  bool is_inside = false;
  Project project = 0;  ///< if it is inside; else the family of the sources
  std::uint64_t count = 0;
};

/// Each once, in order.
void normalise(Ids& ids) {
  std::ranges::sort(ids);
  const auto repeated = std::ranges::unique(ids);
  ids.erase(repeated.begin(), repeated.end());
}

/// In no order, and perhaps twice: very many may be added to one.
void append(Ids& to, const Ids& from) {
  if (to != from) to.insert(to.end(), from.begin(), from.end());
}

/// Unites rows of equal keys.
template <typename KeyOf>
std::vector<Row> united(std::vector<Row> rows, KeyOf key_of) {
  std::map<decltype(key_of(rows.front())), std::size_t> first;
  std::vector<Row> result;
  for (Row& row : rows) {
    const auto [at, is_new] = first.try_emplace(key_of(row), result.size());
    if (is_new) {
      result.push_back(std::move(row));
      continue;
    }
    Row& known = result[at->second];
    known.count += row.count;
    append(known.sources, row.sources);
    append(known.destinations, row.destinations);
    append(known.themselves, row.themselves);
  }
  for (Row& row : result) {
    normalise(row.sources);
    normalise(row.destinations);
    normalise(row.themselves);
  }
  return result;
}

class Folding {
 public:
  explicit Folding(const ChangedConnections& connections)
      : connections_(connections), projects_(projects_of(connections.ends)) {
    for (const ConnectionGroup& group : connections.groups) ports_.try_emplace(group.ports, 0);
    std::uint32_t place = 0;
    for (auto& [ports, number] : ports_) number = place++;
  }

  [[nodiscard]] std::vector<FoldedConnections> run();

 private:
  using Places = std::vector<std::uint32_t>;

  void find_alike();
  void add_rows(const Ids& sources, const Places& groups);
  void add_rows(const Ids& sources, const Ids& destinations, const Row& like,
                bool reach_themselves);
  void add_inside(EndId source, const Ids& destinations, Row row, bool reaches_itself);
  [[nodiscard]] Project of(EndId end) const { return projects_[end.value]; }
  [[nodiscard]] std::vector<EndpointName> names(const Ids& ids) const;
  [[nodiscard]] std::tuple<EndId, Project, std::uint32_t, bool> order_of(const Row& row) const {
    return {row.sources.front(), of(row.destinations.front()), row.ports, row.partly};
  }

  const ChangedConnections& connections_;
  std::vector<Project> projects_;
  std::map<PortSet, std::uint32_t> ports_;
  std::vector<Row> rows_;
};

/// Sources of the same groups have the same destinations.
void Folding::find_alike() {
  const auto& groups = connections_.groups;
  std::map<Ids, Places> by_sources;
  for (std::uint32_t i = 0; i < groups.size(); ++i) by_sources[groups[i].sources].push_back(i);
  std::vector<Places> sets_of(connections_.ends.size());  // which of those each end is in
  std::vector<const Places*> sets;
  for (const auto& [sources, numbers] : by_sources) {
    for (const EndId src : sources) {
      sets_of[src.value].push_back(static_cast<std::uint32_t>(sets.size()));
    }
    sets.push_back(&numbers);
  }
  std::map<Places, Ids> alike;
  for (std::uint32_t i = 0; i < sets_of.size(); ++i) {
    if (!sets_of[i].empty()) alike[std::move(sets_of[i])].push_back({i});
  }
  for (const auto& [places, sources] : alike) {
    Places numbers;
    for (const std::uint32_t set : places) {
      numbers.insert(numbers.end(), sets[set]->begin(), sets[set]->end());
    }
    add_rows(sources, numbers);
  }
}

void Folding::add_rows(const Ids& sources, const Places& groups) {
  struct Found {
    Ids destinations;
    bool reach_themselves = false;
  };
  std::map<std::pair<std::uint32_t, bool>, Found> by_ports;
  for (const std::uint32_t number : groups) {
    const ConnectionGroup& group = connections_.groups[number];
    Found& found = by_ports[{ports_.at(group.ports), group.partly}];
    found.destinations.insert(found.destinations.end(), group.destinations.begin(),
                              group.destinations.end());
    found.reach_themselves = found.reach_themselves || group.is_itself();
  }
  for (auto& [key, found] : by_ports) {
    normalise(found.destinations);
    Row like;
    std::tie(like.ports, like.partly) = key;
    for (auto at = found.destinations.begin(); at != found.destinations.end();) {
      const auto end = std::find_if(at, found.destinations.end(),
                                    [&, first = *at](EndId id) { return of(id) != of(first); });
      add_rows(sources, {at, end}, like, found.reach_themselves);
      at = end;
    }
  }
}

/// Of destinations of one project.
void Folding::add_rows(const Ids& sources, const Ids& destinations, const Row& like,
                       bool reach_themselves) {
  const Project project = of(destinations.front());
  std::map<Project, Ids> by_family;
  for (const EndId src : sources) {
    if (of(src) == project) {
      add_inside(src, destinations, like, reach_themselves);
    } else {
      by_family[std::min(of(src), kSomeProject)].push_back(src);
    }
  }
  for (auto& [family, members] : by_family) {
    Row row = like;
    row.project = family;
    row.count = std::uint64_t{members.size()} * destinations.size();
    row.sources = std::move(members);
    row.destinations = destinations;
    rows_.push_back(std::move(row));
  }
}

void Folding::add_inside(EndId source, const Ids& destinations, Row row, bool reaches_itself) {
  row.is_inside = true;
  row.project = of(source);
  row.sources = {source};
  row.destinations = destinations;
  if (reaches_itself) {
    row.themselves = {source};
  } else {
    std::erase(row.destinations, source);
  }
  row.count = row.destinations.size();
  if (row.count > 0) rows_.push_back(std::move(row));
}

std::vector<EndpointName> Folding::names(const Ids& ids) const {
  std::vector<EndpointName> result;
  for (const EndId id : ids) result.push_back(connections_.at(id));
  return result;
}

std::vector<FoldedConnections> Folding::run() {
  find_alike();
  // In order of the sources, so that the first of those that are united comes first.
  std::ranges::sort(rows_, {}, [this](const Row& row) { return order_of(row); });
  // In a group of workloads that all reach one another, each one's destinations lack itself; with
  // it they are equal.
  rows_ = united(std::move(rows_), [](const Row& row) {
    Ids destinations = row.destinations;
    if (row.is_inside) append(destinations, row.sources);
    normalise(destinations);
    return std::tuple(row.project, row.is_inside, std::move(destinations), row.ports, row.partly);
  });
  rows_ = united(std::move(rows_), [](const Row& row) {
    return std::tuple(row.project, row.is_inside, row.destinations, row.ports, row.partly);
  });
  rows_ = united(std::move(rows_), [this](const Row& row) {
    const Project project = of(row.destinations.front());
    return std::tuple(row.is_inside ? project : std::min(project, kSomeProject), row.is_inside,
                      row.sources, row.ports, row.partly);
  });
  std::ranges::sort(rows_, {}, [this](const Row& row) { return order_of(row); });
  std::vector<const PortSet*> ports;
  for (const auto& [each, place] : ports_) ports.push_back(&each);
  std::vector<FoldedConnections> result;
  for (const Row& row : rows_) {
    result.push_back({names(row.sources), names(row.destinations), names(row.themselves),
                      *ports[row.ports], row.partly, row.count});
  }
  return result;
}

}  // namespace

void FoldedConnections::for_each(const std::function<bool(const Connection&)>& take) const {
  for (const EndpointName& src : sources) {
    for (const EndpointName& dst : destinations) {
      if (src == dst && !std::ranges::binary_search(themselves, src)) continue;
      if (!take({src, dst, ports, {}, partly})) return;
    }
  }
}

std::vector<FoldedConnections> fold(const ChangedConnections& connections) {
  return Folding(connections).run();
}

std::vector<FoldedConnections> fold(const std::vector<Connection>& connections) {
  return fold(as_groups(connections));
}

FoldedConnections unfolded(const Connection& connection) {
  FoldedConnections row{{connection.src}, {connection.dst},  {},
                        connection.ports, connection.partly, 1};
  if (connection.src == connection.dst) row.themselves = row.sources;
  return row;
}

std::vector<FoldedConnections> unfolded(const std::vector<Connection>& connections) {
  std::vector<FoldedConnections> result;
  for (const Connection& each : connections) result.push_back(unfolded(each));
  return result;
}

}  // namespace meshproof
