#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/mesh/mesh.h"
#include "model/mesh/world.h"

namespace meshproof {

/// By what a mesh claims a project as its own.
enum class ClaimMeans : std::uint8_t {
  OwnProject,  ///< its control plane runs there
  Member,      ///< a ServiceMeshMember in the project refers to it
  Listed,      ///< spec.members of its roll
  Wildcard,    ///< `*` in spec.members
  Selected,    ///< spec.memberSelectors
};
/// `spec.members of its roll`, ….
[[nodiscard]] std::string_view to_string(ClaimMeans means);

struct ProjectClaim {
  const Mesh* mesh = nullptr;
  ClaimMeans means = ClaimMeans::Listed;
  Place place;
};

/// The claims on each project by name, one for each mesh, by the mesh's namespace; projects that
/// do not exist stand here too if a roll lists them.
using ProjectClaims = std::map<std::string, std::vector<ProjectClaim>, std::less<>>;

/// What the meshes claim (operator.md 1.3, 1.4): their own project, what their rolls require, and
/// projects whose ServiceMeshMember refers to them. Points into the meshes.
/// O(projects × rolls with `*` or selectors + listed members).
[[nodiscard]] ProjectClaims find_claims(const World& world, const std::vector<Mesh>& meshes);

/// The claim of the mesh on the project; null if it has none.
[[nodiscard]] const ProjectClaim* claim_of(const ProjectClaims& claims, std::string_view mesh,
                                           std::string_view ns);

/// Whether some other mesh than this one claims the project; null if none does.
[[nodiscard]] const ProjectClaim* claim_of_another(const ProjectClaims& claims,
                                                   std::string_view mesh, std::string_view ns);

}  // namespace meshproof
