#include "tests/solver/assertion_case.h"

#include <utility>

#include "solver/verify.h"
#include "tests/solver/evaluate_case.h"

namespace meshproof {

std::string project_yaml(const std::string& name, const std::string& labels) {
  return "\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: " + name + ", labels: {" +
         labels + "}}}";
}

std::string pod_yaml(const std::string& ns, const std::string& name, const std::string& address,
                     const std::string& spec) {
  return "\n---\n{apiVersion: v1, kind: Pod, metadata: {namespace: " + ns + ", name: " + name +
         ", labels: {app: " + name + "}}, spec: {nodeName: node-a, containers: [{name: main}]" +
         (spec.empty() ? "" : ", " + spec) + "}, status: {phase: Running, podIP: " + address + "}}";
}

std::string admits(const std::string& ns, const std::string& name, const std::string& peer) {
  return policy(ns, "to-" + name,
                "podSelector: {matchLabels: {app: " + name + "}}, ingress: [{from: [" + peer +
                    "], ports: [{port: 8080}]}]");
}

Group group_in(const std::string& ns, const std::string& app) {
  Group group;
  group.name = app.empty() ? ns : app;
  group.namespace_names = {ns};
  if (!app.empty()) group.pod_selector = SelectorText{{{"app", "In", {app}}}};
  return group;
}

Group group_outside(const std::string& cidr) {
  Group group;
  group.name = "outside";
  group.cidrs = {*Cidr::parse(cidr)};
  group.except_cluster = true;
  return group;
}

Assertion assertion_of(AssertionKind kind, Group from, Group to) {
  Assertion result;
  result.id = "A";
  result.kind = kind;
  result.from = std::move(from);
  result.to = std::move(to);
  return result;
}

Verdict verdict_on(const Snapshot& state, const Assertion& asked, const Snapshot* before) {
  if (before != nullptr) return verify_change(*before, state, {{asked}, {}}, {}).at(0);
  return verify(state, {{asked}, {}}).at(0);
}

std::string outcome_of(const Finding& finding) {
  if (std::holds_alternative<Holds>(finding)) return "holds";
  if (std::holds_alternative<Violated>(finding)) return "violated";
  return std::holds_alternative<Vacuous>(finding) ? "about nothing" : "undecided";
}

std::vector<std::string> stops_of(const Violated& violated) {
  std::vector<std::string> stops{violated.src, violated.dst};
  for (const WitnessHop& hop : violated.further) stops.push_back(hop.dst);
  return stops;
}

}  // namespace meshproof
