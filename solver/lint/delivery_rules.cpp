#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "model/mesh/attachment.h"
#include "model/mesh/member.h"
#include "model/mesh/metadata.h"
#include "solver/lint/delivery_tool.h"
#include "solver/lint/rule_row.h"

namespace meshproof {
namespace {

constexpr std::string_view kArgo = "argoproj.io";
constexpr std::string_view kInstance = "app.kubernetes.io/instance";

std::vector<const Object*> argo_objects(const LintedState& state, std::string_view kind) {
  std::vector<const Object*> found;
  for (const Object& object : state.objects()) {
    if (object.key.kind == kind && object.key.group == kArgo) found.push_back(&object);
  }
  return found;
}

// --- Tracking by the label that the operator sets too

/// Whether the Argo CD in a project is known to track by something else than the instance label.
bool tracks_otherwise(const LintedState& state, const std::string& argo_ns) {
  std::string_view method;
  std::string_view label;
  for (const Object* argo : argo_objects(state, "ArgoCD")) {
    if (argo->key.ns != argo_ns) continue;
    method = argo->tree->string_at({"spec", "resourceTrackingMethod"});
    label = argo->tree->string_at({"spec", "applicationInstanceLabelKey"});
  }
  if (const Object* settings = state.objects().find("ConfigMap", argo_ns, "argocd-cm")) {
    const auto written = settings->tree->string_at({"data", "application.resourceTrackingMethod"});
    if (!written.empty()) method = written;
    const auto key = settings->tree->string_at({"data", "application.instanceLabelKey"});
    if (!key.empty()) label = key;
  }
  return method.starts_with("annotation") || (!label.empty() && label != kInstance);
}

std::vector<LintFinding> colliding_labels(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const Object* application : argo_objects(state, "Application")) {
    const Mesh* mesh = state.mesh_of(application->key.name);
    if (mesh == nullptr || !mesh->has_control_plane) continue;
    if (tracks_otherwise(state, application->key.ns)) continue;
    const bool prunes =
        application->tree->boolean_at({"spec", "syncPolicy", "automated", "prune"}).value_or(false);
    findings.push_back(
        finding_about(*application, fmt::format("is called like the control plane's project {}{}",
                                                mesh->ns, prunes ? ", and prunes by itself" : "")));
  }
  for (const Object* plane : state.objects().of_kind("ServiceMeshControlPlane")) {
    const auto mark = argo_label(*plane);
    if (!mark || mark->name != plane->key.ns || argo_annotation(*plane)) continue;
    findings.push_back(
        finding_about(*plane,
                      fmt::format("carries the label {}={}, which the operator sets on all "
                                  "that it makes",
                                  kInstance, mark->name),
                      plane->labels()->find(kInstance)->place));
  }
  return findings;
}

// --- Namespaces that are replaced

bool replaces(std::string_view options) {
  return options.find("Replace=true") != std::string_view::npos;
}

/// The Applications whose every object is replaced, by name.
std::set<std::string> replacing_applications(const LintedState& state) {
  std::set<std::string> names;
  for (const Object* application : argo_objects(state, "Application")) {
    const auto options = strings_at(*application->tree, {"spec", "syncPolicy", "syncOptions"});
    if (std::ranges::any_of(options, replaces)) names.insert(application->key.name);
  }
  return names;
}

std::vector<LintFinding> replaced_projects(const LintedState& state) {
  const std::set<std::string> applications = replacing_applications(state);
  std::vector<LintFinding> findings;
  for (const Object* project : state.objects().of_kind("Namespace")) {
    if (!state.claims().contains(project->key.name)) continue;
    if (replaces(annotation(*project, "argocd.argoproj.io/sync-options"))) {
      findings.push_back(
          finding_about(*project, "is replaced by Argo CD at each sync (Replace=true)"));
      continue;
    }
    auto mark = argo_annotation(*project);
    if (!mark) mark = argo_label(*project);
    if (!mark || !applications.contains(mark->name)) continue;
    findings.push_back(finding_about(
        *project,
        fmt::format("is replaced at each sync of Application {} (Replace=true)", mark->name)));
  }
  return findings;
}

// --- Order of a roll and the policies that go with it

bool opens_something(const Object& policy) {
  const Tree* ingress = policy.tree->find_path({"spec", "ingress"});
  return ingress != nullptr && !ingress->items.empty();
}

/// What makes the project a member: its ServiceMeshMember, else the roll.
const Object* joining_object(const LintedState& state, const std::string& ns,
                             const ProjectClaim& claim) {
  const Object* member = state.objects().find("ServiceMeshMember", ns, "default");
  if (claim.means == ClaimMeans::Member && member != nullptr) return member;
  return state.objects().find("ServiceMeshMemberRoll", claim.mesh->ns, "default");
}

std::vector<LintFinding> late_policies(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const auto& [ns, claims] : state.claims()) {
    const ProjectClaim& claim = claims.front();
    if (claim.means == ClaimMeans::OwnProject || state.mesh_with_member(ns) != nullptr) continue;
    const Object* joining = joining_object(state, ns, claim);
    if (joining == nullptr) continue;
    for (const Object* policy : state.objects().of_kind("NetworkPolicy", ns)) {
      const int wave = sync_wave(*policy);
      if (wave <= sync_wave(*joining) || !opens_something(*policy)) continue;
      findings.push_back(
          finding_about(*policy, fmt::format("comes in sync wave {}, behind {} in wave {}", wave,
                                             to_string(joining->key), sync_wave(*joining))));
    }
  }
  return findings;
}

