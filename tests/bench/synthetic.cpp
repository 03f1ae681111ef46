#include "tests/bench/synthetic.h"

#include <map>
#include <memory>
#include <tuple>

#include <malloc.h>

#include "model/project.h"
#include "scenarios/generate.h"

namespace meshproof {
namespace {

using Key = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>;

Key key_of(const Scale& scale) { return {scale.namespaces, scale.pods, scale.policies}; }

ClusterShape shape_of(const Scale& scale) {
  ClusterShape shape;
  shape.namespaces = scale.namespaces;
  shape.pods = scale.pods;
  shape.policies = scale.policies;
  shape.members = 100;
  return shape;
}

}  // namespace

const Cluster& synthetic_cluster(const Scale& scale, Dialect dialect) {
  static std::map<std::pair<Key, Dialect>, std::unique_ptr<const Cluster>> made;
  std::unique_ptr<const Cluster>& cluster = made[{key_of(scale), dialect}];
  if (cluster) return *cluster;
  ClusterShape shape = shape_of(scale);
  shape.lean = true;
  Diagnostics diagnostics;
  NetworkOptions network;
  network.dialect = dialect;
  cluster = std::make_unique<const Cluster>(project(generate_objects(shape), network, diagnostics));
  return *cluster;
}

const std::string& synthetic_json(const Scale& scale) {
  static std::map<Key, std::string> made;
  std::string& text = made[key_of(scale)];
  if (!text.empty()) return text;
  static_cast<void>(generate_list(shape_of(scale), [&](std::string_view piece) {
    text += piece;
    return true;
  }));
  return text;
}

SyntheticChange synthetic_join(const Cluster& before, std::size_t count) {
  SyntheticChange change{before, {}};
  const Symbol member_of = before.symbols.find("maistra.io/member-of");
  const auto is_member = [&](const Namespace& ns) { return ns.labels.find(member_of).is_valid(); };
  Symbol mesh;
  for (const Namespace& ns : before.namespaces) {
    if (is_member(ns)) mesh = ns.labels.find(member_of);
  }
  for (std::uint32_t i = 0; i < before.namespaces.size(); ++i) {
    Namespace& ns = change.after.namespaces[i];
    if (change.namespaces.size() == count || is_member(ns) || ns.policies.empty()) continue;
    ns.labels.set(member_of, mesh);
    ns.policies.pop_back();
    change.namespaces.push_back({i});
  }
  return change;
}

double bytes_in_use() { return static_cast<double>(mallinfo2().uordblks + mallinfo2().hblkhd); }

}  // namespace meshproof
