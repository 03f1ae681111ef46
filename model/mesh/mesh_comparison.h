#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/coverage.h"
#include "model/drift.h"
#include "model/mesh/membership.h"
#include "model/mesh/world.h"

namespace meshproof {

/// What there is to say of one object; the project is its own, or that which it stands for
/// (Namespace, NetNamespace).
[[nodiscard]] Departure about(std::string mesh, ObjectKey key, Severity severity,
                              std::string reason, std::string remedy, Place place = {});

/// One comparison of a state with what its meshes should have written: what was found, and what
/// could not be compared.
class MeshComparison {
 public:
  MeshComparison(const World& state, const Coverage& state_coverage)
      : world(state), coverage(state_coverage) {}

  const World& world;
  const Coverage& coverage;
  std::vector<Departure> departures;
  std::set<std::string> uncovered;  ///< kinds that the input lacks, altogether or in some project

  /// Whether the input can be asked for objects of a kind in a project: it has been listed there,
  /// or nothing says that it was not and there is at least one object of the kind.
  [[nodiscard]] bool covers(std::string_view kind, const std::string& ns);

  void missing(Departure departure, const Tree& expected);
  /// Compares an object with the one that should stand there; nothing is added if they are alike.
  void compare(Departure departure, const Tree& expected, const Object& actual);
  /// The same of two parts that are no whole objects.
  void differing(Departure departure, Tree expected, Tree actual);
  /// The place is the object's.
  void orphaned(Departure departure, const Object& actual);
  void foreign(Departure departure, const Object& actual);
};

/// The parts of an object that are compared: labels, annotations but for kubectl's copy of the
/// manifest, spec, roleRef and subjects, with the API server's defaults.
[[nodiscard]] Tree compared_part(const Tree& object);

/// What of a compared part decides who reaches whom and who has which rights: spec, roleRef,
/// subjects, the label member-of, and whether the object is internal to its control plane.
[[nodiscard]] Tree deciding_part(const Tree& part);

/// The objects of a member, its label and its network.
void compare_member(MeshComparison& comparison, const Membership& membership);

/// The policies and bindings of a control plane's charts, and others that carry its mark.
void compare_charts(MeshComparison& comparison, const Object& control_plane);

/// ServiceMeshMembers, Kiali's list and the status of a mesh's roll.
void compare_roll(MeshComparison& comparison, const Object& control_plane);

/// The configured members of installed meshes, and which of them depart.
[[nodiscard]] SelfCheck check_members(const World& world, const Coverage& coverage);

/// Marks of meshes that nobody claims, and rights of control planes outside of their members.
void find_orphans(MeshComparison& comparison, const std::vector<Membership>& members);

}  // namespace meshproof
