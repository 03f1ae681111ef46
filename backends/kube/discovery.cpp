#include "backends/kube/discovery.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "backends/kube/status.h"

namespace meshproof::kube {
namespace {

constexpr std::string_view kAggregated =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

constexpr std::chrono::seconds kPatienceWithOneGroup{5};

const Tree kNothing = Tree::sequence();

/// The items of a list; none if there is no list.
const std::vector<Tree>& items_at(const Tree& tree, std::string_view key) {
  const Tree* list = tree.find(key);
  return list == nullptr ? kNothing.items : list->items;
}

bool has_verb(const Tree& resource, std::string_view verb) {
  return std::ranges::any_of(items_at(resource, "verbs"),
                             [&](const Tree& each) { return each.text == verb; });
}

std::string joined(std::string_view group, std::string_view version) {
  return group.empty() ? std::string{version} : fmt::format("{}/{}", group, version);
}

std::string path_of(std::string_view api_version) {
  const bool is_core = api_version.find('/') == std::string_view::npos;
  return fmt::format("/{}/{}", is_core ? "api" : "apis", api_version);
}

}  // namespace

Answer<Resource> Discovery::find(std::string_view api_version, std::string_view kind) {
  const bool was_loaded = is_loaded_;
  if (auto loaded = load(); !loaded) return tl::unexpected(loaded.error());
  if (const Resource* found = look_up(api_version, kind)) return *found;
  if (was_loaded) {
    is_loaded_ = false;
    if (auto loaded = load(); !loaded) return tl::unexpected(loaded.error());
    if (const Resource* found = look_up(api_version, kind)) return *found;
  }
  if (const auto silent = silent_.find(api_version); silent != silent_.end()) {
    return tl::unexpected(silent->second);
  }
  return tl::unexpected(
      ClusterError{Refusal::NotServed, 404, fmt::format("{} {} is not served", api_version, kind)});
}

Answer<Served> Discovery::served() {
  if (auto loaded = load(); !loaded) return tl::unexpected(loaded.error());
  Served served;
  for (auto& [group, versions] : groups_) {
    std::map<std::string, ServedKind> of_group;
    for (GroupVersion& version : versions) {
      ask(version);
      for (const Resource& resource : version.resources) {
        if (resource.is_listed) of_group.emplace(resource.kind.kind, resource.kind);
      }
    }
    for (auto& [name, kind] : of_group) served.kinds.push_back(std::move(kind));
  }
  for (const auto& [api_version, error] : silent_) {
    served.silent.emplace(group_of(api_version), error);
  }
  return served;
}

Answer<void> Discovery::load() {
  if (is_loaded_) return {};
  groups_.clear();
  silent_.clear();
  for (const std::string_view path : {"/api", "/apis"}) {
    if (auto loaded = load_groups(path); !loaded) return loaded;
  }
  is_loaded_ = true;
  return {};
}

Answer<void> Discovery::load_groups(std::string_view path) {
  HttpRequest request;
  request.path = path;
  request.accept = kAggregated;
  const auto tree = object_of(client_->read(request));
  if (!tree) return tl::unexpected(tree.error());
  const std::string_view kind = tree->string_at({"kind"});
  if (kind == "APIGroupDiscoveryList") {
    add_aggregated(*tree);
  } else if (kind == "APIGroupList") {
    add_groups(*tree);
  } else if (kind == "APIVersions") {
    add_core(*tree);
  } else {
    return tl::unexpected(ClusterError{
        Refusal::Failed, 200, fmt::format("{} is not answered as an API server does", path)});
  }
  return {};
}

void Discovery::add_aggregated(const Tree& groups) {
  for (const Tree& group : items_at(groups, "items")) {
    const std::string name{group.string_at({"metadata", "name"})};
    for (const Tree& version : items_at(group, "versions")) {
      GroupVersion read{joined(name, version.string_at({"version"})), {}};
      for (const Tree& resource : items_at(version, "resources")) {
        const std::string_view kind = resource.string_at({"responseKind", "kind"});
        if (kind.empty()) continue;
        read.resources.push_back(
            {{read.api_version, std::string{kind}, std::string{resource.string_at({"resource"})},
              resource.string_at({"scope"}) == "Namespaced"},
             has_verb(resource, "list")});
      }
      // The server has not heard of it for a while: an APIService that may be down.
      if (version.string_at({"freshness"}) == "Stale") {
        silent_.emplace(read.api_version, ClusterError{Refusal::Failed, 503,
                                                       fmt::format("the server of {} is not "
                                                                   "available",
                                                                   read.api_version)});
      }
      groups_[name].push_back(std::move(read));
    }
  }
}

void Discovery::add_groups(const Tree& groups) {
  for (const Tree& group : items_at(groups, "groups")) {
    const std::string name{group.string_at({"name"})};
    const std::string_view preferred = group.string_at({"preferredVersion", "groupVersion"});
    std::vector<GroupVersion>& versions = groups_[name];
    for (const Tree& version : items_at(group, "versions")) {
      GroupVersion read{std::string{version.string_at({"groupVersion"})}, {}, false};
      const bool is_first = read.api_version == preferred;
      versions.insert(is_first ? versions.begin() : versions.end(), std::move(read));
    }
  }
}

void Discovery::add_core(const Tree& versions) {
  for (const Tree& version : items_at(versions, "versions")) {
    groups_[""].push_back({version.text, {}, false});
  }
}

void Discovery::ask(GroupVersion& version) {
  if (version.is_asked) return;
  HttpRequest request;
  request.path = path_of(version.api_version);
  // An aggregated API whose server is down answers 503; the others are there nevertheless, and
  // shall not be kept waiting for long.
  PatienceLimits limits = client_->limits();
  limits.at_most = std::min<std::chrono::milliseconds>(limits.at_most, kPatienceWithOneGroup);
  const auto tree = object_of(client_->read(request, limits));
  version.is_asked = tree || !tree.error().is_passing();
  if (!tree) {
    silent_.insert_or_assign(version.api_version, tree.error());
    return;
  }
  silent_.erase(version.api_version);
  for (const Tree& resource : items_at(*tree, "resources")) {
    const std::string_view plural = resource.string_at({"name"});
    if (plural.find('/') != std::string_view::npos) continue;
    version.resources.push_back(
        {{version.api_version, std::string{resource.string_at({"kind"})}, std::string{plural},
          resource.boolean_at({"namespaced"}).value_or(false)},
         has_verb(resource, "list")});
  }
}

const Resource* Discovery::look_up(std::string_view api_version, std::string_view kind) {
  const auto group = groups_.find(group_of(api_version));
  if (group == groups_.end()) return nullptr;
  for (GroupVersion& version : group->second) {
    if (version.api_version != api_version) continue;
    ask(version);
    // What can be listed first: a kind may also be that of a mere request.
    const Resource* found = nullptr;
    for (const Resource& resource : version.resources) {
      if (resource.kind.kind != kind) continue;
      if (resource.is_listed) return &resource;
      if (found == nullptr) found = &resource;
    }
    return found;
  }
  return nullptr;
}

}  // namespace meshproof::kube
