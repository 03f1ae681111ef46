#include "tests/backends/apply_scene.h"

#include <catch2/catch.hpp>

#include "backends/sha256.h"
#include "model/execution_stages.h"
#include "model/mesh/metadata.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

constexpr std::string_view kBefore = R"(
apiVersion: v1
kind: Namespace
metadata: {name: kube-system, uid: u-1}
---
apiVersion: v1
kind: Namespace
metadata: {name: mesh}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: maistra.io/v1
kind: ServiceMeshMemberRoll
metadata: {name: default, namespace: mesh}
spec: {members: [pay]}
status: {configuredMembers: [pay]}
)";

constexpr std::string_view kAfterwards = R"(
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: bridge, namespace: shop}
spec: {podSelector: {}, ingress: [{}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: istio-mesh, namespace: shop}
spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {maistra.io/member-of: mesh}}}]}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {maistra.io/member-of: mesh}}
---
apiVersion: maistra.io/v1
kind: ServiceMeshMemberRoll
metadata: {name: default, namespace: mesh}
spec: {members: [pay, shop]}
)";

PlannedWrite write(Step::Writer writer, const Tree* before, const Tree* after) {
  PlannedWrite result;
  result.writer = writer;
  const Tree& either = after != nullptr ? *after : *before;
  result.key = key_of(either);
  result.api_version = either.string_at({"apiVersion"});
  if (before != nullptr) result.before = *before;
  if (after != nullptr) result.after = *after;
  if (result.before) result.before->erase("status");
  return result;
}

std::vector<std::string> members_of(const MemoryCluster& cluster) {
  const ObjectKey roll{"maistra.io", "ServiceMeshMemberRoll", "mesh", "default"};
  const auto found = cluster.objects.find(roll);
  if (found == cluster.objects.end()) return {};
  return strings_at(found->second, {"spec", "members"});
}

}  // namespace

Execution small_join() {
  const std::vector<Tree> before = trees_from(kBefore);
  const std::vector<Tree> after = trees_from(kAfterwards);
  const Tree& roll = before[3];
  const Tree& shop = before[2];
  const auto user = Step::Writer::User;
  const auto mesh = Step::Writer::Operator;
  Execution execution;
  execution.program = "0.0.0";
  execution.cluster.kube_system_uid = "u-1";
  execution.order = "bridges";
  execution.stages = {{{write(user, nullptr, &after[0])}, {}, 5},
                      {{write(user, &roll, &after[3]), write(mesh, nullptr, &after[1]),
                        write(mesh, &shop, &after[2])},
                       {{"mesh", "shop", true}},
                       5},
                      {{write(user, &after[0], nullptr)}, {}, 0}};
  execution.rollback = {{{write(user, nullptr, &after[0])}, {}, 5},
                        {{write(user, &after[3], &roll), write(mesh, &after[1], nullptr),
                          write(mesh, &after[2], &shop)},
                         {{"mesh", "shop", false}},
                         5},
                        {{write(user, &after[0], nullptr)}, {}, 0}};
  return execution;
}

void fill_cluster(MemoryCluster& cluster) {
  for (const Tree& tree : trees_from(kBefore)) cluster.put(tree);
  for (const std::string_view kind :
       {"Namespace", "NetworkPolicy", "ServiceMeshMemberRoll", "ServiceMeshMember"}) {
    cluster.kinds.push_back({std::string(default_api_version(kind)), std::string(kind)});
  }
  cluster.kinds.push_back({"coordination.k8s.io/v1", "Lease"});
}

void SmallOperator::act() {
  if (is_dead) return;
  const std::vector<std::string> members = members_of(cluster_);
  const bool wanted = std::ranges::find(members, "shop") != members.end();
  const std::vector<Tree> after = trees_from(kAfterwards);
  const ObjectKey policy = key_of(after[1]);
  const ObjectKey ns = key_of(after[2]);
  const ObjectKey roll_key = key_of(after[3]);
  if (cluster_.objects.contains(policy) != wanted) {
    if (wanted)
      cluster_.put(after[1]);
    else
      cluster_.erase(policy);
    return;
  }
  Tree shop = cluster_.objects.at(ns);
  const bool is_labelled =
      shop.find_path({"metadata", "labels", "maistra.io/member-of"}) != nullptr;
  if (is_labelled != wanted) {
    if (wanted)
      set_label(shop, "maistra.io/member-of", "mesh");
    else
      erase_label(shop, "maistra.io/member-of");
    cluster_.put(shop);
    return;
  }
  Tree roll = cluster_.objects.at(roll_key);
  if (strings_at(roll, {"status", "configuredMembers"}) == members) return;
  roll.mapping_at("status").set("configuredMembers", Tree::strings(members));
  cluster_.put(roll);
}

void settle(Execution& execution, const MemoryCluster& cluster) {
  std::vector<Object> objects;
  for (const auto& [key, tree] : cluster.objects) objects.push_back(make_object(tree));
  execution.basis.clear();
  execution.basis_kinds.clear();
  add_basis(execution, ObjectStore(std::move(objects)), {}, sha256);
  execution.digest = sha256(canonical_text(execution));
}

ExecutionRun attempt(const Execution& execution, MemoryCluster& cluster, TestClock& clock,
                     const std::string& path, const Attempt& how) {
  auto journal = how.resumes ? Journal::resume(path, execution)
                             : Journal::begin(path, execution, how.via, "run-1");
  REQUIRE(journal);
  auto live = LiveState::open(cluster, execution);
  if (!live) return {.because = live.error().message};
  Lease lease(cluster, clock, {"mesh"}, journal->record().run);
  ApplyScene scene{execution, cluster, *live, *journal, lease, clock, how.options, {}};
  return how.takes_back ? take_back(scene, "asked for") : execute(scene);
}

std::map<ObjectKey, Tree> contents(const MemoryCluster& cluster) {
  std::map<ObjectKey, Tree> result;
  for (const auto& [key, tree] : cluster.objects) {
    if (key.kind != "Lease") result.emplace(key, content_of(tree));
  }
  return result;
}

}  // namespace meshproof
