#include "scenarios/merge_objects.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "model/parallel.h"

namespace meshproof {
namespace {

constexpr std::string_view kOneByOne = "; give each of them with --cluster NAME=INPUT";

std::string_view uid_of(const Object& object) {
  return object.tree->string_at({"metadata", "uid"});
}

std::string_view version_of(const Object& object) {
  return object.tree->string_at({"metadata", "resourceVersion"});
}

bool is_counter(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Orders counters of any length; leading zeros do not occur.
auto counter_rank(std::string_view text) { return std::pair{text.size(), text}; }

/// Kubernetes' order of versions: the one that objects are written with, then stable before beta
/// before alpha, higher before lower (v2, v1, v1beta2, v1beta1, v1alpha1).
auto api_version_rank(const Object& object) {
  std::string_view version = object.api_version();
  version.remove_prefix(std::min(version.find('/') + 1, version.size()));
  const bool is_alpha = version.find("alpha") != std::string_view::npos;
  const bool is_beta = version.find("beta") != std::string_view::npos;
  const bool is_default = object.api_version() == default_api_version(object.key.kind);
  return std::tuple{is_default, is_alpha ? 0 : is_beta ? 1 : 2, version.size(), version};
}

/// In the order of keys, and of equal keys in that of the input.
bool comes_before(const Object& a, const Object& b) {
  const auto order = a.key <=> b.key;
  return order != 0 ? order < 0 : a.place() < b.place();
}

/// Sorts positions, so that each object is moved once.
std::vector<Object> sorted(std::vector<Object> objects) {
  if (std::ranges::is_sorted(objects, comes_before)) return objects;
  std::vector<std::uint32_t> order(objects.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto middle = order.begin() + static_cast<std::ptrdiff_t>(order.size() / 2);
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    return comes_before(objects[a], objects[b]);
  };
  run_parallel(2, [&](std::size_t half) {
    half == 0 ? std::stable_sort(order.begin(), middle, before)
              : std::stable_sort(middle, order.end(), before);
  });
  std::inplace_merge(order.begin(), middle, order.end(), before);
  std::vector<Object> result;
  result.reserve(objects.size());
  for (const std::uint32_t i : order) result.push_back(std::move(objects[i]));
  return result;
}

class Merge {
 public:
  Merge(std::vector<Object> unsorted, Diagnostics& diagnostics) : diagnostics_(&diagnostics) {
    std::vector<Object> objects = sorted(std::move(unsorted));
    check_cluster_ids(objects);
    auto kept = objects.begin();
    for (Object& object : objects) {
      if (kept != objects.begin() && std::prev(kept)->key == object.key) {
        combine(*std::prev(kept), std::move(object));
      } else if (Object& next = *kept++; &next != &object) {
        next = std::move(object);
      }
    }
    objects.erase(kept, objects.end());
    store_ = ObjectStore{std::move(objects)};
  }

  /// Projects become Namespaces, or add what their Namespaces lack.
  void fold_projects() {
    std::vector<Object> projects;
    for (const Object* project : store_.of_kind("Project")) projects.push_back(*project);
    for (const Object& project : projects) {
      store_.erase(project.key);
      const Object* ns = store_.find("Namespace", "", project.key.name);
      if (ns == nullptr) {
        Tree tree = *project.tree;
        tree.find("apiVersion")->text = "v1";
        tree.find("kind")->text = "Namespace";
        store_.put(make_object(std::move(tree)));
      } else if (!uid_of(*ns).empty() && !uid_of(project).empty() &&
                 uid_of(*ns) != uid_of(project)) {
        refuse_uids(*ns, project);
      } else {
        store_.put(with_labels_of(*ns, project));
      }
    }
  }

  [[nodiscard]] ObjectStore take() {
    tell_twice();
    if (two_clusters_) {
      // Everything differs between two clusters; saying so once is enough.
      std::erase_if(*diagnostics_,
                    [](const Diagnostic& told) { return told.code == "conflicting-objects"; });
    }
    return std::move(store_);
  }

 private:
  void check_cluster_ids(const std::vector<Object>& objects) {
    const Tree* first = nullptr;
    for (const Object& object : objects) {
      if (object.key.kind != "ClusterVersion") continue;
      const Tree* id = object.tree->find_path({"spec", "clusterID"});
      if (id == nullptr || !id->is(TreeKind::String)) continue;
      if (first == nullptr) first = id;
      if (id->text == first->text) continue;
      error(id->place, "two-clusters",
            fmt::format("these files are from two clusters: clusterID {} here, {} there{}",
                        id->text, first->text, kOneByOne),
            first->place, "the other cluster");
      two_clusters_ = true;
      return;
    }
  }

  /// `kept` becomes that of the two which counts.
  void combine(Object& kept, Object object) {
    const std::string_view uid = uid_of(object);
    const std::string_view other_uid = uid_of(kept);
    if (!uid.empty() && !other_uid.empty() && uid != other_uid) return refuse_uids(kept, object);
    if (object.api_version() != kept.api_version()) {
      if (api_version_rank(object) > api_version_rank(kept)) kept = std::move(object);
      return;
    }
    if (*object.tree == *kept.tree) return;
    if (uid.empty() || other_uid.empty()) return refuse_content(kept, object);
    keep_newer(kept, std::move(object));
  }

  /// Two dumps of one cluster share most of their objects.
  void tell_twice() {
    constexpr std::size_t kToldOneByOne = 5;
    sort_diagnostics(twice_);
    if (twice_.size() > kToldOneByOne) {
      twice_.front().message = fmt::format(
          "{} objects were read twice, and of each the newer "
          "counts; this is the first: {}",
          twice_.size(), twice_.front().message);
      twice_.resize(1);
    }
    std::ranges::move(twice_, std::back_inserter(*diagnostics_));
  }

  void error(Place place, std::string code, std::string message, Place other,
             std::string other_message) {
    diagnostics_->push_back({.place = place,
                             .code = std::move(code),
                             .message = std::move(message),
                             .notes = {{other, std::move(other_message)}},
                             .subject = {}});
  }

  void refuse_uids(const Object& first, const Object& second) {
    if (second.key.kind == "Namespace" && second.key.name == "kube-system") {
      two_clusters_ = true;
      return error(second.place(), "two-clusters",
                   fmt::format("these files are from two clusters: kube-system has uid {} here, {} "
                               "there{}",
                               uid_of(second), uid_of(first), kOneByOne),
                   first.place(), "the other cluster");
    }
    error(second.place(), "conflicting-objects",
          fmt::format("{} stands here with uid {}, elsewhere with {}: one was deleted and made "
                      "again between two dumps, or they are of two clusters",
                      to_string(second.key), uid_of(second), uid_of(first)),
          first.place(), "first here");
  }

  void refuse_content(const Object& first, const Object& second) {
    error(second.place(), "conflicting-objects",
          fmt::format("{} stands twice with different content; what a change would write goes to "
                      "--change",
                      to_string(second.key)),
          first.place(), "first here");
  }

  void keep_newer(Object& other, Object object) {
    const std::string_view version = version_of(object);
    const std::string_view other_version = version_of(other);
    if (!version.empty() && version == other_version) return;
    if (!is_counter(version) || !is_counter(other_version)) return refuse_content(other, object);
    const bool is_newer = counter_rank(version) > counter_rank(other_version);
    const Place older = is_newer ? other.place() : object.place();
    const Place newer = is_newer ? object.place() : other.place();
    twice_.push_back(
        {.place = newer,
         .severity = Severity::Note,
         .code = "object-twice",
         .message = fmt::format("{} was read twice; resourceVersion {} is newer than {}",
                                to_string(object.key), is_newer ? version : other_version,
                                is_newer ? other_version : version),
         .notes = {{older, "not this one"}},
         .subject = {}});
    if (is_newer) other = std::move(object);
  }

  static Object with_labels_of(const Object& ns, const Object& project) {
    Tree tree = *ns.tree;
    for (const std::string_view field : {"labels", "annotations"}) {
      const Tree* more = project.tree->find_path({"metadata", field});
      if (more == nullptr) continue;
      Tree& own = tree.mapping_at("metadata").mapping_at(field);
      for (const auto& entry : more->fields) {
        if (own.find(entry.key) == nullptr) own.fields.push_back(entry);
      }
    }
    return make_object(std::move(tree));
  }

  Diagnostics* diagnostics_;
  Diagnostics twice_;  ///< objects of which another state was read, too
  ObjectStore store_;
  bool two_clusters_ = false;
};

}  // namespace

ObjectStore merge_objects(std::vector<Object> objects, Diagnostics& diagnostics) {
  Merge merge{std::move(objects), diagnostics};
  merge.fold_projects();
  return merge.take();
}

}  // namespace meshproof
