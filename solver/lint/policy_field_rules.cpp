#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "model/json_value.h"
#include "model/mesh/chart_ports.h"
#include "model/project.h"
#include "solver/lint/rule_row.h"

namespace meshproof {
namespace {

constexpr std::string_view kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";
constexpr std::string_view kPruned = "pruned-field";

/// Kinds of which fields are known, so that others can be told from them.
constexpr auto kKinds = std::to_array<std::string_view>(
    {"NetworkPolicy", "Service", "ServiceMeshControlPlane", "ServiceMeshMember",
     "ServiceMeshMemberRoll", "Deployment", "DeploymentConfig", "StatefulSet", "DaemonSet", "Job",
     "CronJob"});

/// What was sent to the API server, as far as the object tells it.
std::optional<Tree> last_applied(const Object& object) {
  static constexpr std::array kAnnotations{Outline::Field{"annotations"}};
  static constexpr Outline kMetadata{kAnnotations};
  static constexpr std::array kParts{Outline::Field{"metadata", &kMetadata}};
  static constexpr Outline kOutline{kParts};
  const std::shared_ptr<const Tree> tree = object.tree.read(&kOutline);
  const std::string_view text = tree->string_at({"metadata", "annotations", kLastApplied});
  return text.empty() ? std::nullopt : parse_json(text);
}

/// The stray `port` beside a list of ports that is null, as the charts send it.
std::string port_meant(const Object& policy) {
  const std::optional<Tree> sent = last_applied(policy);
  const Tree* rules = sent ? sent->find_path({"spec", "ingress"}) : nullptr;
  if (rules == nullptr) return "one port";
  for (const Tree& rule : rules->items) {
    const Tree* port = rule.find("port");
    if (port != nullptr && !port->text.empty()) return "port " + port->text;
  }
  return "one port";
}

bool has_port_bug(const Object& object) {
  return means_one_port(object) && opens_all_ports(object);
}

/// An object that an API server has had. Of those that are only predicted it is an assumption
/// which of the charts' variants it comes from.
bool is_observed(const Object& object) {
  constexpr std::array kMarks{"uid", "resourceVersion", "creationTimestamp"};
  return last_applied(object) || std::ranges::any_of(kMarks, [&](const char* mark) {
           const Tree* found = object.tree->find_path({"metadata", mark});
           return found != nullptr && !found->is_null();
         });
}

std::vector<LintFinding> port_bug(const LintedState& state) {
  const bool is_told = state.options().chart_ports == ChartPorts::Upstream;
  std::vector<LintFinding> findings;
  for (const Object* object : state.objects().of_kind("NetworkPolicy")) {
    if (!has_port_bug(*object) || (!is_told && !is_observed(*object))) continue;
    const Tree* rules = object->tree->find_path({"spec", "ingress"});
    findings.push_back(finding_about(
        *object,
        fmt::format("is meant for {} and opens all ports to everybody", port_meant(*object)),
        rules->place));
  }
  return findings;
}

/// All nodes get one place, by which what is told of them can be told of the object.
void put_at(Tree& tree, Place place) {
  tree.place = place;
  for (Tree& item : tree.items) put_at(item, place);
  for (TreeField& field : tree.fields) {
    field.key_place = place;
    put_at(field.value, place);
  }
}

/// What reading these objects alone tells about them.
Diagnostics told_of(std::vector<Object> objects, const LintedState& state) {
  Diagnostics told;
  const Cluster unused = project(ObjectStore{std::move(objects)}, state.options().network, told);
  return told;
}

/// Fields that stand in the input and that the API server will not keep.
void find_unknown_fields(const LintedState& state, const std::vector<const Object*>& objects,
                         std::vector<LintFinding>& findings) {
  std::vector<Object> looked_at;
  std::vector<std::pair<Place, const Object*>> by_place;
  for (const Object* object : objects) {
    if (!object->place().is_known()) continue;
    looked_at.push_back(*object);
    by_place.emplace_back(object->place(), object);
  }
  std::ranges::sort(by_place);
  for (const Diagnostic& diagnostic : told_of(std::move(looked_at), state)) {
    if (diagnostic.code != kPruned) continue;
    auto after = std::ranges::upper_bound(by_place, diagnostic.place, {},
                                          &std::pair<Place, const Object*>::first);
    if (after == by_place.begin()) continue;
    findings.push_back(
        finding_about(*std::prev(after)->second, diagnostic.message, diagnostic.place));
  }
}

/// Fields that were sent and that the API server did not keep.
void find_lost_fields(const LintedState& state, const std::vector<const Object*>& objects,
                      std::vector<LintFinding>& findings) {
  std::vector<Object> sent;
  std::vector<const Object*> of_place;
  for (const Object* object : objects) {
    // The charts' own loss has a rule of its own, and copies carry the text of another object.
    if (object->has_label(kMemberOfLabel) || has_port_bug(*object)) continue;
    std::optional<Tree> tree = last_applied(*object);
    if (!tree) continue;
    put_at(*tree, {FileId{static_cast<std::uint32_t>(of_place.size())}, 1, 1});
    of_place.push_back(object);
    Object applied = make_object(std::move(*tree));
    applied.key = object->key;
    sent.push_back(std::move(applied));
  }
  for (const Diagnostic& diagnostic : told_of(std::move(sent), state)) {
    const std::uint32_t index = diagnostic.place.file.value;
    if (diagnostic.code != kPruned || index >= of_place.size()) continue;
    findings.push_back(finding_about(
        *of_place[index], fmt::format("in what was applied last, {}", diagnostic.message)));
  }
}

std::vector<LintFinding> pruned_fields(const LintedState& state) {
  std::vector<const Object*> objects;
  for (const std::string_view kind : kKinds) {
    for (const Object* object : state.objects().of_kind(kind)) objects.push_back(object);
  }
  std::vector<LintFinding> findings;
  find_unknown_fields(state, objects, findings);
  find_lost_fields(state, objects, findings);
  return findings;
}

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0403",
      .name = "chart-opens-all-ports",
      .group = RuleGroup::Policies,
      .severity = Severity::Error,
      .meaning =
          "A NetworkPolicy of the control plane's charts is meant to open one port, of istiod, "
          "Prometheus, Grafana, Kiali or Jaeger. The charts write `port` beside `ports` in place "
          "of inside of it; the API server drops the unknown field, and what is left admits "
          "everybody to all ports of these pods. All upstream versions have it, the product's "
          "charts are mended.",
      .source = "incident 2 (MAISTRA-2401, CVE-2021-3586); operator.md 3.4",
      .fix = "Update to a release of the product that has the mended charts, and let the operator "
             "write its policies anew: it does so with each new generation of the control plane."},
     port_bug},
    {{.code = "MP0404",
      .name = "pruned-field",
      .group = RuleGroup::Policies,
      .severity = Severity::Warning,
      .meaning =
          "An object has a field that the API server does not know, or was last applied with one. "
          "It is dropped without a word, and what it meant to say does not count: a rule of a "
          "NetworkPolicy that loses its only field admits everybody.",
      .source = "networkpolicy.md; inputs.md 17",
      .fix = "Correct the name or the indentation of the field, and apply the object again."},
     pruned_fields},
});

}  // namespace

std::span<const RuleRow> policy_field_rules() { return kRows; }

}  // namespace meshproof
