#include <catch2/catch.hpp>

#include "tests/model/projected.h"

namespace meshproof {
namespace {

using Lines = std::vector<std::string>;

Lines told(const std::string& object) { return lines_of(project_text(object).diagnostics); }

std::string pruned(const std::string& line, const std::string& field, const std::string& meant) {
  return line + ": warning[pruned-field]: field `" + field +
         "` is unknown here and pruned by the API server; did you mean `" + meant + "`?";
}

TEST_CASE("a field that is nearly one that decides is told") {
  CHECK(told("apiVersion: v1\nkind: Pod\nmetadata: {name: q, namespace: a, lables: {a: b}}\n"
             "spec: {hostnetwork: true}\n") ==
        Lines{pruned("3", "lables", "labels"), pruned("4", "hostnetwork", "hostNetwork")});
  CHECK(told("apiVersion: v1\nkind: Namespace\nmetadata: {name: a, label: {x: z}}\n") ==
        Lines{pruned("3", "label", "labels")});
  CHECK(told("apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: a}\n"
             "spec: {Selector: {a: b}, ports: [{port: 80, targetport: 8080}]}\n") ==
        Lines{pruned("4", "Selector", "selector"), pruned("4", "targetport", "targetPort")});
  CHECK(told("apiVersion: maistra.io/v1\nkind: ServiceMeshMemberRoll\n"
             "metadata: {name: default, namespace: a}\nspec: {member: [shop]}\n") ==
        Lines{pruned("4", "member", "members")});
  CHECK(told("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, namespace: a}\n"
             "spec: {template: {metadata: {Labels: {a: b}}, spec: {hostNetworks: true}}}\n") ==
        Lines{pruned("4", "Labels", "labels"), pruned("4", "hostNetworks", "hostNetwork")});
}

TEST_CASE("other fields of the API are no misspelt ones") {
  CHECK(
      told("apiVersion: v1\nkind: Pod\n"
           "metadata: {name: q, namespace: a, generateName: q-, clusterName: x, selfLink: y, "
           "initializers: {},\n"
           "  creationTimestamp: null, deletionGracePeriodSeconds: 30, managedFields: []}\n"
           "spec: {hostname: x, hostUsers: true, hostPID: true, hostIPC: true, nodeSelector: {},\n"
           "  ephemeralContainers: [], hostAliases: [], somethingNew: 1}\n")
          .empty());
  CHECK(told("apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: a}\n"
             "spec: {externalIPs: [], ipFamilies: [], ipFamilyPolicy: x, sessionAffinity: None,\n"
             "  ports: [{port: 80, nodePort: 30080, appProtocol: http}]}\n")
            .empty());
  CHECK(told("apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t, namespace: a}\n"
             "spec: {member: 1}\nSpec: {}\n")
            .empty());
}

}  // namespace
}  // namespace meshproof
