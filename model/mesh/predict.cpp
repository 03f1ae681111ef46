#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>

#include "model/mesh/chart_ports.h"
#include "model/mesh/conditions.h"
#include "model/mesh/control_plane.h"
#include "model/mesh/control_plane_install.h"
#include "model/mesh/course.h"
#include "model/mesh/found_operator.h"
#include "model/mesh/metadata.h"
#include "model/mesh/outcomes.h"
#include "model/mesh/settle.h"
#include "model/mesh/simulation.h"
#include "model/mesh/watches.h"
#include "model/mesh/world.h"
#include "model/prediction.h"
#include "model/sdn/net_id.h"

namespace meshproof {
namespace {

struct OtherWay {
  std::string_view when;
  SdnTiming timing;
  StoppedSdn stopped_sdn;
  bool sdn_runs = true;
};

constexpr std::array kOtherWays = std::to_array<OtherWay>({
    {"the SDN master acts only after the operator has looked, so that the project is labelled "
     "before its network has changed",
     SdnTiming::Late, StoppedSdn::TimesOut},
    {"the operator's first look at the NetNamespace shows it as it was, so that the wait for the "
     "SDN master ends at once and the project is configured although its network never changes",
     SdnTiming::InTime, StoppedSdn::PassesUnseen},
});

/// SEMANTICS M6: a request that the input holds is there because nobody consumes it, or for an
/// instant.
constexpr OtherWay kNoMaster{
    "no SDN master runs, so that the requests stay that the input shows as pending",
    SdnTiming::InTime, StoppedSdn::TimesOut, false};

bool holds_change_request(const ObjectStore& objects) {
  return std::ranges::any_of(objects.of_kind("NetNamespace"), [](const Object* object) {
    return has_annotation(*object, kChangeNetwork);
  });
}

bool same_steps(const std::vector<Step>& a, const std::vector<Step>& b) {
  return std::ranges::equal(a, b, [](const Step& x, const Step& y) {
    return x.verb == y.verb && x.key == y.key && x.object == y.object;
  });
}

/// The other ways, where the likeliest one hung on when the SDN master acted.
std::vector<Alternative> find_alternatives(const Course& likeliest, const ObjectStore& before,
                                           const Change& change, const FoundOperator& found,
                                           const Platform& platform) {
  std::vector<Alternative> alternatives;
  if (!likeliest.world.raced()) return alternatives;
  std::vector<OtherWay> others(kOtherWays.begin(), kOtherWays.end());
  if (holds_change_request(before)) others.push_back(kNoMaster);
  for (const OtherWay& other : others) {
    Platform varied = platform;
    varied.sdn_runs = other.sdn_runs;
    varied.timing = other.timing;
    varied.stopped_sdn = other.stopped_sdn;
    const auto course = play(before, change, found, std::move(varied));
    if (!course || same_steps(course->world.steps(), likeliest.world.steps())) continue;
    alternatives.push_back({std::string{other.when},
                            find_outcomes(before, course->world, course->refusals),
                            course->world.steps()});
  }
  return alternatives;
}

/// The control planes whose spec does not get to the cluster.
void warn_of_stopped_planes(const World& world, Diagnostics& diagnostics) {
  for (const auto& [request, error] : world.queue().failed()) {
    const Object* plane = world.find("ServiceMeshControlPlane", request.ns, request.name);
    if (request.controller != Controller::ControlPlane || plane == nullptr) continue;
    diagnostics.push_back({plane->place(),
                           Severity::Warning,
                           "control-plane-stopped",
                           "the operator does not bring the spec of ServiceMeshControlPlane " +
                               request.ns + '/' + request.name + " to the cluster (" + error +
                               "): what its charts make stays as it is",
                           {},
                           to_string(plane->key)});
  }
}

void assume_versions(const ObjectStore& objects, const OperatorVersion& version,
                     std::vector<std::string>& assumptions) {
  for (const Object* object : objects.of_kind("ServiceMeshControlPlane")) {
    const ControlPlane plane = read_control_plane(*object, version);
    if (plane.version->recorded) continue;
    const std::string sentence =
        "control planes " + std::string{plane.version->name} +
        " were not recorded from a running operator: what is predicted for them is extrapolated";
    if (std::ranges::find(assumptions, sentence) == assumptions.end()) {
      assumptions.push_back(sentence);
    }
  }
}

/// Which variant of the charts' policies was predicted, where they were and nothing shows it.
void assume_chart_ports(const ObjectStore& given, const Prediction& prediction,
                        std::optional<ChartPorts> told, std::vector<std::string>& assumptions) {
  if (!find_chart_ports(given, told).source.empty()) return;
  const auto policies = prediction.after.of_kind("NetworkPolicy");
  if (!std::ranges::any_of(policies, [](const Object* each) { return means_one_port(*each); })) {
    return;
  }
  assumptions.emplace_back(
      "the charts' policies that mean to open one port (istiod, Prometheus, Grafana, Kiali, "
      "Jaeger) are predicted to open all, as upstream's charts do and the operator was recorded "
      "to: nothing in the input shows which, and what may be open must not be called closed; "
      "--charts "
      "product limits them");
}

/// Only a roll that does not name its members can hang on where the operator is.
void assume_operator_namespace(const ObjectStore& objects, const Platform& platform,
                               std::vector<std::string>& assumptions) {
  if (platform.operator_namespace_known) return;
  const bool chosen =
      std::ranges::any_of(objects.of_kind("ServiceMeshMemberRoll"), [](const Object* roll) {
        const auto members = strings_at(*roll->tree, {"spec", "members"});
        return roll->tree->find_path({"spec", "memberSelectors"}) != nullptr ||
               std::ranges::find(members, "*") != members.end();
      });
  if (!chosen) return;
  assumptions.push_back(
      "the input does not show where the mesh operator runs: its project, which "
      "no roll selects by * or by labels, is taken to be " +
      platform.operator_namespace);
}

/// Members get copies of what the input holds. Where it lacks what an installed control plane must
/// have made, they are predicted without, and that must not go unsaid.
void warn_of_missing_sources(const ObjectStore& objects, const OperatorVersion& version,
                             Diagnostics& diagnostics) {
  for (const Object* object : objects.of_kind("ServiceMeshControlPlane")) {
    const ControlPlane plane = read_control_plane(*object, version);
    const std::string policy = "istio-mesh-" + plane.name;
    if (!is_reconciled(*object) || !plane.manages_policies) continue;
    if (objects.find("NetworkPolicy", plane.ns, policy) != nullptr) continue;
    diagnostics.push_back({object->place(),
                           Severity::Warning,
                           "control-plane-incomplete",
                           "ServiceMeshControlPlane " + plane.ns + '/' + plane.name +
                               " is installed, but the input has no NetworkPolicy " + plane.ns +
                               '/' + policy + ": its members are predicted without a copy of it",
                           {},
                           to_string(object->key)});
  }
}

/// A dump may simply lack the control plane; without one, the operator takes the mesh apart.
void warn_of_missing_planes(const ObjectStore& objects, Diagnostics& diagnostics) {
  const auto planes = objects.of_kind("ServiceMeshControlPlane");
  for (const Object* roll : objects.of_kind("ServiceMeshMemberRoll")) {
    const auto is_its_own = [&](const Object* plane) { return plane->key.ns == roll->key.ns; };
    if (strings_at(*roll->tree, {"status", "configuredMembers"}).empty()) continue;
    if (std::ranges::any_of(planes, is_its_own)) continue;
    diagnostics.push_back({roll->place(),
                           Severity::Warning,
                           "control-plane-missing",
                           "the status of ServiceMeshMemberRoll " + roll->key.ns + '/' +
                               roll->key.name +
                               " names configured members, but the input has no "
                               "ServiceMeshControlPlane in " +
                               roll->key.ns + ": it is taken as deleted, and its members leave",
                           {},
                           to_string(roll->key)});
  }
}

}  // namespace

Result<Prediction> predict(const Snapshot& before, const Change& change,
                           const PredictOptions& options) {
  const std::string& given =
      options.operator_version.empty() ? change.operator_version : options.operator_version;
  auto found = find_operator(before.objects, given);
  if (!found) {
    if (options.operator_version.empty()) {
      found.error().front().place = change.operator_version_place;
    }
    return tl::unexpected(std::move(found.error()));
  }
  const PredictOptions told{options.network, given, options.chart_ports};
  auto settled = settle(before.objects, told);
  if (!settled) return tl::unexpected(std::move(settled.error()));
  const Platform platform = find_platform(settled->objects, told);
  auto course = play(settled->objects, change, *found, platform);
  if (!course) return tl::unexpected(std::move(course.error()));

  Prediction prediction;
  prediction.outcomes = find_outcomes(settled->objects, course->world, course->refusals);
  prediction.alternatives = find_alternatives(*course, settled->objects, change, *found, platform);
  prediction.steps = course->world.steps();
  prediction.after = course->world.objects();
  prediction.operator_version = found->version->name;
  prediction.operator_release = found->release;
  prediction.operator_source = found->source;
  prediction.assumptions = std::move(settled->assumptions);
  if (!found->assumption.empty()) prediction.assumptions.push_back(found->assumption);
  std::ranges::copy(course->world.assumptions(), std::back_inserter(prediction.assumptions));
  assume_chart_ports(before.objects, prediction, options.chart_ports, prediction.assumptions);
  assume_versions(prediction.after, *found->version, prediction.assumptions);
  assume_operator_namespace(prediction.after, platform, prediction.assumptions);
  prediction.diagnostics = std::move(settled->diagnostics);
  warn_of_missing_sources(settled->objects, *found->version, prediction.diagnostics);
  warn_of_missing_planes(settled->objects, prediction.diagnostics);
  warn_of_stopped_planes(course->world, prediction.diagnostics);
  std::ranges::copy(course->world.diagnostics(), std::back_inserter(prediction.diagnostics));
  sort_diagnostics(prediction.diagnostics);
  prediction.before = std::move(settled->objects);
  return prediction;
}

}  // namespace meshproof
