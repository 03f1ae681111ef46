#include "backends/apply/live_state.h"

#include <algorithm>
#include <map>
#include <utility>

#include "backends/sha256.h"

namespace meshproof {
namespace {

/// More namespaces than this are watched as all of them.
constexpr std::size_t kMostNamespaces = 8;

template <typename Visit>
void each_write(const Execution& execution, const Visit& visit) {
  for (const auto* stages : {&execution.stages, &execution.rollback}) {
    for (const ExecutionStage& stage : *stages) {
      for (const PlannedWrite& write : stage.writes) visit(write);
    }
  }
}

/// Which namespace an object belongs to or stands for.
const std::string& project_of(const ObjectKey& key) {
  const bool stands_for_project = key.kind == "Namespace" || key.kind == "NetNamespace";
  return stands_for_project ? key.name : key.ns;
}

/// No set is every namespace.
bool is_in(const std::optional<std::set<std::string>>& projects, const std::string& ns) {
  return !projects || projects->contains(ns);
}

}  // namespace

std::vector<Collection> watched_collections(const Execution& execution) {
  std::set<Collection> collections;
  for (const std::string& kind : execution.basis_kinds) {
    collections.insert({std::string(default_api_version(kind)), kind, {}});
  }
  std::map<std::pair<std::string, std::string>, std::set<std::string>> others;
  each_write(execution, [&](const PlannedWrite& write) {
    const Collection whole{write.api_version, write.key.kind, {}};
    if (!collections.contains(whole)) {
      others[{write.api_version, write.key.kind}].insert(write.key.ns);
    }
  });
  for (const auto& [kind, namespaces] : others) {
    if (namespaces.size() > kMostNamespaces) {
      collections.insert({kind.first, kind.second, {}});
    } else {
      for (const std::string& ns : namespaces) collections.insert({kind.first, kind.second, ns});
    }
  }
  return {collections.begin(), collections.end()};
}

Answer<LiveState> LiveState::open(LiveCluster& cluster, const Execution& execution) {
  const Answer<Served> served = cluster.served();
  if (!served) return tl::make_unexpected(served.error());
  std::vector<Collection> collections = watched_collections(execution);
  std::erase_if(collections, [&](const Collection& collection) {
    const std::string_view group = group_of(collection.api_version);
    return served->find(group, collection.kind) == nullptr && !served->silent.contains(group);
  });
  Answer<std::unique_ptr<Observation>> observation = cluster.observe(std::move(collections));
  if (!observation) return tl::make_unexpected(std::move(observation.error()));
  return LiveState(std::move(*observation));
}

std::set<ObjectKey> touched_keys(const Execution& execution) {
  std::set<ObjectKey> keys;
  each_write(execution, [&](const PlannedWrite& write) { keys.insert(write.key); });
  return keys;
}

std::set<std::string> touched_projects(const Execution& execution) {
  std::set<std::string> projects;
  each_write(execution, [&](const PlannedWrite& write) { projects.insert(project_of(write.key)); });
  for (const ExecutionStage& stage : execution.stages) {
    for (const MemberEffect& member : stage.members) projects.insert(member.mesh);
  }
  return projects;
}

std::vector<BasisChange> basis_changes(const Execution& execution, const LiveObjects& live,
                                       const BasisQuestion& question) {
  std::set<ObjectKey> touched;
  if (!question.touched_too) touched = touched_keys(execution);
  const auto counts = [&](const ObjectKey& key) {
    return !touched.contains(key) && is_in(question.projects, project_of(key));
  };
  std::map<ObjectKey, BasisChange::Kind> changes;
  std::set<ObjectKey> known;
  for (const BasisObject& object : execution.basis) {
    known.insert(object.key);
    if (!counts(object.key)) continue;
    const auto now = live.find(object.key);
    if (now == live.end()) {
      changes[object.key] = BasisChange::Kind::Vanished;
    } else if (sha256(basis_text(now->second)) != object.digest) {
      changes[object.key] = BasisChange::Kind::Changed;
    }
  }
  for (const auto& [key, object] : live) {
    const bool is_new = is_basis_kind(key) && !known.contains(key) && counts(key);
    const bool is_known_kind =
        std::ranges::find(execution.basis_kinds, key.kind) != execution.basis_kinds.end();
    if (is_new && is_known_kind) changes[key] = BasisChange::Kind::Appeared;
  }
  std::vector<BasisChange> result;
  for (const auto& [key, kind] : changes) result.push_back({kind, key});
  return result;
}

}  // namespace meshproof
