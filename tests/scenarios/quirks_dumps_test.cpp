// The quirks of real input, by their numbers in the table of spec page inputs.md: dumps, and what
// the objects in them look like.

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/scenarios/must_gather_tree.h"
#include "tests/scenarios/packed.h"
#include "tests/scenarios/told.h"
#include "tests/support/yaml.h"

using namespace meshproof;

namespace {

using Lines = std::vector<std::string>;

std::string pod(const std::string& name, const std::string& rest) {
  return "---\n{apiVersion: v1, kind: Pod, metadata: {name: " + name + ", namespace: a}" + rest +
         "}\n";
}

const Pod& pod_of(const Cluster& cluster, const char* name) {
  return cluster.at(cluster.find_pod(cluster.find_namespace("a"), name));
}

std::string roll(const std::string& rest, const std::string& version = "v1") {
  return "{apiVersion: maistra.io/" + version +
         ", kind: ServiceMeshMemberRoll, metadata: {name: default, namespace: mesh}" + rest + "}\n";
}

/// What projecting the text tells, one code each.
Lines codes_of(const std::string& text) {
  Diagnostics told;
  (void)project(reading_of(text).input.objects, {}, told);
  Lines codes;
  for (const Diagnostic& each : told) {
    if (each.code != "network-assumed") codes.push_back(each.code);
  }
  return codes;
}

}  // namespace

TEST_CASE("quirk 5: a must-gather of several images is read as one, packed or not") {
  const TemporaryFolder folder;
  std::vector<PackedFile> files;
  for (const PackedFile& file : must_gather_tree()) {
    files.push_back({"must-gather.local.42/" + file.path, file.text});
    (void)folder.write(files.back().path, file.text);
  }
  const std::string tree = folder.path() + "/must-gather.local.42";
  const std::string packed = folder.write("case.tgz", gzip_of(tar_of(files)));
  const auto check = [&](const std::string& path, const std::string& name) {
    const InputReading reading = reading_of({path}, folder.path() + "/");
    CHECK(reading.told == Lines{name + ": note[must-gather]: a must-gather: 13 files with objects "
                                       "are read, 6 others are left out"});
    CHECK(reading.input.objects.size() == 10);
    CHECK(reading.input.objects.find("Pod", "kube-system", "pod-0") != nullptr);
    CHECK(reading.input.objects.find("ServiceMeshMemberRoll", "mesh", "default") == nullptr);
    CHECK(reading.input.objects.find("ServiceMeshMemberRoll", "istio-system", "default") !=
          nullptr);
  };
  check(tree, "must-gather.local.42");
  check(packed, "case.tgz");
  // Both together are the same cluster.
  CHECK(reading_of({tree, packed}, "").input.objects.size() == 10);
}

TEST_CASE("quirk 6: a namespace that is known, but not collected, is in the ledger") {
  const TemporaryFolder folder;
  for (const PackedFile& file : must_gather_tree())
    (void)folder.write("mg/" + file.path, file.text);
  const Coverage coverage = reading_of({folder.path() + "/mg"}, "").input.coverage;
  const Listing shop = coverage.find({"Pod", "shop"});
  CHECK(shop.collected == Collected::Never);
  CHECK(shop.reason == "known, but nothing in it was collected");
  CHECK(coverage.find({"Pod", "kube-system"}).collected == Collected::Listed);
  CHECK(coverage.find({"network.openshift.io/NetNamespace", ""}).collected == Collected::Never);
  CHECK_FALSE(coverage.is_complete());
}

TEST_CASE("quirk 7: gz, tar.gz and zip are read by their content, others name the command") {
  const TemporaryFolder folder;
  const std::string ns = "{apiVersion: v1, kind: Namespace, metadata: {name: a}}\n";
  const auto objects_in = [&](const std::string& bytes) {
    return reading_of({folder.write("dump.bin", bytes)}, "").input.objects.size();
  };
  CHECK(objects_in(gzip_of(ns)) == 1);
  CHECK(objects_in(gzip_of(tar_of({{"a.yaml", ns}}))) == 1);
  CHECK(objects_in(zip_of({{"a.yaml", ns}})) == 1);
  const std::string xz = folder.write("dump.xz", std::string{"\xfd\x37zXZ\0", 6});
  CHECK(reading_of({xz}, folder.path() + "/").told ==
        Lines{"dump.xz: error[archive]: this is an xz file: unpack it first, xz -d dump.xz, and "
              "give what comes out"});
  const TemporaryFolder logs;
  (void)logs.write("a.yaml", ns);
  (void)logs.write("kube.log.1.gz", gzip_of("E0101"));
  CHECK(reading_of({logs.path()}, "").told.empty());
}

