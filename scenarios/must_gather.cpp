#include "scenarios/must_gather.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>
#include <utility>

namespace meshproof {
namespace {

constexpr std::string_view kNamespaces = "namespaces";
constexpr std::string_view kClusterScoped = "cluster-scoped-resources";
constexpr std::string_view kCoreGroup = "core";
constexpr std::string_view kPods = "pods";

/// Never read: events decide nothing and are many, Secrets are nobody's business.
constexpr std::array<std::string_view, 2> kLeftOut{"events", "secrets"};

struct Component {
  std::string_view name;
  std::size_t start = 0;  ///< in the path
};

std::vector<Component> components_of(std::string_view path) {
  std::vector<Component> components;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    if (end > start) components.push_back({path.substr(start, end - start), start});
    start = end + 1;
  }
  return components;
}

std::string_view without_extension(std::string_view name) {
  return name.substr(0, name.rfind('.'));
}

/// Groups of the API have a dot in their name, but for a few old ones.
bool is_group_folder(std::string_view folder) {
  constexpr std::array<std::string_view, 6> kWithoutDot{kCoreGroup, "apps",       "autoscaling",
                                                        "batch",    "extensions", "policy"};
  return folder.find('.') != std::string_view::npos ||
         std::ranges::find(kWithoutDot, folder) != kWithoutDot.end();
}

std::string group_of_folder(std::string_view folder) {
  return folder == kCoreGroup ? "" : std::string{folder};
}

/// What follows a namespace, or `cluster-scoped-resources`: `GROUP/RESOURCE.yaml` or
/// `GROUP/RESOURCE/NAME.yaml`.
bool read_resource(std::span<const Component> below, GatheredPath& path) {
  if (below.size() != 2 && below.size() != 3) return false;
  if (!is_group_folder(below[0].name)) return false;
  path.group = group_of_folder(below[0].name);
  path.is_list = below.size() == 2;
  path.resource = path.is_list ? without_extension(below[1].name) : below[1].name;
  if (!path.is_list) path.name = without_extension(below[2].name);
  return true;
}

/// What follows `namespaces`: besides resources `NS/NS.yaml` and `NS/pods/POD/POD.yaml`.
bool read_namespaced(std::span<const Component> below, GatheredPath& path) {
  path.ns = below[0].name;
  const auto inside = below.subspan(1);
  if (inside[0].name != kPods && inside.size() != 1) return read_resource(inside, path);
  path.name = without_extension(inside.back().name);
  if (inside.size() == 1) return path.name == path.ns;
  path.resource = kPods;
  return inside.size() == 3 && path.name == inside[1].name;
}

/// A folder in which objects were gathered, while it is not yet known to be one.
struct Candidate {
  bool has_cluster_scoped = false;
  std::set<std::string> namespaces;  ///< that have their own object
  std::set<std::string> core_lists;  ///< namespaces with a list of the core group
  std::set<std::string> pod_lists;   ///< namespaces with a list of pods

  void add(const GatheredPath& path) {
    if (path.ns.empty()) {
      has_cluster_scoped = true;
    } else if (path.resource.empty()) {
      namespaces.insert(path.ns);
    } else if (path.is_list && path.group.empty()) {
      core_lists.insert(path.ns);
      if (path.resource == kPods) pod_lists.insert(path.ns);
    }
  }

  [[nodiscard]] bool is_must_gather() const {
    return has_cluster_scoped || std::ranges::any_of(core_lists, [&](const std::string& ns) {
             return namespaces.contains(ns);
           });
  }

  [[nodiscard]] bool wants(const GatheredPath& path) const {
    if (std::ranges::find(kLeftOut, path.resource) != kLeftOut.end()) return false;
    const bool is_single_pod = path.resource == kPods && path.group.empty() && !path.is_list;
    return !is_single_pod || !pod_lists.contains(path.ns);
  }
};

}  // namespace

std::optional<GatheredPath> gathered_path(std::string_view path) {
  const std::vector<Component> components = components_of(path);
  // The last one counts: what is gathered into `namespaces/all` is a tree of its own.
  for (std::size_t i = components.size(); i-- > 0;) {
    const auto below = std::span{components}.subspan(i + 1);
    GatheredPath found;
    found.root = path.substr(0, components[i].start);
    if (components[i].name == kClusterScoped && read_resource(below, found)) return found;
    if (components[i].name == kNamespaces && below.size() >= 2 && read_namespaced(below, found)) {
      return found;
    }
  }
  return std::nullopt;
}

TreeSelection select_files(const std::vector<std::string>& paths) {
  std::vector<TreeFile> files;
  std::map<std::string, Candidate> candidates;
  for (const std::string& path : paths) {
    std::optional<GatheredPath> gathered = gathered_path(path);
    if (gathered) candidates[gathered->root].add(*gathered);
    files.push_back({path, std::move(gathered)});
  }
  std::erase_if(candidates, [](const auto& each) { return !each.second.is_must_gather(); });
  TreeSelection selection;
  for (const auto& [root, candidate] : candidates) selection.roots.push_back(root);
  for (TreeFile& file : files) {
    if (file.gathered && !candidates.contains(file.gathered->root)) file.gathered.reset();
    const bool is_inside = std::ranges::any_of(
        selection.roots, [&](const std::string& root) { return file.path.starts_with(root); });
    const bool is_wanted =
        file.gathered ? candidates.at(file.gathered->root).wants(*file.gathered) : !is_inside;
    if (is_wanted) {
      selection.files.push_back(std::move(file));
    } else {
      ++selection.left_out;
    }
  }
  return selection;
}

}  // namespace meshproof
