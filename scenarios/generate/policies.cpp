// A policy is a form with blanks, drawn from a table by weight. The weights follow what platform
// teams hand out with each project (deny by default, allow the same namespace and the router) and
// what applications add to it; the last row is the form of the scale tests of OVN-Kubernetes.
#include "scenarios/generate/policies.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "scenarios/generate/form.h"
#include "scenarios/generate/random.h"

namespace meshproof {
namespace {

constexpr std::string_view kPolicyForm = R"({"apiVersion": "networking.k8s.io/v1",
 "kind": "NetworkPolicy",
 "metadata": {"name": "$name", "namespace": "$ns"$metadata},
 "spec": $spec})";

constexpr std::string_view kServerFields = R"(,
  "creationTimestamp": "2026-01-05T08:10:00Z",
  "generation": 1,
  "managedFields": [{"apiVersion": "networking.k8s.io/v1",
    "fieldsType": "FieldsV1",
    "fieldsV1": {"f:spec": {"f:ingress": {}, "f:podSelector": {}, "f:policyTypes": {}}},
    "manager": "argocd-controller",
    "operation": "Update",
    "time": "2026-01-05T08:10:00Z"}])";

struct PolicyForm {
  std::string_view name;
  unsigned weight;
  std::string_view spec;
};

constexpr auto kForms = std::to_array<PolicyForm>({
    {"deny-by-default", 12, R"({"podSelector": {},
  "policyTypes": ["Ingress"]})"},
    {"deny-all", 2, R"({"podSelector": {},
  "policyTypes": ["Ingress", "Egress"]})"},
    {"allow-same-namespace", 12, R"({"podSelector": {},
  "ingress": [{"from": [{"podSelector": {}}]}],
  "policyTypes": ["Ingress"]})"},
    {"allow-from-router", 8, R"({"podSelector": {},
  "ingress": [{"from": [{"namespaceSelector": {"matchLabels": {
      "network.openshift.io/policy-group": "ingress"}}}]}],
  "policyTypes": ["Ingress"]})"},
    {"allow-from-monitoring", 5, R"({"podSelector": {},
  "ingress": [{"from": [{"namespaceSelector": {"matchExpressions": [
      {"key": "monitoring", "operator": "Exists"}]}}],
    "ports": [{"port": "metrics", "protocol": "TCP"}]}],
  "policyTypes": ["Ingress"]})"},
    {"allow-all", 1, R"({"podSelector": {},
  "ingress": [{}],
  "policyTypes": ["Ingress"]})"},
    {"open-app", 2, R"({"podSelector": {"matchLabels": {"app": "$app"}},
  "ingress": [{"ports": [{"port": $port, "protocol": "$protocol"}]}],
  "policyTypes": ["Ingress"]})"},
    {"closed-app", 2, R"({"podSelector": {"matchLabels": {"app": "$app"}},
  "ingress": [],
  "policyTypes": ["Ingress"]})"},
    {"app-from-app", 10, R"({"podSelector": {"matchLabels": {"app": "$app"}},
  "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "$peer"}}}],
    "ports": [{"port": $port, "protocol": "$protocol"}, {"port": 9090, "protocol": "TCP"}]}],
  "policyTypes": ["Ingress"]})"},
    {"app-from-roles", 6, R"({"podSelector": {"matchLabels": {"app": "$app"}},
  "ingress": [{"from": [{"podSelector": {"matchExpressions": [
      {"key": "role", "operator": "In", "values": ["$role", "$otherrole"]}]}}],
    "ports": [{"port": "service"}, {"port": "metrics"}]}],
  "policyTypes": ["Ingress"]})"},
    {"app-from-team", 6, R"({"podSelector": {"matchLabels": {"role": "$role"}},
  "ingress": [{"from": [{"namespaceSelector": {"matchLabels": {"team": "$otherteam"}},
      "podSelector": {"matchLabels": {"role": "$otherrole"}}}],
    "ports": [{"port": $port, "protocol": "$protocol"},
     {"endPort": $rangeend, "port": $rangestart, "protocol": "TCP"}]}],
  "policyTypes": ["Ingress"]})"},
    {"app-from-project", 6, R"({"podSelector": {"matchLabels": {"app": "$app", "version": "v1"}},
  "ingress": [{"from": [{"namespaceSelector": {"matchExpressions": [
      {"key": "kubernetes.io/metadata.name", "operator": "In", "values": ["$project", "$ns"]}]}}],
    "ports": [{"port": $port, "protocol": "$protocol"}]}],
  "policyTypes": ["Ingress"]})"},
    {"not-from-other-environments", 4, R"({"podSelector": {},
  "ingress": [{"from": [{"namespaceSelector": {"matchExpressions": [
      {"key": "env", "operator": "In", "values": ["$env"]},
      {"key": "team", "operator": "NotIn", "values": ["$otherteam"]}]}}]}],
  "policyTypes": ["Ingress"]})"},
    {"legacy-apart", 2, R"({"podSelector": {"matchExpressions": [
    {"key": "legacy", "operator": "DoesNotExist"},
    {"key": "role", "operator": "NotIn", "values": ["batch", "$role"]}]},
  "ingress": [{"from": [{"namespaceSelector": {"matchExpressions": [
      {"key": "tier", "operator": "DoesNotExist"}]},
      "podSelector": {"matchExpressions": [{"key": "role", "operator": "Exists"}]}}]}],
  "policyTypes": ["Ingress"]})"},
    {"from-offices", 4, R"({"podSelector": {"matchLabels": {"role": "frontend"}},
  "ingress": [{"from": [{"ipBlock": {"cidr": "$block", "except": ["$hole"]}},
      {"ipBlock": {"cidr": "$public"}}],
    "ports": [{"port": 8443}, {"port": 8080}]}],
  "policyTypes": ["Ingress"]})"},
    {"egress-to-internet", 3, R"({"podSelector": {"matchLabels": {"app": "$app"}},
  "egress": [{"ports": [{"port": 5353, "protocol": "UDP"}, {"port": 5353, "protocol": "TCP"}]},
   {"ports": [{"port": 443}],
    "to": [{"ipBlock": {"cidr": "0.0.0.0/0",
      "except": ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]}}]}],
  "policyTypes": ["Egress"]})"},
    {"egress-to-database", 4, R"({"podSelector": {"matchLabels": {"role": "$role"}},
  "egress": [{"to": [{"podSelector": {"matchLabels": {"role": "database"}}}],
    "ports": [{"port": 5432}, {"port": 3306}, {"port": 27017}]},
   {"to": [{"ipBlock": {"cidr": "$block", "except": ["$hole"]}}],
    "ports": [{"endPort": $rangeend, "port": $rangestart, "protocol": "TCP"}]},
   {"to": [{"namespaceSelector": {"matchLabels": {
      "kubernetes.io/metadata.name": "openshift-dns"}}}],
    "ports": [{"port": 5353, "protocol": "UDP"}, {"port": 5353}]}],
  "policyTypes": ["Egress"]})"},
    {"egress-open", 1, R"({"podSelector": {"matchLabels": {"app": "$app"}},
  "egress": [{}],
  "ingress": [{"from": [{"namespaceSelector": {}}],
    "ports": [{"port": $port, "protocol": "$protocol"}]}],
  "policyTypes": ["Ingress", "Egress"]})"},
    {"project-pair", 4, R"({"podSelector": {"matchLabels": {"role": "$role"}},
  "egress": [{"to": [{"namespaceSelector": {"matchLabels": {
      "kubernetes.io/metadata.name": "$project"}}},
     {"podSelector": {}}]}],
  "ingress": [{"from": [{"namespaceSelector": {"matchLabels": {
      "kubernetes.io/metadata.name": "$project"}}},
     {"podSelector": {}}]}],
  "policyTypes": ["Ingress", "Egress"]})"},
    {"scale", 3, R"({"podSelector": {"matchLabels": {"app": "$app"}},
  "ingress": [{"from": [$peers],
    "ports": [$ports]}],
  "policyTypes": ["Ingress"]})"},
});