// --- Two that write one object

/// Whether the tool keeps the object itself, and has not only marked what it was copied from.
bool is_kept(const LintedState& state, const Object& object) {
  if (argo_annotation(object)) return true;
  const auto mark = flux_label(object);
  if (!mark) return false;
  const std::string source_ns{object.label(kMemberOfLabel)};
  const Object* source =
      state.objects().find({object.key.group, object.key.kind, source_ns, object.key.name});
  const auto copied = source == nullptr ? std::nullopt : flux_label(*source);
  return !copied || copied->name != mark->name;
}

std::vector<LintFinding> kept_mesh_objects(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const auto kind :
       {std::string_view{"NetworkPolicy"}, std::string_view{"RoleBinding"}, kAttachment}) {
    for (const Object* object : state.objects().of_kind(kind)) {
      const std::string_view member_of = object->label(kMemberOfLabel);
      const bool copy =
          !member_of.empty() && claim_of(state.claims(), member_of, object->key.ns) != nullptr;
      const bool chart = object->has_label(kOwnerLabel) &&
                         object->label("app.kubernetes.io/managed-by") == "maistra-istio-operator";
      if ((!copy && !chart) || !is_kept(state, *object)) continue;
      const auto mark = delivery_mark(*object);
      findings.push_back(
          finding_about(*object, fmt::format("is the operator's, and {} of {} writes it too",
                                             mark->name, to_string(mark->tool))));
    }
  }
  return findings;
}

/// Who else writes the roll that the tool keeps; empty if nobody does.
std::string other_writer(const LintedState& state, const Object& roll) {
  if (annotation(roll, kCreatedByAnnotation) == kMemberController) {
    return "the operator has made it for a ServiceMeshMember and deletes it when it lists nobody";
  }
  const OperatorVersion& version = state.operator_version();
  if (!version.member_kind || !version.roll_configures_members) return "";
  for (const Object* member : state.objects().of_kind("ServiceMeshMember")) {
    if (member->tree->string_at({"spec", "controlPlaneRef", "namespace"}) != roll.key.ns) continue;
    return fmt::format("operator {} writes {} of a ServiceMeshMember into it", version.name,
                       member->key.ns);
  }
  return "";
}

