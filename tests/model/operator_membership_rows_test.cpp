// operator.md 0 and 1, row by row: who belongs to a mesh, and what its status says.

#include <algorithm>

#include "model/mesh/mesh.h"
#include "tests/model/operator_rows.h"

namespace meshproof {
namespace {

constexpr const char* kNothing = "";
constexpr const char* kOvn =
    "apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: {name: cluster}\nspec: "
    "{networkType: OVNKubernetes}\n";
constexpr const char* kCilium =
    "apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: {name: cluster}\nspec: "
    "{networkType: Cilium}\n";
constexpr const char* kNoType =
    "apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: {name: cluster}\nspec: {}\n";
constexpr const char* kNoPlugin =
    "apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: {name: cluster}\nspec: "
    "{networkType: OpenShiftSDN}\n---\napiVersion: network.openshift.io/v1\nkind: ClusterNetwork\n"
    "metadata: {name: default}\n";
constexpr const char* kTerminating =
    "apiVersion: v1\nkind: Namespace\nmetadata: {name: ending, deletionTimestamp: "
    "'2026-01-01T00:00:00Z'}\nspec: {finalizers: [kubernetes]}\n---\napiVersion: v1\nkind: "
    "ConfigMap\nmetadata: {name: held, namespace: ending, finalizers: [a.b/c], "
    "deletionTimestamp: '2026-01-01T00:00:00Z'}\n";

Change join() { return change_of({{members({"old", "shop"})}}); }

ChangeStep member_of(const std::string& ns, const std::string& mesh = "mesh",
                     const std::string& name = "basic") {
  return apply(
      "{apiVersion: maistra.io/v1, kind: ServiceMeshMember, metadata: {name: default, "
      "namespace: " +
      ns + "}, spec: {controlPlaneRef: {name: " + name + ", namespace: " + mesh + "}}}");
}

ChangeStep delete_plane() { return remove("ServiceMeshControlPlane", "mesh", "basic"); }
ChangeStep edit_plane(const std::string& spec) {
  return patch("ServiceMeshControlPlane", "mesh", "basic", "{spec: " + spec + "}");
}

/// Kiali without Prometheus: the operator does not bring this spec to the cluster.
ChangeStep stop_plane() {
  return edit_plane("{addons: {prometheus: {enabled: false}, kiali: {enabled: true}}}");
}

const std::vector<const char*> kFrom21 = {"2.1", "2.2", "2.3", "2.4", "2.5"};
const std::vector<const char*> kFrom22 = {"2.2", "2.3", "2.4", "2.5"};
const std::vector<const char*> kFrom23 = {"2.3", "2.4", "2.5"};
const std::vector<const char*> kFrom20 = {"2.0", "2.1", "2.2", "2.3", "2.4", "2.5"};
const std::vector<const char*> kFrom24 = {"2.4", "2.5"};

TEST_CASE("operator.md 0: every row of the master table that a snapshot can show") {
  check_rows({
      {"0: who configures a member, the roll",
       {"1.0", "1.1", "2.0"},
       kNothing,
       join(),
       [](const Prediction& p) {
         return !has(p, "ServiceMeshMember", "shop", "default") && label_after(p, "shop") == "mesh";
       }},
      {"0: who configures a member, its ServiceMeshMember", kFrom21, kNothing, join(),
       [](const Prediction& p) { return has(p, "ServiceMeshMember", "shop", "default"); }},
      {"0: a ServiceMeshMember edits the roll",
       {"1.1", "2.0"},
       kNothing,
       change_of({{member_of("shop")}}),
       [](const Prediction& p) { return listed(p, "configuredMembers") == "old shop"; }},
      {"0: a ServiceMeshMember leaves the roll's spec alone", kFrom21, kNothing,
       change_of({{member_of("shop")}}),
       [](const Prediction& p) {
         const Object* roll = p.after.find("ServiceMeshMemberRoll", "mesh", "default");
         return roll->tree->find_path({"spec", "members"})->items.size() == 1 &&
                listed(p, "configuredMembers") == "old shop";
       }},
      {"0: without its control plane the roll's members are emptied",
       {"2.0"},
       kNothing,
       change_of({{delete_plane()}}),
       [](const Prediction& p) {
         return listed(p, "configuredMembers").empty() && listed(p, "pendingMembers") == "old" &&
                label_after(p, "old") == "mesh";
       }},
      {"0: without its control plane the status alone changes",
       {"2.1", "2.2"},
       kNothing,
       change_of({{delete_plane()}}),
       [](const Prediction& p) {
         return listed(p, "configuredMembers").empty() &&
                has(p, "ServiceMeshMember", "old", "default");
       }},
      {"0: without its control plane the roll's members leave", kFrom23, kNothing,
       change_of({{delete_plane()}}),
       [](const Prediction& p) {
         return !has(p, "ServiceMeshMember", "old", "default") && label_after(p, "old") == "none";
       }},
      {"0: members wait for the control plane",
       {"2.1"},
       kNothing,
       change_of({{stop_plane()}, {members({"old", "shop"})}}),
       [](const Prediction& p) {
         return label_after(p, "shop") == "none" &&
                condition(p, "ServiceMeshMemberRoll", "mesh", "default", "Ready") ==
                    "False: SMCPReconciling";
       }},
      {"0: members do not wait for the control plane", kFrom22, kNothing,
       change_of({{stop_plane()}, {members({"old", "shop"})}}),
       [](const Prediction& p) { return label_after(p, "shop") == "mesh"; }},
      {"0: `*`",
       {"2.3", "2.4", "2.5"},
       kNothing,
       change_of({{members({"*"})}}),
       [](const Prediction& p) { return label_after(p, "pay") == "mesh"; }},
      {"0: no `*`",
       {"2.0", "2.1", "2.2"},
       kNothing,
       change_of({{members({"*"})}}),
       [](const Prediction& p) { return label_after(p, "pay") == "none"; }},
      {"0: spec.memberSelectors", kFrom24, kNothing,
       change_of({{patch("ServiceMeshMemberRoll", "mesh", "default",
                         "{spec: {members: null, memberSelectors: [{matchLabels: "
                         "{kubernetes.io/metadata.name: pay}}]}}")}}),
       [](const Prediction& p) { return label_after(p, "pay") == "mesh"; }},
      {"0: unknown networkType is NetworkPolicy", kFrom20, kCilium, join(),
       [](const Prediction& p) { return count(p, "NetworkPolicy", "shop") == 2; }},
      {"0: unknown networkType is an error",
       {"1.0", "1.1"},
       kCilium,
       join(),
       [](const Prediction& p) { return label_after(p, "shop") == "none"; }},
      {"0: no networkType is NetworkPolicy", kFrom20, kNoType, join(),
       [](const Prediction& p) { return count(p, "NetworkPolicy", "shop") == 2; }},
      {"0: no networkType does nothing",
       {"1.1"},
       kNoType,
       join(),
       [](const Prediction& p) {
         return count(p, "NetworkPolicy", "shop") == 0 && label_after(p, "shop") == "mesh";
       }},
      {"0: OpenShiftSDN without pluginName is NetworkPolicy", kFrom20, kNoPlugin, join(),
       [](const Prediction& p) { return count(p, "NetworkPolicy", "shop") == 2; }},
      {"0: OpenShiftSDN without pluginName does nothing",
       {"1.0", "1.1"},
       kNoPlugin,
       join(),
       [](const Prediction& p) { return count(p, "NetworkPolicy", "shop") == 0; }},
      {"0: Network cluster not found does nothing",
       {"1.1", "2.0", "2.2", "2.5"},
       kOvn,
       change_of({{remove("Network", "", "cluster"), members({"old", "shop"})}}),
       [](const Prediction& p) {
         return count(p, "NetworkPolicy", "shop") == 0 && label_after(p, "shop") == "mesh";
       }},
      {"0: a terminating project is skipped", kFrom20, kTerminating,
       change_of({{members({"old", "ending"})}}),
       [](const Prediction& p) { return label_after(p, "ending") == "none"; }},
      {"0: a terminating project is processed",
       {"1.0", "1.1"},
       kTerminating,
       change_of({{members({"old", "ending"})}}),
       [](const Prediction& p) { return label_after(p, "ending") == "mesh"; }},
      {"0: manageNetworkPolicy is honoured", kFrom21, kNothing,
       change_of({{edit_plane("{security: {manageNetworkPolicy: false}}")}}),
       [](const Prediction& p) { return count(p, "NetworkPolicy", "old") == 0; }},
      {"0: manageNetworkPolicy is not known",
       {"2.0"},
       kNothing,
       change_of({{edit_plane("{security: {manageNetworkPolicy: false}}")}}),
       [](const Prediction& p) { return count(p, "NetworkPolicy", "old") == 2; }},
      {"0: copies keep the prune labels",
       {"1.1", "2.0"},
       kNothing,
       join(),
       [](const Prediction& p) {
         return label(p, "RoleBinding", "shop", "prometheus-mesh", kOwnerLabel) == "mesh";
       }},
      {"0: copies are stripped of the prune labels", kFrom21, kNothing, join(),
       [](const Prediction& p) {
         return label(p, "RoleBinding", "shop", "prometheus-mesh", kOwnerLabel) == "none";
       }},
      {"0: RoleBindings of Roles are copied",
       {"2.0", "2.1", "2.2"},
       kNothing,
       join(),
       [](const Prediction& p) {
         return has(p, "RoleBinding", "shop", "istio-ingressgateway-sds");
       }},
      {"0: RoleBindings of Roles are not copied", kFrom23, kNothing, join(),
       [](const Prediction& p) {
         return !has(p, "RoleBinding", "shop", "istio-ingressgateway-sds");
       }},
  });
}

constexpr const char* kSdn =
    "apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: {name: cluster}\nspec: "
    "{networkType: OpenShiftSDN}\n---\napiVersion: network.openshift.io/v1\nkind: ClusterNetwork\n"
    "metadata: {name: default}\npluginName: redhat/openshift-ovs-networkpolicy\n";

/// The members cannot follow the control plane's next generation.
const Change kStale = change_of(
    {{patch("ClusterNetwork", "", "default", "{pluginName: x}"), edit_plane("{proxy: {a: b}}")}});

TEST_CASE("operator.md 1: labels, required projects and what becomes of each") {
  check_rows({
      {"1.2: the member's only label is member-of", kFrom21, kNothing, join(),
       [](const Prediction& p) {
         return label(p, "Namespace", "", "shop", kMemberOfLabel) == "mesh" &&
                label(p, "Namespace", "", "shop", kIgnoreNamespaceLabel) == "none";
       }},
      {"1.2: the control plane's project is excluded from injection up to 2.3",
       {"1.0", "2.0", "2.2", "2.3"},
       kNothing,
       change_of({{}}),
       [](const Prediction& p) {
         return label(p, "Namespace", "", "mesh", kIgnoreNamespaceLabel) == "ignore";
       }},
      {"1.2: it is not with v2.4 and later", kFrom24, kNothing, change_of({{}}),
       [](const Prediction& p) {
         return label(p, "Namespace", "", "mesh", kIgnoreNamespaceLabel) == "none" &&
                label(p, "Namespace", "", "mesh", kMemberOfLabel) == "mesh";
       }},
      {"1.3: an explicitly listed openshift- project is enrolled", kFrom24,
       "apiVersion: v1\nkind: Namespace\nmetadata: {name: openshift-foo}\n",
       change_of({{members({"openshift-foo"})}}),
       [](const Prediction& p) { return label_after(p, "openshift-foo") == "mesh"; }},
      {"1.3: `*` leaves system projects out", kFrom24,
       "apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-x}\n---\napiVersion: v1\nkind: "
       "Namespace\nmetadata: {name: ibm-x}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: "
       "openshift-x}\n",
       change_of({{members({"*"})}}),
       [](const Prediction& p) {
         return label_after(p, "kube-x") == "none" && label_after(p, "ibm-x") == "none" &&
                label_after(p, "openshift-x") == "none";
       }},
      {"1.3: 2.3 knows of no ibm- projects",
       {"2.3"},
       "apiVersion: v1\nkind: Namespace\nmetadata: {name: ibm-x}\n",
       change_of({{members({"*"})}}),
       [](const Prediction& p) { return label_after(p, "ibm-x") == "mesh"; }},
      {"1.3: a missing key has the value \"\"", kFrom24, kNothing,
       change_of(
           {{patch("ServiceMeshMemberRoll", "mesh", "default",
                   "{spec: {members: null, memberSelectors: [{matchLabels: {team: ''}}]}}")}}),
       [](const Prediction& p) { return label_after(p, "pay") == "mesh"; }},
      {"1.3: an unknown operator matches", kFrom24, kNothing,
       change_of({{patch("ServiceMeshMemberRoll", "mesh", "default",
                         "{spec: {members: null, memberSelectors: [{matchExpressions: [{key: a, "
                         "operator: Like, values: [b]}]}]}}")}}),
       [](const Prediction& p) { return label_after(p, "pay") == "mesh"; }},
      {"1.4: a project that does not exist is pending", kFrom21, kNothing,
       change_of({{members({"old", "none-yet"})}}),
       [](const Prediction& p) {
         return listed(p, "pendingMembers") == "none-yet" &&
                !has(p, "ServiceMeshMember", "none-yet", "default");
       }},
      {"1.4: it joins when it is created", kFrom20, kNothing,
       change_of({{members({"old", "later"})},
                  {apply("{apiVersion: v1, kind: Namespace, metadata: {name: later}}")}}),
       [](const Prediction& p) { return label_after(p, "later") == "mesh"; }},
      {"1.4: a project of another mesh is an error of its ServiceMeshMember", kFrom21,
       "apiVersion: v1\nkind: Namespace\nmetadata: {name: taken, labels: {maistra.io/member-of: "
       "b}}\n",
       change_of({{members({"old", "taken"})}}),
       [](const Prediction& p) {
         return condition(p, "ServiceMeshMember", "taken", "default", "Reconciled") ==
                "False: ErrorConfiguringNamespace";
       }},
      {"1.4: a ServiceMeshMember of another control plane stays", kFrom21,
       "apiVersion: maistra.io/v1\nkind: ServiceMeshMember\nmetadata: {name: default, namespace: "
       "shop, finalizers: [maistra.io/istio-operator]}\nspec: {controlPlaneRef: {name: x, "
       "namespace: y}}\n",
       join(),
       [](const Prediction& p) {
         return listed(p, "pendingMembers") == "shop" && label_after(p, "shop") == "none";
       }},
      {"1.4: the roll of a ServiceMeshMember stays while others refer to it", kFrom23, kNothing,
       change_of({{remove("ServiceMeshMemberRoll", "mesh", "default")},
                  {member_of("shop"), member_of("pay")},
                  {remove("ServiceMeshMember", "shop", "default")}}),
       [](const Prediction& p) { return listed(p, "configuredMembers") == "pay"; }},
      {"1.5: members are the required and the referring", kFrom21, kNothing,
       change_of({{member_of("pay")}}),
       [](const Prediction& p) { return listed(p, "members") == "old pay"; }},
      {"1.5: a member that is not up to date counts as configured", kFrom22, kSdn, kStale,
       [](const Prediction& p) { return listed(p, "configuredMembers") == "old"; }},
      {"1.5: a member that is not up to date does not count as configured",
       {"2.1"},
       kSdn,
       kStale,
       [](const Prediction& p) { return listed(p, "configuredMembers").empty(); }},
      {"1.5: the roll is ready when all are configured", kFrom20, kNothing, join(),
       [](const Prediction& p) {
         return condition(p, "ServiceMeshMemberRoll", "mesh", "default", "Ready") == "True";
       }},
      {"1.5: ErrSMCPMissing", kFrom20, kNothing, change_of({{delete_plane()}}),
       [](const Prediction& p) {
         return condition(p, "ServiceMeshMemberRoll", "mesh", "default", "Ready") ==
                "False: ErrSMCPMissing";
       }},
      {"1.5: ErrorControlPlaneMissing", kFrom21, kNothing, change_of({{member_of("pay", "gone")}}),
       [](const Prediction& p) {
         return condition(p, "ServiceMeshMember", "pay", "default", "Reconciled") ==
                "False: ErrorControlPlaneMissing";
       }},
      {"1.7: cluster-wide a roll is made", kFrom24, kNothing,
       change_of({{remove("ServiceMeshMemberRoll", "mesh", "default")},
                  {delete_plane()},
                  {apply("{apiVersion: maistra.io/v2, kind: ServiceMeshControlPlane, metadata: "
                         "{name: wide, namespace: mesh}, spec: {version: v2.4, mode: "
                         "ClusterWide}}")}}),
       [](const Prediction& p) {
         const Object* roll = p.after.find("ServiceMeshMemberRoll", "mesh", "default");
         return roll != nullptr && roll->tree->find_path({"spec", "memberSelectors"}) != nullptr &&
                has(p, "ClusterRoleBinding", "", "istiod-clusterrole-wide-mesh");
       }},
  });
}

}  // namespace
}  // namespace meshproof
