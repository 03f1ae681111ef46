#include "scenarios/must_gather.h"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/scenarios/must_gather_tree.h"
#include "tests/scenarios/packed.h"
#include "tests/scenarios/told.h"

using namespace meshproof;

namespace {

using Lines = std::vector<std::string>;

std::string collected(const Coverage& coverage, const char* kind, const char* ns) {
  return std::string{to_string(coverage.find({kind, ns}).collected)};
}

/// Reads a tree of these files below a folder `mg`.
InputReading read_tree(const std::vector<PackedFile>& files) {
  const TemporaryFolder folder;
  for (const PackedFile& file : files) (void)folder.write("mg/" + file.path, file.text);
  return reading_of({folder.path() + "/mg"}, folder.path() + "/");
}

}  // namespace

TEST_CASE("the path of a gathered file says what it holds") {
  struct Row {
    const char* path;
    GatheredPath gathered;
  };
  const auto row = GENERATE(values<Row>({
      {"mg/img/namespaces/shop/shop.yaml", {"mg/img/", "shop", "", "", "shop", false}},
      {"namespaces/shop/core/pods.yaml", {"", "shop", "", "pods", "", true}},
      {"namespaces/shop/pods/web-1/web-1.yaml", {"", "shop", "", "pods", "web-1", false}},
      {"namespaces/shop/maistra.io/servicemeshmembers/default.yaml",
       {"", "shop", "maistra.io", "servicemeshmembers", "default", false}},
      {"mg/namespaces/all/namespaces/shop/apps/deployments.yaml",
       {"mg/namespaces/all/", "shop", "apps", "deployments", "", true}},
      {"mg/cluster-scoped-resources/config.openshift.io/networks.yaml",
       {"mg/", "", "config.openshift.io", "networks", "", true}},
      {"mg/cluster-scoped-resources/core/nodes/a.b.yaml", {"mg/", "", "", "nodes", "a.b", false}},
      {"mg/cluster-scoped-resources/core/namespaces/shop.yaml",
       {"mg/", "", "", "namespaces", "shop", false}},
  }));
  CAPTURE(row.path);
  CHECK(gathered_path(row.path) == row.gathered);
}

TEST_CASE("other paths are not of that layout") {
  const auto* path =
      GENERATE("namespaces/shop.yaml", "namespaces/shop/web.yaml", "namespaces/shop/base/web.yaml",
               "shop/core/pods.yaml", "namespaces/shop/pods/web-1/web/web/healthz.json",
               "cluster-scoped-resources/a.yaml", "etcd_info/health.json",
               "cluster-scoped-resources/base/a.yaml", "");
  CAPTURE(path);
  CHECK_FALSE(gathered_path(path));
}

TEST_CASE("a repository with a folder called namespaces is no must-gather") {
  const Lines paths{"repo/app.yaml", "repo/namespaces/shop/core/pods.yaml",
                    "repo/namespaces/shop/apps/web.yaml"};
  const TreeSelection selection = select_files(paths);
  CHECK(selection.roots.empty());
  CHECK(selection.left_out == 0);
  CHECK(selection.files.size() == 3);
  CHECK_FALSE(selection.files.at(1).gathered);
}

TEST_CASE("manifests beside a must-gather are read like others") {
  const TreeSelection selection =
      select_files({"dumps/extra.yaml", "dumps/mg/cluster-scoped-resources/core/nodes/a.yaml",
                    "dumps/mg/etcd_info/health.json"});
  CHECK(selection.roots == Lines{"dumps/mg/"});
  REQUIRE(selection.files.size() == 2);
  CHECK_FALSE(selection.files.at(0).gathered);
  CHECK(selection.files.at(1).gathered);
  CHECK(selection.left_out == 1);
}

TEST_CASE("an oc adm inspect of one namespace is a must-gather, too") {
  const InputReading reading =
      read_tree({{"namespaces/shop/shop.yaml", namespace_text("shop")},
                 {"namespaces/shop/core/pods.yaml", pods_text("shop", 2)}});
  CHECK(reading.told == Lines{"mg: note[must-gather]: a must-gather: 2 files with objects are "
                              "read, 0 others are left out"});
  CHECK(collected(reading.input.coverage, "Pod", "shop") == "listed");
  CHECK(collected(reading.input.coverage, "Pod", "pay") == "never-collected");
  CHECK(reading.input.coverage.origins.at(0).form == OriginForm::MustGather);
}

