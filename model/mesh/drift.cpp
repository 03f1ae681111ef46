#include "model/drift.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "model/mesh/control_plane.h"
#include "model/mesh/found_operator.h"
#include "model/mesh/mesh_comparison.h"
#include "model/mesh/settle.h"
#include "model/mesh/simulation.h"
#include "model/mesh/watches.h"

namespace meshproof {
namespace {

/// The control planes whose mesh can be compared: those with a status, which tells that an
/// operator has seen them.
std::vector<Object> installed_planes(const World& world) {
  std::vector<Object> planes;
  for (const Object* plane : world.objects().of_kind("ServiceMeshControlPlane")) {
    if (!lacks_status(*plane) && !plane->is_terminating()) planes.push_back(*plane);
  }
  return planes;
}

bool is_installed(const World& world, const ObjectKey& plane) {
  return !lacks_status(*world.objects().find(plane));
}

MeshComparison compare_all(const World& world, const Coverage& coverage) {
  MeshComparison comparison{world, coverage};
  const auto members = memberships(world);
  for (const Membership& membership : members) {
    if (is_installed(world, membership.plane)) compare_member(comparison, membership);
  }
  for (const Object& plane : installed_planes(world)) {
    // Which of two made what nobody can tell, and their roll is not worked on.
    if (world.objects().of_kind(plane.key.kind, plane.key.ns).size() > 1) continue;
    compare_charts(comparison, plane);
    compare_roll(comparison, plane);
  }
  find_orphans(comparison, members);
  return comparison;
}

/// The operator looks at everything once: what it mends by itself is not there afterwards.
void tell_mended(World world, const Coverage& coverage, std::vector<Departure>& departures) {
  for (Request& request : requests_after_start(world)) world.queue().add(std::move(request));
  run_to_rest(world);
  std::set<std::pair<ObjectKey, DepartureKind>> left;
  for (const Departure& departure : compare_all(world, coverage).departures) {
    left.emplace(departure.key, departure.kind);
  }
  for (Departure& departure : departures) {
    departure.is_mended = !left.contains({departure.key, departure.kind});
  }
}

SelfCheck judge_members(const World& world, const std::vector<Departure>& departures) {
  std::set<std::pair<std::string, std::string>> departing;
  for (const Departure& departure : departures) {
    if (departure.severity != Severity::Note) departing.emplace(departure.ns, departure.mesh);
  }
  SelfCheck check;
  for (const Membership& membership : memberships(world)) {
    if (!membership.configured || !is_installed(world, membership.plane)) continue;
    ++check.members;
    if (departing.contains({membership.ns, membership.plane.ns})) {
      check.departing.push_back(membership.ns);
    }
  }
  return check;
}

void warn_of_uncovered(const std::set<std::string>& kinds, Diagnostics& diagnostics) {
  for (const std::string& kind : kinds) {
    diagnostics.push_back({{},
                           Severity::Warning,
                           "drift-not-compared",
                           "the input has no " + kind +
                               " where the mesh writes some: it is taken "
                               "as not collected, and this kind is not compared there",
                           {},
                           kind});
  }
}

void warn_of_declared(const World& world, Diagnostics& diagnostics) {
  for (const ObjectKey& key : declared_planes(world.objects())) {
    diagnostics.push_back({world.objects().find(key)->place(),
                           Severity::Warning,
                           "mesh-not-installed",
                           to_string(key) +
                               " has no status: its mesh is only declared here, so there is "
                               "nothing of it to compare",
                           {},
                           to_string(key)});
  }
}

std::vector<std::string> names_of(const World& world) {
  std::vector<std::string> names;
  for (const Object& plane : installed_planes(world)) {
    const ControlPlane read = read_control_plane(plane, world.version());
    names.push_back(read.ns + '/' + read.name + ' ' + read.version_text);
  }
  return names;
}

}  // namespace

std::string_view to_string(DepartureKind kind) {
  switch (kind) {
    case DepartureKind::Missing:
      return "missing";
    case DepartureKind::Differing:
      return "differing";
    case DepartureKind::Orphaned:
      return "orphaned";
    case DepartureKind::Foreign:
      return "foreign";
  }
  return "";
}

SelfCheck check_members(const World& world, const Coverage& coverage) {
  MeshComparison comparison{world, coverage};
  for (const Membership& membership : memberships(world)) {
    if (is_installed(world, membership.plane)) compare_member(comparison, membership);
  }
  return judge_members(world, comparison.departures);
}

Result<SelfCheck> check_members(const Snapshot& state, const PredictOptions& options) {
  auto found = find_operator(state.objects, options.operator_version);
  if (!found) return tl::unexpected(std::move(found.error()));
  return check_members(operator_view(state.objects, *found, options), state.coverage);
}

Result<Drift> find_drift(const Snapshot& state, const PredictOptions& options) {
  auto found = find_operator(state.objects, options.operator_version);
  if (!found) return tl::unexpected(std::move(found.error()));
  World world = operator_view(state.objects, *found, options);
  Drift drift;
  drift.assumptions = world.assumptions();
  drift.operator_version = found->version->name;
  drift.operator_release = found->release;
  drift.operator_source = found->source;
  drift.meshes = names_of(world);
  MeshComparison comparison = compare_all(world, state.coverage);
  drift.departures = std::move(comparison.departures);
  drift.self_check = judge_members(world, drift.departures);
  warn_of_uncovered(comparison.uncovered, drift.diagnostics);
  warn_of_declared(world, drift.diagnostics);
  if (!found->assumption.empty()) drift.assumptions.push_back(found->assumption);
  if (!drift.departures.empty()) tell_mended(std::move(world), state.coverage, drift.departures);
  std::ranges::stable_sort(drift.departures, {}, [](const Departure& departure) {
    return std::tie(departure.mesh, departure.ns, departure.key, departure.kind);
  });
  sort_diagnostics(drift.diagnostics);
  return drift;
}

}  // namespace meshproof