TEST_CASE("quirk 20: pods without labels, addresses or status are pods") {
  const Cluster cluster = cluster_from(
      pod("bare", "") + pod("pending", ", status: {phase: Pending}") +
      pod("evicted", ", status: {phase: Failed, reason: Evicted}") +
      pod("host",
          ", spec: {hostNetwork: true, nodeName: n1}, status: {phase: Running, podIP: "
          "10.0.0.1, hostIP: 10.0.0.1}") +
      "---\n{apiVersion: v1, kind: Pod, metadata: {name: mirror, namespace: a, annotations: "
      "{kubernetes.io/config.mirror: x}, ownerReferences: [{apiVersion: v1, kind: Node, name: n1, "
      "uid: u, controller: true}]}}\n");
  CHECK(pod_of(cluster, "bare").phase == PodPhase::Running);
  CHECK(pod_of(cluster, "pending").phase == PodPhase::Pending);
  CHECK(pod_of(cluster, "pending").addresses.empty());
  CHECK(pod_of(cluster, "evicted").is_completed());
  CHECK(pod_of(cluster, "host").host_network);
  CHECK(cluster.at(pod_of(cluster, "mirror").workload).kind == "Pod");
}

TEST_CASE("quirk 21: all addresses of a pod count, and a completed one gives its address back") {
  const Cluster cluster =
      cluster_from(pod("old", ", status: {phase: Succeeded, podIP: 10.1.0.4}") +
                   pod("dual",
                       ", status: {phase: Running, podIP: 10.1.0.4, podIPs: [{ip: 10.1.0.4}, {ip: "
                       "'fd01::4'}]}"));
  CHECK(pod_of(cluster, "dual").addresses.size() == 2);
  const PodId found = cluster.find_pod_by_address(pod_of(cluster, "dual").addresses.front());
  CHECK(cluster.at(found).name == "dual");
  CHECK(codes_of("{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: n, "
                 "namespace: a}, spec: {podSelector: {}, egress: [{to: [{ipBlock: {cidr: "
                 "'::/0'}}]}], policyTypes: [Egress]}}")
            .empty());
}

TEST_CASE("quirk 22: one object of several API versions is one, and a junk roll is told") {
  const auto control_plane = [](const std::string& version) {
    return "---\n{apiVersion: maistra.io/" + version +
           ", kind: ServiceMeshControlPlane, metadata: {name: basic, namespace: mesh, uid: u}, "
           "spec: {version: v2.5}}\n";
  };
  const InputReading versions = reading_of(control_plane("v1") + control_plane("v2"));
  CHECK(versions.told.empty());
  REQUIRE(versions.input.objects.size() == 1);
  CHECK(versions.input.objects.find("ServiceMeshControlPlane", "mesh", "basic")->api_version() ==
        "maistra.io/v2");
  CHECK(reading_of(roll(", spec: {members: [a]}", "v1alpha1")).told.empty());
  CHECK(reading_of(roll(", spec: {members: [a]}", "v7")).told ==
        Lines{"a.yaml:1:35: warning[unknown-version]: maistra.io/v7 ServiceMeshMemberRoll is not "
              "known, and is read as maistra.io/v1"});
  CHECK(codes_of(roll("")).empty());
  CHECK(codes_of(roll(", spec: {members: null}")).empty());
  CHECK_FALSE(codes_of(roll(", spec: {members: [\"\"]}")).empty());
  CHECK_FALSE(codes_of(roll(", spec: {members: [\" shop\"]}")).empty());
}

TEST_CASE("quirk 23: what is being deleted is still there") {
  const std::string text =
      "{apiVersion: v1, kind: Namespace, metadata: {name: a, deletionTimestamp: "
      "'2024-01-01T00:00:00Z', finalizers: [x]}}\n---\n{apiVersion: networking.k8s.io/v1, kind: "
      "NetworkPolicy, metadata: {name: n, namespace: a, deletionTimestamp: '2024-01-01T00:00:00Z', "
      "finalizers: [x]}, spec: {podSelector: {}}}\n";
  const Cluster cluster = cluster_from(text);
  CHECK(cluster.at(cluster.find_namespace("a")).terminating);
  CHECK(cluster.policies.size() == 1);
}

TEST_CASE("quirk 24: the annotations and kinds of delivery tools are kept and never fatal") {
  const InputReading reading = reading_of(
      "{apiVersion: argoproj.io/v1alpha1, kind: ApplicationSet, metadata: {name: x, namespace: a}}"
      "\n---\n{apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: {name: x, "
      "namespace: a}}\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: a, annotations: "
      "{argocd.argoproj.io/sync-wave: \"-1\"}, labels: {kustomize.toolkit.fluxcd.io/name: x}}}\n");
  CHECK(reading.told.empty());
  CHECK(reading.input.objects.size() == 3);
  const Object* ns = reading.input.objects.find("Namespace", "", "a");
  CHECK(ns->annotations()->string_at({"argocd.argoproj.io/sync-wave"}) == "-1");
  CHECK(reading.input.coverage.kinds.at("argoproj.io/ApplicationSet") == 1);
}

TEST_CASE("quirk 25: the payload of a Secret is dropped when it is read") {
  const InputReading reading = reading_of(
      "{apiVersion: v1, kind: Secret, metadata: {name: x, namespace: a, annotations: "
      "{kubectl.kubernetes.io/last-applied-configuration: '{\"data\":{\"p\":\"c2VjcmV0\"}}'}}, "
      "data: {p: c2VjcmV0}, stringData: {q: secret}}");
  CHECK(reading.told.empty());
  const Tree& tree = *reading.input.objects.find({"", "Secret", "a", "x"})->tree;
  CHECK(tree.find("data") == nullptr);
  CHECK(tree.find("stringData") == nullptr);
  CHECK(tree.find_path({"metadata", "annotations"})->fields.empty());
}
