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
       {"4: error[wrong-type]: an item of `members` is the number `5`, not a string",
        "4: error[wrong-type]: an item of `members` is null, not a string"}},
      {"ServiceMeshMemberRoll",
       "{members: ['', ' shop', '*', shop-1]}",
       {"4: warning[bad-member]: no namespace can have the name ``",
        "4: warning[bad-member]: no namespace can have the name ` shop`"}},
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
      {"{security: {manageNetworkPolicy: \"false\"}}",
       {"4: error[wrong-type]: `manageNetworkPolicy` is the string `false`, not a boolean"}},
      {"{mode: ClusterWide}", {}},
      {"{mode: clusterwide}",
       {"4: error[unknown-mode]: mode `clusterwide` is unknown; it is MultiTenant or ClusterWide"}},
      {"{addons: [kiali]}", {"4: error[wrong-type]: `addons` is a list, not a mapping"}},
      {"{profiles: default}",
       {"4: error[wrong-type]: `profiles` is the string `default`, not a list"}},
  }));
  CAPTURE(row.spec);
  const std::string plane = mesh_object("ServiceMeshControlPlane", "basic", row.spec);
  CHECK(lines_of(project_text(plane).diagnostics) == row.told);
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