std::vector<LintFinding> contested_objects(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const auto kind :
       {"ServiceMeshControlPlane", "ServiceMeshMember", "ServiceMeshMemberRoll"}) {
    for (const Object* object : state.objects().of_kind(kind)) {
      const auto argo = argo_annotation(*object);
      const auto flux = flux_label(*object);
      if (argo && flux) {
        findings.push_back(finding_about(
            *object,
            fmt::format("is written by Argo CD ({}) and by Flux ({})", argo->name, flux->name)));
      }
      const auto mark = delivery_mark(*object);
      if (!mark || object->key.kind != "ServiceMeshMemberRoll") continue;
      const std::string other = other_writer(state, *object);
      if (other.empty()) continue;
      findings.push_back(finding_about(
          *object,
          fmt::format("is kept by {} ({}), and {}", to_string(mark->tool), mark->name, other)));
    }
  }
  return findings;
}

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0701",
      .name = "argo-label-collides",
      .group = RuleGroup::Delivery,
      .severity = Severity::Warning,
      .meaning =
          "An Argo CD Application is called like a control plane's project, or has marked the "
          "control plane so. The operator sets app.kubernetes.io/instance to that name on all that "
          "it makes and copies into members; an Argo CD that tracks by this label, which is the "
          "default before 3.0, takes it all for its own, shows it as out of sync and prunes it.",
      .source = "operator.md 6.1",
      .fix = "Give the Application another name, or let Argo CD track by annotation "
             "(resourceTrackingMethod: annotation)."},
     colliding_labels},
    {{.code = "MP0702",
      .name = "project-replaced",
      .group = RuleGroup::Delivery,
      .severity = Severity::Error,
      .meaning =
          "Argo CD replaces the Namespace of a project of a mesh, instead of applying it. Each "
          "sync "
          "takes off what the repository does not say, the member-of label too: mesh traffic is "
          "denied and nobody is injected until the operator puts it back, which only 2.4 and later "
          "do by themselves. Flux, and Argo CD without Replace, leave the labels of others alone.",
      .source = "mission M3; operator.md 0; incident 9 (OSSM-1397)",
      .fix = "Take Replace=true off the Namespace, or set ServerSideApply=true in its place."},
     replaced_projects},
    {{.code = "MP0703",
      .name = "policy-after-roll",
      .group = RuleGroup::Delivery,
      .severity = Severity::Warning,
      .meaning =
          "A policy that lets callers into a project comes in a later sync wave than the roll or "
          "ServiceMeshMember that closes it. Between the two waves the callers are cut off, and if "
          "the first one does not become healthy, for good.",
      .source = "mission M6, B2; operator.md 3.4, 8.1; incident 1 (istio/istio#29888)",
      .fix = "Give the policy a lower argocd.argoproj.io/sync-wave than the roll."},
     late_policies},
    {{.code = "MP0704",
      .name = "mesh-object-delivered",
      .group = RuleGroup::Delivery,
      .severity = Severity::Warning,
      .meaning =
          "A delivery tool keeps an object that the operator makes: somebody has put a copy of it "
          "into a repository. After a leave or an upgrade the operator deletes it and the tool "
          "makes it again, so that the project stays closed, or an old version stays.",
      .source = "operator.md 3.3, 6.2, 8.2",
      .fix = "Take it out of the repository, without pruning it."},
     kept_mesh_objects},
    {{.code = "MP0705",
      .name = "written-by-two",
      .group = RuleGroup::Delivery,
      .severity = Severity::Warning,
      .meaning =
          "Two write one object of the mesh: two delivery tools, or a tool and the operator. Up to "
          "operator 2.0 a ServiceMeshMember puts its project into spec.members, which a tool takes "
          "out again: the project joins and leaves by turns. A roll that the operator has made "
          "itself it also deletes.",
      .source = "operator.md 0, 1.4; incident 10 (OSSM-2374)",
      .fix = "Let one of them write it: keep rolls in the repository and no ServiceMeshMembers, or "
             "the other way round."},
     contested_objects},
});

}  // namespace

std::span<const RuleRow> delivery_rules() { return kRows; }

}  // namespace meshproof