constexpr std::array<std::string_view, 6> kRoles{"frontend", "backend",  "backend",
                                                 "worker",   "database", "broker"};

/// An office network: one of 40, with one of four holes.
std::string office_block(std::size_t office) { return fmt::format("10.{}.0.0/16", office); }

struct Values {
  Random& random;
  const GeneratedProject& project;
  const ClusterShape& shape;

  std::string number(std::size_t first, std::size_t count) {
    return std::to_string(first + random.below(count));
  }
  std::string other_team() { return team_name(random.below(count_teams(shape))); }
  std::string other_project() { return project_name(random.below(shape.namespaces), shape); }

  /// Five projects, five kinds of pods and five blocks.
  std::string five_peers() {
    std::string peers;
    for (int i = 0; i < 5; ++i) {
      peers += fmt::format(
          "{}{{\"namespaceSelector\": {{\"matchLabels\": {{\"kubernetes.io/metadata.name\": "
          "\"{}\"}}}}}},\n     {{\"podSelector\": {{\"matchLabels\": {{\"role\": \"{}\"}}}}}},\n"
          "     {{\"ipBlock\": {{\"cidr\": \"{}\"}}}}",
          i == 0 ? "" : ",\n     ", other_project(), random.pick(kRoles),
          office_block(random.below(40)));
    }
    return peers;
  }
  /// Five ports and five ranges.
  std::string five_ports() {
    std::string ports;
    for (std::size_t i = 0; i < 5; ++i) {
      const std::size_t start = 20000 + 1000 * i + 10 * random.below(10);
      ports += fmt::format("{}{{\"port\": {}}}, {{\"endPort\": {}, \"port\": {}}}",
                           i == 0 ? "" : ",\n     ", 8000 + 100 * i + random.below(10), start + 50,
                           start);
    }
    return ports;
  }
};