TEST_CASE("a must-gather says for each namespace and kind what it collected") {
  const Coverage coverage = read_tree(must_gather_tree()).input.coverage;
  CHECK(collected(coverage, "Pod", "kube-system") == "listed");
  CHECK(coverage.find({"Pod", "kube-system"}).objects == 1);
  CHECK(collected(coverage, "Pod", "istio-system") == "listed");
  CHECK(coverage.find({"Pod", "istio-system"}).objects == 0);
  CHECK(collected(coverage, "networking.k8s.io/NetworkPolicy", "kube-system") == "never-collected");
  CHECK(collected(coverage, "config.openshift.io/Network", "") == "listed");
  CHECK(collected(coverage, "Node", "") == "listed");
  CHECK(collected(coverage, "network.openshift.io/HostSubnet", "") == "listed");
  CHECK(collected(coverage, "Namespace", "") == "never-collected");
  // The network operator's own ones are gathered by name, the others not at all.
  CHECK(collected(coverage, "network.openshift.io/NetNamespace", "") == "never-collected");
}

TEST_CASE("the mesh's kinds are collected where its own collector ran") {
  const auto tree = must_gather_tree();
  CHECK(collected(read_tree(tree).input.coverage, "maistra.io/ServiceMeshMemberRoll", "") ==
        "listed");
  CHECK(collected(read_tree(tree).input.coverage, "maistra.io/ServiceMeshMember", "") ==
        "never-collected");
  std::vector<PackedFile> without_definition;
  for (const PackedFile& file : tree) {
    if (file.path.find("customresourcedefinitions") == std::string::npos) {
      without_definition.push_back(file);
    }
  }
  CHECK(collected(read_tree(without_definition).input.coverage, "maistra.io/ServiceMeshMemberRoll",
                  "") == "never-collected");
}

TEST_CASE("one node or definition that was asked for by hand is not all of them") {
  std::vector<PackedFile> by_hand;
  for (PackedFile file : must_gather_tree()) {
    if (const auto image = file.path.find('/'); image != std::string::npos) {
      file.path.erase(0, image + 1);
      by_hand.push_back(std::move(file));
    }
  }
  const Coverage coverage = read_tree(by_hand).input.coverage;
  CHECK(collected(coverage, "Pod", "kube-system") == "listed");
  CHECK(collected(coverage, "Node", "") == "never-collected");
  CHECK(collected(coverage, "maistra.io/ServiceMeshMemberRoll", "") == "never-collected");
}

TEST_CASE("a list of a must-gather that was cut off is not listed") {
  const InputReading reading =
      read_tree({{"namespaces/shop/shop.yaml", namespace_text("shop")},
                 {"namespaces/shop/core/pods.yaml",
                  "{kind: PodList, apiVersion: v1, metadata: {continue: x}, items: []}"}});
  CHECK(collected(reading.input.coverage, "Pod", "shop") == "cut-off");
}

TEST_CASE("a dump beside a must-gather is assumed to be whole for its kinds") {
  const TemporaryFolder folder;
  for (const PackedFile& file : must_gather_tree())
    (void)folder.write("mg/" + file.path, file.text);
  const auto policy = [](const std::string& ns) {
    return "- {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: x, "
           "namespace: " +
           ns + "}, spec: {podSelector: {}}}\n";
  };
  const std::string list = "kind: List\napiVersion: v1\nitems:\n";
  constexpr const char* kPolicy = "networking.k8s.io/NetworkPolicy";
  const auto coverage_with = [&](const std::string& text) {
    const std::string dump = folder.write("dump.yaml", text);
    return reading_of({dump, folder.path() + "/mg"}, "").input.coverage;
  };
  const Coverage all = coverage_with(list + policy("shop") + policy("pay"));
  CHECK(collected(all, kPolicy, "kube-system") == "assumed");
  CHECK(all.origins.at(all.find({kPolicy, "shop"}).origin).name == folder.path() + "/dump.yaml");
  const Coverage one = coverage_with(list + policy("shop"));
  CHECK(collected(one, kPolicy, "shop") == "assumed");
  CHECK(collected(one, kPolicy, "kube-system") == "never-collected");
  const Coverage two_lists = coverage_with(list + policy("shop") + "---\n" + list + policy("pay"));
  CHECK(collected(two_lists, kPolicy, "pay") == "assumed");
  CHECK(collected(two_lists, kPolicy, "kube-system") == "never-collected");
  std::string nowhere = policy("shop");
  nowhere.erase(nowhere.find(", namespace: shop"), 17);
  CHECK(collected(coverage_with(list + nowhere), kPolicy, "shop") == "never-collected");
  // One manifest is no list of all there are.
  const Coverage single = coverage_with(policy("shop").substr(2));
  CHECK(collected(single, kPolicy, "shop") == "never-collected");
}
