#include "solver/checks/unknown_names.h"

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/spelling.h"
#include "solver/checks/mesh_members.h"

namespace meshproof {
namespace {

using Names = std::set<std::string, std::less<>>;

std::string suggestion(std::string_view name, const Names& known) {
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  const std::string_view meant = nearest_word(name, candidates);
  return meant.empty() ? std::string{} : "; did you mean " + std::string{meant} + "?";
}

class NameCheck {
 public:
  explicit NameCheck(std::span<const Snapshot* const> states) {
    for (const Snapshot* state : states) {
      for (const Namespace& ns : state->cluster.namespaces) projects_.insert(ns.name);
      for (const MeshMembers& mesh : mesh_members(*state)) meshes_.insert(mesh.mesh);
    }
  }

  void check(const Group& group) {
    for (const std::string& name : group.namespace_names) {
      if (projects_.contains(name)) continue;
      warn(group, name, "unknown-project",
           "there is no project " + name + " in the input" + suggestion(name, projects_));
    }
    for (const auto* mesh : {&group.member_of, &group.not_member_of, &group.mesh}) {
      if (!*mesh || meshes_.contains(**mesh)) continue;
      warn(group, **mesh, "unknown-mesh",
           "there is no mesh " + **mesh +
               " in the input: no control plane, member roll or project label names it" +
               suggestion(**mesh, meshes_));
    }
  }

  void check(const std::optional<Group>& group) {
    if (group) check(*group);
  }

  void check(const std::vector<Group>& groups) {
    for (const Group& group : groups) check(group);
  }

  [[nodiscard]] Diagnostics take() { return std::move(found_); }

 private:
  void warn(const Group& group, const std::string& name, std::string code, std::string message) {
    const auto place = group.name_places.find(name);
    const Place where = place == group.name_places.end() ? group.place : place->second;
    if (!told_.insert({where, message}).second) return;
    found_.push_back({where, Severity::Warning, std::move(code), std::move(message), {}, {}});
  }

  Names projects_;
  Names meshes_;
  std::set<std::pair<Place, std::string>> told_;
  Diagnostics found_;
};

}  // namespace

Diagnostics unknown_names(const Assertions& assertions, std::span<const Snapshot* const> states) {
  NameCheck names(states);
  for (const Assertion& assertion : assertions.assertions) {
    for (const Group* group : {&assertion.from, &assertion.to, &assertion.via}) names.check(*group);
    for (const auto* group : {&assertion.except_from, &assertion.except_to, &assertion.in}) {
      names.check(*group);
    }
    names.check(assertion.between);
    names.check(assertion.touching);
  }
  for (const Exception& exception : assertions.exceptions) {
    names.check(exception.from);
    names.check(exception.to);
  }
  return names.take();
}

}  // namespace meshproof