std::string spec_of(const PolicyForm& form, Values values) {
  Random& random = values.random;
  static constexpr Application kNone{"web", "frontend", "ReplicaSet", "TCP", 8080};
  const Deployed none{&kNone, "web", "v1", 0};
  const auto& applications = values.project.applications;
  const Deployed& app = applications.empty() ? none : random.pick(applications);
  const Deployed& peer = applications.empty() ? none : random.pick(applications);
  const bool is_scale = form.spec.find("$peers") != std::string_view::npos;
  const std::size_t office = random.below(40);
  const std::size_t range = 30000 + 100 * random.below(20);
  return filled(form.spec,
                {{"app", app.name},
                 {"port", std::to_string(app.application->port)},
                 {"protocol", app.application->protocol},
                 {"peer", peer.name},
                 {"role", random.pick(kRoles)},
                 {"otherrole", random.pick(kRoles)},
                 {"otherteam", values.other_team()},
                 {"project", values.other_project()},
                 {"ns", values.project.name},
                 {"env", values.project.env},
                 {"rangestart", std::to_string(range)},
                 {"rangeend", std::to_string(range + 1 + random.below(99))},
                 {"block", office_block(office)},
                 {"hole", fmt::format("10.{}.{}.0/24", office, 4 * (1 + random.below(4)))},
                 {"public", fmt::format("203.0.113.{}/28", 16 * random.below(16))},
                 {"peers", is_scale ? values.five_peers() : ""},
                 {"ports", is_scale ? values.five_ports() : ""}});
}

const PolicyForm& draw_form(Random& random) {
  static const unsigned kTotal =
      std::accumulate(kForms.begin(), kForms.end(), 0U,
                      [](unsigned sum, const PolicyForm& form) { return sum + form.weight; });
  std::size_t at = random.below(kTotal);
  for (const PolicyForm& form : kForms) {
    if (at < form.weight) return form;
    at -= form.weight;
  }
  return kForms.front();
}

}  // namespace

bool generate_policies(const GeneratedProject& project, const ClusterShape& shape,
                       const TakeObject& take) {
  Random random(shape.seed, project.number * 2 + 1);
  std::vector<std::size_t> used(kForms.size(), 0);
  for (std::size_t i = 0; i < shape.policies; ++i) {
    const PolicyForm& form = draw_form(random);
    const std::size_t uses = ++used[static_cast<std::size_t>(&form - kForms.data())];
    const std::string name =
        uses == 1 ? std::string{form.name} : fmt::format("{}-{}", form.name, uses);
    const std::string spec = spec_of(form, {random, project, shape});
    if (!take(filled(kPolicyForm, {{"name", name},
                                   {"ns", project.name},
                                   {"metadata", shape.lean ? "" : kServerFields},
                                   {"spec", spec}}))) {
      return false;
    }
  }
  return true;
}

}  // namespace meshproof
