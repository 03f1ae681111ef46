#include "model/mesh/roll_edit.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "model/mesh/mesh.h"

namespace meshproof {
namespace {

Diagnostic problem(std::string code, std::string message, std::string_view option,
                   Place place = {}) {
  return {place, Severity::Error, std::move(code), std::move(message), {}, std::string{option}};
}

std::string name_of(const Mesh& mesh) {
  return mesh.name.empty() ? mesh.ns : mesh.ns + '/' + mesh.name;
}

std::string names_of(const std::vector<Mesh>& meshes) {
  std::string names;
  for (const Mesh& mesh : meshes) {
    if (!names.empty()) names += ", ";
    names += name_of(mesh);
  }
  return names;
}

Result<Mesh> choose_mesh(const std::vector<Mesh>& meshes, const std::string& wanted) {
  if (meshes.empty()) {
    return tl::unexpected(Diagnostics{problem(
        "no-mesh", "the input has no ServiceMeshControlPlane and no member roll to edit", "")});
  }
  if (wanted.empty()) {
    if (meshes.size() == 1) return meshes.front();
    return tl::unexpected(
        Diagnostics{problem("which-mesh",
                            "the input has " + std::to_string(meshes.size()) + " meshes (" +
                                names_of(meshes) + "); --mesh tells which one is meant",
                            "--mesh")});
  }
  const auto found = std::ranges::find_if(
      meshes, [&](const Mesh& mesh) { return wanted == mesh.ns || wanted == name_of(mesh); });
  if (found != meshes.end()) return *found;
  return tl::unexpected(Diagnostics{
      problem("unknown-mesh", "there is no mesh \"" + wanted + "\"; there is " + names_of(meshes),
              "--mesh")});
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

void check_repeated(const std::vector<std::string>& join, const std::vector<std::string>& leave,
                    Diagnostics& problems) {
  std::set<std::string> seen;
  const auto check = [&](const std::vector<std::string>& names, std::string_view option) {
    for (const auto& name : names) {
      if (seen.insert(name).second) continue;
      problems.push_back(problem("repeated-namespace",
                                 "namespace " + name + " is named twice; once is enough", option));
    }
  };
  check(join, "--join");
  check(leave, "--leave");
}

void check_join(const Mesh& mesh, const std::vector<std::string>& join, Diagnostics& problems) {
  for (const auto& name : join) {
    if (name == mesh.ns) {
      problems.push_back(problem(
          "control-plane-namespace",
          "namespace " + name + " holds the control plane, which belongs to its mesh anyway",
          "--join"));
    } else if (contains(mesh.roll_members, name) || contains(mesh.roll_members, "*")) {
      problems.push_back(problem("already-member",
                                 "namespace " + name + " is already on the roll " + mesh.ns +
                                     "/default" +
                                     (contains(mesh.roll_members, name) ? "" : ", which says *"),
                                 "--join", mesh.roll_place));
    }
  }
}

void check_leave(const Mesh& mesh, const std::vector<std::string>& leave, Diagnostics& problems) {
  for (const auto& name : leave) {
    if (contains(mesh.roll_members, name)) continue;
    const bool labelled = contains(mesh.labelled, name);
    problems.push_back(problem(
        "not-a-member",
        "namespace " + name + " is not in spec.members of the roll " + mesh.ns + "/default" +
            (labelled ? "; it is a member by a selector or by its own ServiceMeshMember" : ""),
        "--leave", mesh.roll_place));
  }
}

Edit roll_with(const Mesh& mesh, const std::vector<std::string>& members) {
  Tree spec = Tree::mapping({{"members", Tree::strings(members)}});
  if (mesh.has_roll) {
    return PatchObject{{"maistra.io", "ServiceMeshMemberRoll", mesh.ns, "default", true},
                       Tree::mapping({{"spec", std::move(spec)}})};
  }
  return ApplyObject{Tree::mapping(
      {{"apiVersion", Tree::string("maistra.io/v1")},
       {"kind", Tree::string("ServiceMeshMemberRoll")},
       {"metadata",
        Tree::mapping({{"name", Tree::string("default")}, {"namespace", Tree::string(mesh.ns)}})},
       {"spec", std::move(spec)}})};
}

}  // namespace

Result<Change> edit_roll(const ObjectStore& objects, const std::vector<std::string>& join,
                         const std::vector<std::string>& leave, const std::string& wanted) {
  auto mesh = choose_mesh(find_meshes(objects), wanted);
  if (!mesh) return tl::unexpected(std::move(mesh.error()));
  Diagnostics problems;
  check_repeated(join, leave, problems);
  check_join(*mesh, join, problems);
  check_leave(*mesh, leave, problems);
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  auto members = mesh->roll_members;
  std::erase_if(members, [&](const std::string& name) { return contains(leave, name); });
  members.insert(members.end(), join.begin(), join.end());
  Change change;
  change.phases.push_back({{{roll_with(*mesh, members), mesh->roll_place}}});
  return change;
}

Result<Change> join_change(const ObjectStore& objects, const std::string& mesh,
                           const std::vector<std::string>& namespaces) {
  return edit_roll(objects, namespaces, {}, mesh);
}

Result<Change> leave_change(const ObjectStore& objects, const std::string& mesh,
                            const std::vector<std::string>& namespaces) {
  return edit_roll(objects, {}, namespaces, mesh);
}

}  // namespace meshproof
