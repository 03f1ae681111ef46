#include "tests/solver/lint_scene.h"

#include <catch2/catch.hpp>

#include "solver/lint/lint.h"
#include "tests/support/yaml.h"

namespace meshproof {

std::vector<std::string> findings_of(std::string_view rule, const std::string& yaml,
                                     const std::string& operator_version) {
  REQUIRE(find_rule(rule) != nullptr);
  const Snapshot state = snapshot_from(yaml);
  LintOptions options;
  options.only.emplace(rule);
  options.predict.operator_version = operator_version;
  std::vector<std::string> lines;
  for (const LintFinding& finding : lint(state, options).findings) {
    CHECK(finding.rule == find_rule(rule));
    CHECK(finding.place.line != 0);
    lines.push_back(finding.subject + ": " + finding.message);
  }
  return lines;
}

bool finds_one(std::string_view rule, const std::string& yaml, std::string_view part,
               const std::string& operator_version) {
  const auto lines = findings_of(rule, yaml, operator_version);
  for (const std::string& line : lines) UNSCOPED_INFO(line);
  return lines.size() == 1 && lines.front().find(part) != std::string::npos;
}

std::string thing(const std::string& api_version, const std::string& kind,
                  const std::string& metadata, const std::string& more) {
  return "---\napiVersion: " + api_version + "\nkind: " + kind + "\nmetadata: {" + metadata +
         "}\n" + more + (more.empty() || more.back() == '\n' ? "" : "\n");
}

std::string tenant(const std::string& name, const std::string& labels) {
  return thing("v1", "Namespace", "name: " + name + ", labels: {" + labels + "}");
}

std::string declared_plane(const std::string& ns, const std::string& version) {
  return thing("maistra.io/v2", "ServiceMeshControlPlane",
               "name: basic, namespace: " + ns + ", generation: 1",
               "spec: {version: " + version + "}");
}

std::string plane(const std::string& ns, const std::string& version) {
  return declared_plane(ns, version) +
         "status: {operatorVersion: 2.5.1, observedGeneration: 1, conditions: [{type: Reconciled, "
         "status: 'True'}]}\n";
}

std::string roll(const std::string& ns, const std::string& spec) {
  return thing("maistra.io/v1", "ServiceMeshMemberRoll", "name: default, namespace: " + ns,
               "spec: " + spec);
}

std::string member(const std::string& ns, const std::string& mesh, const std::string& reconciled) {
  return thing("maistra.io/v1", "ServiceMeshMember", "name: default, namespace: " + ns,
               "spec: {controlPlaneRef: {name: basic, namespace: " + mesh +
                   "}}\nstatus: {conditions: [{type: Reconciled, status: '" + reconciled + "'}]}");
}

std::string policy(const std::string& metadata, const std::string& ingress) {
  return thing("networking.k8s.io/v1", "NetworkPolicy", metadata,
               "spec: {podSelector: {}, policyTypes: [Ingress], ingress: " + ingress + "}");
}

}  // namespace meshproof
