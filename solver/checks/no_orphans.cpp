#include "solver/checks/no_orphans.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/mesh/attachment.h"
#include "model/mesh/mesh.h"
#include "solver/checks/lacking.h"
#include "solver/checks/mesh_members.h"
#include "solver/checks/object_witness.h"

namespace meshproof {
namespace {

constexpr std::array kOwnKinds =
    std::to_array<std::string_view>({"RoleBinding", "NetworkPolicy", kAttachment});

/// Kind or `group/Kind`, as the ledger knows it.
std::string part_kind(const std::string& kind) {
  if (kind.find('/') != std::string::npos) return kind;
  return group_and_kind(default_group(kind), kind);
}

/// Whose projects are whose.
class Belonging {
 public:
  explicit Belonging(const Snapshot& snapshot) {
    for (const MeshMembers& mesh : mesh_members(snapshot)) {
      std::set<std::string>& projects = projects_[mesh.mesh];
      for (const NamespaceId ns : mesh.members) projects.insert(snapshot.cluster.at(ns).name);
    }
    for (const Mesh& mesh : find_meshes(snapshot.objects)) {
      if (mesh.has_control_plane) projects_[mesh.ns].insert(mesh.ns);
    }
  }

  [[nodiscard]] bool holds(const std::string& mesh, const std::string& ns) const {
    const auto found = projects_.find(mesh);
    return found != projects_.end() && found->second.contains(ns);
  }

 private:
  std::map<std::string, std::set<std::string>> projects_;
};

/// Those marked by the label: which mesh's each is.
struct Marked {
  const Object* object = nullptr;
  std::string mesh;
};

bool is_meant(const ObjectKey& key, const std::vector<std::string>& kinds) {
  return std::ranges::any_of(kinds, [&](const std::string& kind) {
    return kind == key.kind || kind == group_and_kind(key.group, key.kind);
  });
}

std::vector<Marked> find_marked(const ObjectStore& objects, const std::vector<std::string>& kinds,
                                const std::string& label, std::size_t& looked_at) {
  static constexpr std::array kInMetadata{Outline::Field{"labels"},
                                          Outline::Field{"deletionTimestamp"}};
  static constexpr Outline kMetadata{kInMetadata};
  static constexpr std::array kParts{Outline::Field{"metadata", &kMetadata}};
  static constexpr Outline kOutline{kParts};
  std::vector<Marked> marked;
  for (const Object& object : objects) {
    if (object.key.ns.empty() || !is_meant(object.key, kinds)) continue;
    ++looked_at;
    const std::shared_ptr<const Tree> tree = object.tree.read(&kOutline);
    const Tree* value = tree->find_path({"metadata", "labels", label});
    const bool leaves = tree->find_path({"metadata", "deletionTimestamp"}) != nullptr;
    if (value != nullptr && !value->text.empty() && !leaves) {
      marked.push_back({&object, value->text});
    }
  }
  return marked;
}

/// Who is a member hangs on labels and rolls: without these a violation is none.
Lacking lacking_for_orphans(const std::vector<std::string>& kinds, const Snapshot& snapshot) {
  const GroupResolver groups(snapshot.cluster);
  std::vector<std::string> parts;
  for (const std::string& kind : kinds) parts.push_back(part_kind(kind));
  Lacking lacking = lacking_objects(parts, std::nullopt, snapshot, groups);
  lacking.network =
      lacking_objects({part_kind("ServiceMeshMemberRoll")}, std::nullopt, snapshot, groups).ends;
  return lacking;
}

}  // namespace

Decided check_no_orphans(const JudgedState& state, const Assertion& assertion) {
  const Snapshot& snapshot = state.snapshot();
  std::vector<std::string> kinds = assertion.object_kinds;
  if (kinds.empty()) kinds.assign(kOwnKinds.begin(), kOwnKinds.end());
  const std::string label = assertion.label.empty() ? std::string(kMemberOfLabel) : assertion.label;
  const Belonging belonging(snapshot);
  std::size_t looked_at = 0;
  const std::vector<Marked> marked = find_marked(snapshot.objects, kinds, label, looked_at);
  std::vector<ObjectFault> faults;
  for (const Marked& each : marked) {
    const ObjectKey& key = each.object->key;
    if (belonging.holds(each.mesh, key.ns)) continue;
    faults.push_back({to_string(key),
                      "it carries " + label + ": " + each.mesh + ", and " + key.ns +
                          " is no member of " + each.mesh,
                      "Q7", each.object->place()});
  }
  const Lacking lacking = lacking_for_orphans(kinds, snapshot);
  Finding finding = Holds{Universe::Enumerated,
                          std::to_string(looked_at) + (looked_at == 1 ? " object" : " objects") +
                              " of these kinds, " + std::to_string(marked.size()) +
                              " with the label; objects that are being deleted do not count"};
  if (!faults.empty()) finding = violated_by(faults);
  return {limited(std::move(finding), lacking), {Decider::Objects}};
}

}  // namespace meshproof
