#include "model/mesh/mesh_comparison.h"

#include <algorithm>
#include <array>
#include <utility>

#include "model/mesh/defaulting.h"
#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"

namespace meshproof {
namespace {

constexpr std::string_view kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";

// What a copy keeps of the day when it was made (operator-recorded.md, cases 34 and 74).
constexpr std::array<std::string_view, 3> kAge = {"maistra-version", kGenerationAnnotation,
                                                  kAppVersionLabel};

/// The compared part without what only tells its age.
Tree ageless(Tree part) {
  Tree& metadata = part.mapping_at("metadata");
  for (const auto mapping : {"labels", "annotations"}) {
    for (const auto key : kAge) metadata.mapping_at(mapping).erase(key);
  }
  return part;
}

Severity severity_of(const Tree& expected, const Tree& actual) {
  if (!(deciding_part(expected) == deciding_part(actual))) return Severity::Error;
  return ageless(expected) == ageless(actual) ? Severity::Note : Severity::Warning;
}

}  // namespace

Tree compared_part(const Tree& object) {
  const Tree whole = with_defaults(object);
  Tree part = Tree::mapping();
  Tree& metadata = part.mapping_at("metadata");
  for (const auto field : {"labels", "annotations"}) {
    const Tree* value = whole.find_path({"metadata", field});
    metadata.set(field, value == nullptr ? Tree::mapping() : *value);
  }
  metadata.mapping_at("annotations").erase(kLastApplied);
  for (const auto field : {"spec", "roleRef", "subjects"}) {
    if (const Tree* value = whole.find(field)) part.set(field, *value);
  }
  return part;
}

Tree deciding_part(const Tree& part) {
  Tree kept = Tree::mapping();
  for (const auto field : {"spec", "roleRef", "subjects"}) {
    if (const Tree* value = part.find(field)) kept.set(field, *value);
  }
  const Tree* label = part.find_path({"metadata", "labels", kMemberOfLabel});
  if (label != nullptr) kept.set("label", *label);
  const Tree* internal = part.find_path({"metadata", "annotations", kInternalAnnotation});
  kept.set("internal", Tree::boolean(internal != nullptr));
  return kept;
}

Departure about(std::string mesh, ObjectKey key, Severity severity, std::string reason,
                std::string remedy, Place place) {
  const bool stands_for_project = key.kind == "Namespace" || key.kind == "NetNamespace";
  Departure departure;
  departure.severity = severity;
  departure.mesh = std::move(mesh);
  departure.ns = stands_for_project ? key.name : key.ns;
  departure.key = std::move(key);
  departure.reason = std::move(reason);
  departure.remedy = std::move(remedy);
  departure.place = place;
  return departure;
}

bool MeshComparison::covers(std::string_view kind, const std::string& ns) {
  const std::string whole_kind = group_and_kind(default_group(kind), kind);
  const Listing listing = coverage.find({whole_kind, ns});
  const bool listed = listing.collected == Collected::Listed;
  const bool covered =
      listed || (!coverage.lacks(listing) && !world.objects().of_kind(kind).empty());
  if (!covered) uncovered.emplace(kind);
  return covered;
}

void MeshComparison::missing(Departure departure, const Tree& expected) {
  departure.kind = DepartureKind::Missing;
  departure.expected = compared_part(expected);
  departures.push_back(std::move(departure));
}

void MeshComparison::compare(Departure departure, const Tree& expected, const Object& actual) {
  departure.expected = compared_part(expected);
  departure.actual = compared_part(*actual.tree);
  if (departure.expected == departure.actual) return;
  departure.kind = DepartureKind::Differing;
  departure.severity = severity_of(departure.expected, departure.actual);
  departure.place = actual.place();
  departures.push_back(std::move(departure));
}

void MeshComparison::differing(Departure departure, Tree expected, Tree actual) {
  departure.kind = DepartureKind::Differing;
  departure.expected = std::move(expected);
  departure.actual = std::move(actual);
  departures.push_back(std::move(departure));
}

void MeshComparison::orphaned(Departure departure, const Object& actual) {
  departure.kind = DepartureKind::Orphaned;
  departure.actual = compared_part(*actual.tree);
  departure.place = actual.place();
  departures.push_back(std::move(departure));
}

void MeshComparison::foreign(Departure departure, const Object& actual) {
  departure.kind = DepartureKind::Foreign;
  departure.actual = compared_part(*actual.tree);
  departure.place = actual.place();
  departures.push_back(std::move(departure));
}

}  // namespace meshproof
