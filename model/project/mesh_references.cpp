#include "model/project/mesh_references.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace meshproof {
namespace {

void warn(Diagnostics& diagnostics, Place place, std::string code, std::string message,
          std::vector<DiagnosticNote> notes = {}) {
  diagnostics.push_back(
      {place, Severity::Warning, std::move(code), std::move(message), std::move(notes), ""});
}

void check_planes(const ObjectStore& objects, Diagnostics& diagnostics) {
  const Object* previous = nullptr;
  for (const Object* plane : objects.of_kind("ServiceMeshControlPlane")) {
    if (previous != nullptr && previous->key.ns == plane->key.ns) {
      warn(diagnostics, plane->place(), "two-control-planes",
           "project " + plane->key.ns + " has two control planes, " + previous->key.name + " and " +
               plane->key.name + ": admission allows one, and the roll of two is not worked on",
           {{previous->place(), "the other one"}});
    }
    previous = plane;
  }
}

/// What puts a project into a mesh: an entry of a roll, or a ServiceMeshMember.
struct Claim {
  std::string ns;
  std::string mesh;
  Place place;
};

std::vector<Claim> claims_of(const ObjectStore& objects) {
  std::vector<Claim> claims;
  for (const Object* roll : objects.of_kind("ServiceMeshMemberRoll")) {
    const Tree* members = roll->tree->find_path({"spec", "members"});
    if (members == nullptr || roll->key.name != "default") continue;
    for (const Tree& member : members->items) {
      if (member.is(TreeKind::String)) claims.push_back({member.text, roll->key.ns, member.place});
    }
  }
  for (const Object* member : objects.of_kind("ServiceMeshMember")) {
    const Tree* ns = member->tree->find_path({"spec", "controlPlaneRef", "namespace"});
    if (ns == nullptr || !ns->is(TreeKind::String)) continue;
    claims.push_back({member->key.ns, ns->text, ns->place});
  }
  return claims;
}

void check_rolls(const ObjectStore& objects, Diagnostics& diagnostics) {
  std::map<std::string, Claim> listed;
  for (const Object* roll : objects.of_kind("ServiceMeshMemberRoll")) {
    const Tree* members = roll->tree->find_path({"spec", "members"});
    if (members == nullptr) continue;
    for (const Tree& member : members->items) {
      if (!member.is(TreeKind::String) || member.text == "*") continue;
      const auto [first, added] =
          listed.try_emplace(member.text, Claim{member.text, roll->key.ns, member.place});
      if (added || first->second.mesh == roll->key.ns) continue;
      warn(diagnostics, member.place, "project-in-two-rolls",
           member.text + " is on the rolls of " + first->second.mesh + " and " + roll->key.ns +
               ": a project belongs to one mesh, and only one of them gets it",
           {{first->second.place, "on the other roll here"}});
    }
  }
}

using Claims = std::map<std::string, std::vector<Claim>>;

/// The way from a control plane's project back to itself; empty if there is none.
std::vector<Claim> circle_from(const std::string& start, const Claims& claims) {
  std::map<std::string, const Claim*> reached_by;
  std::vector<std::string> waiting{start};
  while (!waiting.empty()) {
    const auto found = claims.find(waiting.back());
    waiting.pop_back();
    if (found == claims.end()) continue;
    for (const Claim& claim : found->second) {
      if (!reached_by.try_emplace(claim.mesh, &claim).second) continue;
      if (claim.mesh != start) waiting.push_back(claim.mesh);
    }
  }
  std::vector<Claim> circle;
  auto step = reached_by.find(start);
  while (step != reached_by.end()) {
    circle.push_back(*step->second);
    if (circle.back().ns == start) {
      std::ranges::reverse(circle);
      return circle;
    }
    step = reached_by.find(circle.back().ns);
  }
  return {};
}

/// Control planes whose projects are members of each other: nothing good comes of it, and each of
/// them has one label only.
void check_circles(const ObjectStore& objects, Diagnostics& diagnostics) {
  std::set<std::string> planes;
  for (const Object* plane : objects.of_kind("ServiceMeshControlPlane")) {
    planes.insert(plane->key.ns);
  }
  Claims claims;
  for (Claim& claim : claims_of(objects)) {
    if (planes.contains(claim.ns) && planes.contains(claim.mesh)) {
      claims[claim.ns].push_back(std::move(claim));
    }
  }
  std::set<std::string> told;
  for (const std::string& plane : planes) {
    if (told.contains(plane)) continue;
    const auto circle = circle_from(plane, claims);
    if (circle.empty()) continue;
    std::string way = plane;
    std::vector<DiagnosticNote> notes;
    for (const Claim& claim : circle) {
      told.insert(claim.mesh);
      way += " → " + claim.mesh;
      if (&claim != &circle.front()) {
        notes.push_back({claim.place, claim.ns + " is put into " + claim.mesh + " here"});
      }
    }
    warn(diagnostics, circle.front().place, "mesh-reference-circle",
         circle.size() == 1 ? "the project of control plane " + plane +
                                  " is put into its own mesh: it belongs to "
                                  "it without that"
                            : "the projects of control planes are members of each other: " + way,
         std::move(notes));
  }
}

}  // namespace

void check_meshes(const ObjectStore& objects, Diagnostics& diagnostics) {
  check_planes(objects, diagnostics);
  check_rolls(objects, diagnostics);
  check_circles(objects, diagnostics);
}

}  // namespace meshproof
