#include "scenarios/gathered_listings.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "scenarios/kinds.h"
#include "scenarios/listings.h"

namespace meshproof {
namespace {

struct ResourceRow {
  std::string_view group;
  std::string_view resource;
  std::string_view kind;
};

/// Gathered object by object, but always all of them. Not the NetNamespaces: single ones are
/// gathered because the network operator made them.
constexpr std::array kGatheredWhole = std::to_array<ResourceRow>({
    {"", "nodes", "Node"},
    {"network.openshift.io", "clusternetworks", "ClusterNetwork"},
    {"network.openshift.io", "hostsubnets", "HostSubnet"},
});

constexpr std::string_view kMeshGroup = "maistra.io";
/// The mesh's collector gathers its CustomResourceDefinitions and all objects of them.
constexpr std::array kMeshKinds = std::to_array<ResourceRow>({
    {kMeshGroup, "servicemeshcontrolplanes", "ServiceMeshControlPlane"},
    {kMeshGroup, "servicemeshmemberrolls", "ServiceMeshMemberRoll"},
    {kMeshGroup, "servicemeshmembers", "ServiceMeshMember"},
});

constexpr std::string_view kNotCollected = "known, but nothing in it was collected";

std::size_t count_of(const ObjectStore& objects, std::string_view kind) {
  return objects.of_kind(kind).size();
}

/// True for the folder of a collector's image, `IMAGE-sha256…/`. Who runs `oc adm inspect` by hand
/// may ask for one node, or for the definition of a kind without its objects.
bool is_image_folder(std::string_view root) {
  root = root.substr(0, root.find_last_not_of('/') + 1);
  return root.substr(root.rfind('/') + 1).find("sha256-") != std::string_view::npos;
}

/// What the files of all must-gathers say together.
struct Gathered {
  using InRoot = std::set<std::pair<std::string, std::string>>;

  InRoot definitions;            ///< roots with the names of CustomResourceDefinitions
  InRoot groups;                 ///< roots with the groups of objects in namespaces
  std::set<std::string> opened;  ///< namespaces with a list of what is in them
  std::set<std::string> named;   ///< all namespaces
  std::map<std::string_view, std::size_t> whole_kinds;  ///< with their origins

  void add(const GatheredFile& file) {
    const GatheredPath& path = file.path;
    if (!path.ns.empty()) {
      named.insert(path.ns);
      groups.emplace(path.root, path.group);
      if (path.is_list) opened.insert(path.ns);
      return;
    }
    if (!is_image_folder(path.root)) return;
    if (path.resource == "customresourcedefinitions") definitions.emplace(path.root, path.name);
    const auto* row = std::ranges::find_if(kGatheredWhole, [&](const ResourceRow& each) {
      return each.group == path.group && each.resource == path.resource;
    });
    if (row != kGatheredWhole.end()) whole_kinds.emplace(row->kind, file.origin);
  }

  /// The mesh's collector ran: it gathered the definition and some object of the group.
  [[nodiscard]] bool has_all_of(const ResourceRow& row) const {
    const std::string definition = std::string{row.resource} + '.' + std::string{row.group};
    return std::ranges::any_of(definitions, [&](const auto& each) {
      return each.second == definition && groups.contains({each.first, std::string{row.group}});
    });
  }
};

void add_listed(std::string_view kind, std::size_t origin, const ObjectStore& objects,
                Coverage& coverage) {
  coverage.add({group_and_kind(default_group(kind), kind), {}},
               {.objects = count_of(objects, kind), .reason = {}, .origin = origin});
}

}  // namespace

std::vector<std::pair<Part, Listing>> listings_of_gathered(const GatheredPath& path,
                                                           const Tree& list,
                                                           std::string_view item_kind,
                                                           const ListItems& items) {
  std::map<std::string, std::size_t> counts;
  const std::string kind{item_kind.empty() ? kind_of_resource(path.resource) : item_kind};
  if (!item_kind.empty() || items.count() == 0) {
    const std::string_view group =
        item_kind.empty() ? std::string_view{path.group} : group_of(list.string_at({"apiVersion"}));
    counts[group_and_kind(group, kind)] = items.count();
  } else {
    for (const auto& [key, count] : items.parts()) {
      counts[group_and_kind(std::get<0>(key), std::get<1>(key))] += count;
    }
  }
  std::vector<std::pair<Part, Listing>> listings;
  for (const auto& [each, count] : counts) {
    listings.push_back({{each, path.ns}, {.objects = count, .reason = {}}});
  }
  return listings;
}

void add_gathered(const std::vector<GatheredFile>& files, const ObjectStore& objects,
                  Coverage& coverage) {
  if (files.empty()) return;
  Gathered gathered;
  for (const GatheredFile& file : files) {
    gathered.add(file);
    coverage.origins.at(file.origin).form = OriginForm::MustGather;
  }
  for (const auto& [kind, origin] : gathered.whole_kinds) {
    add_listed(kind, origin, objects, coverage);
  }
  for (const ResourceRow& row : kMeshKinds) {
    if (gathered.has_all_of(row)) add_listed(row.kind, files.front().origin, objects, coverage);
  }
  for (const Object* ns : objects.of_kind("Namespace")) gathered.named.insert(ns->key.name);
  for (const std::string& ns : gathered.named) {
    if (gathered.opened.contains(ns)) continue;
    coverage.add({{}, ns}, {.collected = Collected::Never,
                            .objects = 0,
                            .reason = std::string{kNotCollected},
                            .origin = files.front().origin});
  }
}

PlainList plain_list(const ListItems& items, std::size_t origin) {
  PlainList result{{}, origin};
  for (const auto& [key, count] : items.parts()) {
    const auto& [group, kind, ns] = key;
    // Whoever wrote a namespaced object without its namespace did not get it from an API server.
    if (kind.empty() || (ns.empty() && scope_of(group, kind) != Scope::Cluster)) continue;
    result.parts[{group_and_kind(group, kind), ns}] += count;
  }
  return result;
}

void add_assumed_lists(const std::vector<PlainList>& lists, Coverage& coverage) {
  for (const PlainList& list : lists) {
    std::set<std::string_view> namespaces;
    for (const auto& [part, count] : list.parts) {
      if (!part.ns.empty()) namespaces.insert(part.ns);
    }
    const bool is_everywhere = namespaces.size() > 1;
    for (const auto& [part, count] : list.parts) {
      coverage.add(
          {part.kind, is_everywhere ? std::string{} : part.ns},
          {.collected = Collected::Assumed, .objects = count, .reason = {}, .origin = list.origin});
    }
  }
}

}  // namespace meshproof
