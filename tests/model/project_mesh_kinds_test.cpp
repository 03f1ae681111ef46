#include <catch2/catch.hpp>

#include "tests/model/projected.h"

namespace meshproof {
namespace {

using Lines = std::vector<std::string>;

std::string mesh_object(const std::string& kind, const std::string& name, const std::string& spec) {
  return "apiVersion: maistra.io/v" + std::string{kind == "ServiceMeshControlPlane" ? "2" : "1"} +
         "\nkind: " + kind + "\nmetadata: {name: " + name + ", namespace: mesh}\nspec: " + spec +
         "\n";
}

std::string replaced_namespace(std::string text, const std::string& ns) {
  const std::string written = "namespace: mesh}\nspec";
  return text.replace(text.find(written), written.size(), "namespace: " + ns + "}\nspec");
}

TEST_CASE("a value of another type in the mesh's kinds is an error, not an absent value") {
  struct Row {
    std::string kind;
    std::string spec;
    Lines told;
  };
  const auto row = GENERATE(values<Row>({
      {"ServiceMeshMemberRoll", "[]", {"4: error[wrong-type]: `spec` is a list, not a mapping"}},
      {"ServiceMeshMemberRoll",
       "{members: shop}",
       {"4: error[wrong-type]: `members` is the string `shop`, not a list"}},
      {"ServiceMeshMemberRoll",
       "{members: [5, null]}",
       {"4: warning[bad-member]: the number `5` is no name of a namespace: it is left out",
        "4: warning[bad-member]: null is no name of a namespace: it is left out"}},
      {"ServiceMeshMemberRoll",
       "{members: ['', ' shop', '*', shop-1, Shop, -a, a.b]}",
       {"4: warning[bad-member]: no namespace can have the name ``",
        "4: warning[bad-member]: no namespace can have the name ` shop`",
        "4: warning[bad-member]: no namespace can have the name `Shop`",
        "4: warning[bad-member]: no namespace can have the name `-a`",
        "4: warning[bad-member]: no namespace can have the name `a.b`"}},
      {"ServiceMeshMemberRoll",
       "{memberSelectors: [{matchLabels: x}]}",
       {"4: error[wrong-type]: `matchLabels` is the string `x`, not a mapping"}},
      {"ServiceMeshMember",
       "{controlPlaneRef: mesh}",
       {"4: error[wrong-type]: `controlPlaneRef` is the string `mesh`, not a mapping"}},
      {"ServiceMeshMember",
       "{controlPlaneRef: {name: 1, namespace: mesh}}",
       {"4: error[wrong-type]: `name` is the number `1`, not a string"}},
  }));
  CAPTURE(row.spec);
  CHECK(lines_of(project_text(mesh_object(row.kind, "default", row.spec)).diagnostics) == row.told);
}

TEST_CASE("a control plane's fields have the types that the prediction reads") {
  struct Row {
    std::string spec;
    Lines told;
  };
  const auto row = GENERATE(values<Row>({
      {"{version: v2.5, profiles: [default], techPreview: {}, addons: null}", {}},
      {"{version: 2.5}", {"4: error[wrong-type]: `version` is the number `2.5`, not a string"}},
      {"{version: v9.9}",
       {"4: warning[unsupported-control-plane-version]: spec.version \"v9.9\" is not modelled; "
        "taken "
        "as v2.6"}},
      {"{}",
       {"1: warning[control-plane-without-version]: ServiceMeshControlPlane mesh/basic has no "
        "spec.version: taken as the newest of its operator, which admission would write"}},
      {"{version: v2.5, security: {manageNetworkPolicy: \"false\"}}",
       {"4: error[wrong-type]: `manageNetworkPolicy` is the string `false`, not a boolean"}},
      {"{version: v2.5, mode: ClusterWide}", {}},
      {"{version: v2.5, mode: clusterwide}",
       {"4: error[unknown-mode]: mode `clusterwide` is unknown; it is MultiTenant or ClusterWide"}},
      {"{version: v2.5, addons: [kiali]}",
       {"4: error[wrong-type]: `addons` is a list, not a mapping"}},
      {"{version: v2.5, profiles: default}",
       {"4: error[wrong-type]: `profiles` is the string `default`, not a list"}},
  }));
  CAPTURE(row.spec);
  const std::string plane = mesh_object("ServiceMeshControlPlane", "basic", row.spec);
  CHECK(lines_of(project_text(plane).diagnostics) == row.told);
}

TEST_CASE("an operator that is not known is told where the status names it") {
  const std::string plane = mesh_object("ServiceMeshControlPlane", "basic", "{version: v2.5}");
  CHECK(lines_of(project_text(plane + "status: {operatorVersion: 3.0.1}\n").diagnostics) ==
        Lines{"5: warning[unsupported-operator-version]: the operator \"3.0.1\" is not modelled: "
              "what else shows a version counts, or the newest known, 2.5"});
  CHECK(lines_of(project_text(plane + "status: {operatorVersion: 2.6.0}\n").diagnostics).empty());
}

TEST_CASE("a control plane without a version has that of the charts which its status shows") {
  const std::string plane =
      mesh_object("ServiceMeshControlPlane", "basic", "{}") + "status: {chartVersion: 2.3.11}\n";
  CHECK(
      lines_of(project_text(plane).diagnostics) ==
      Lines{"1: warning[control-plane-without-version]: ServiceMeshControlPlane mesh/basic has no "
            "spec.version: taken as v2.3, as its status tells"});
}

std::string object_in(const std::string& kind, const std::string& ns, const std::string& name,
                      const std::string& spec) {
  return "---\n" + replaced_namespace(mesh_object(kind, name, spec), ns);
}

TEST_CASE("M4: meshes that contradict each other are told at both places, and analysed") {
  const std::string a = object_in("ServiceMeshControlPlane", "mesh-a", "a", "{version: v2.5}");
  const std::string b = object_in("ServiceMeshControlPlane", "mesh-b", "b", "{version: v2.5}");
  const auto roll = [](const std::string& ns, const std::string& members) {
    return object_in("ServiceMeshMemberRoll", ns, "default", "{members: " + members + "}");
  };
  CHECK(lines_of(
            project_text(a + object_in("ServiceMeshControlPlane", "mesh-a", "c", "{version: v2.5}"))
                .diagnostics) ==
        Lines{"7: warning[two-control-planes]: project mesh-a has two control planes, a and c: "
              "admission allows one, and the roll of two is not worked on"});
  CHECK(lines_of(project_text(a + b + roll("mesh-a", "[shop]") + roll("mesh-b", "[pay, shop]"))
                     .diagnostics) ==
        Lines{"20: warning[project-in-two-rolls]: shop is on the rolls of mesh-a and mesh-b: a "
              "project belongs to one mesh, and only one of them gets it"});
  CHECK(lines_of(project_text(a + b + roll("mesh-a", "[mesh-b]") +
                              object_in("ServiceMeshMember", "mesh-a", "default",
                                        "{controlPlaneRef: {name: b, namespace: mesh-b}}"))
                     .diagnostics) ==
        Lines{"20: warning[mesh-reference-circle]: the projects of control planes are members of "
              "each other: mesh-a → mesh-b → mesh-a"});
  CHECK(lines_of(project_text(a + roll("mesh-a", "[mesh-a]")).diagnostics) ==
        Lines{"10: warning[mesh-reference-circle]: the project of control plane mesh-a is put into "
              "its own mesh: it belongs to it without that"});
  CHECK(lines_of(project_text(a + b + roll("mesh-a", "[shop]")).diagnostics).empty());
}

TEST_CASE("a roll or a member that the operator ignores is told") {
  CHECK(lines_of(project_text(mesh_object("ServiceMeshMemberRoll", "foo", "{}")).diagnostics) ==
        Lines{"3: warning[mesh-object-name]: the operator ignores this ServiceMeshMemberRoll: its "
              "name is `foo`, not `default`"});
  CHECK(lines_of(project_text(mesh_object("ServiceMeshMember", "foo", "{}")).diagnostics) ==
        Lines{"3: warning[mesh-object-name]: the operator ignores this ServiceMeshMember: its "
              "name is `foo`, not `default`"});
}

}  // namespace
}  // namespace meshproof
