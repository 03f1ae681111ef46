#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "model/project/fields.h"
#include "model/project/policy_parts.h"
#include "model/project/projection.h"

namespace meshproof {
namespace {

constexpr std::array<std::string_view, 5> kPolicyFields{"apiVersion", "kind", "metadata", "spec",
                                                        "status"};
constexpr std::array<std::string_view, 4> kSpecFields{"egress", "ingress", "podSelector",
                                                      "policyTypes"};

/// What the two directions call their rules and peers.
struct DirectionFields {
  std::string_view rules;
  std::string_view peers;
  std::array<std::string_view, 2> known;
};

constexpr DirectionFields kIngress{"ingress", "from", {"from", "ports"}};
constexpr DirectionFields kEgress{"egress", "to", {"ports", "to"}};

/// Reads a list whole or not at all: a list that lost its only item would mean "everything".
template <typename Part, typename Read>
bool read_all(const Tree& parent, std::string_view key, Read read, std::vector<Part>& parts,
              Projection& projection) {
  if (is_absent(parent, key)) return true;
  const auto items = object_items(parent, key, projection.diagnostics);
  for (const auto* item : items) {
    if (auto part = read(*item, projection)) parts.push_back(std::move(*part));
  }
  const Tree& list = *parent.find(key);
  return list.is(TreeKind::Sequence) && parts.size() == list.items.size();
}

std::optional<PolicyRule> read_rule(const Tree& tree, const DirectionFields& fields,
                                    Projection& projection) {
  warn_of_pruned_fields(tree, fields.known, projection.diagnostics);
  PolicyRule rule;
  rule.place = tree.place;
  const bool peers_understood = read_all(tree, fields.peers, read_peer, rule.peers, projection);
  const bool ports_understood = read_all(tree, "ports", read_policy_port, rule.ports, projection);
  if (!peers_understood || !ports_understood) return std::nullopt;
  return rule;
}

std::vector<PolicyRule> read_rules(const Tree& spec, const DirectionFields& fields,
                                   Projection& projection) {
  std::vector<PolicyRule> rules;
  for (const auto* item : object_items(spec, fields.rules, projection.diagnostics)) {
    if (auto rule = read_rule(*item, fields, projection)) rules.push_back(std::move(*rule));
  }
  return rules;
}

/// SEMANTICS P2: without policyTypes, Ingress; Egress too if there is at least one egress rule.
void read_policy_types(const Tree& spec, NetworkPolicy& policy, Diagnostics& diagnostics) {
  const auto types = string_items(spec, "policyTypes", diagnostics);
  const Tree* egress = spec.find("egress");
  if (types.empty()) {
    policy.isolates_ingress = true;
    policy.isolates_egress = egress != nullptr && !egress->items.empty();
    return;
  }
  for (const auto* type : types) {
    if (type->text == "Ingress") {
      policy.isolates_ingress = true;
    } else if (type->text == "Egress") {
      policy.isolates_egress = true;
    } else {
      add_error(diagnostics, type->place, "bad-policy-type",
                "policy type `" + type->text + "` is unknown; it is Ingress or Egress");
    }
  }
  if (types.size() > 2) {
    add_error(diagnostics, spec.find("policyTypes")->place, "bad-policy-type",
              "`policyTypes` has " + std::to_string(types.size()) +
                  " entries; the API server takes two at most");
  }
}

/// Empty when the pods that it selects are not understood.
std::optional<NetworkPolicy> read_policy(const Object& object, const Tree& tree, NamespaceId ns,
                                         Projection& projection) {
  Diagnostics& diagnostics = projection.diagnostics;
  warn_of_pruned_fields(tree, kPolicyFields, diagnostics);
  NetworkPolicy policy;
  policy.ns = ns;
  policy.name = object.key.name;
  policy.place = object.place();
  policy.pods.place = object.place();
  // The API server takes a missing spec or podSelector for an empty one: it selects every pod.
  static const Tree kEmptySpec = Tree::mapping();
  const Tree* given = field(tree, "spec", TreeKind::Mapping, diagnostics);
  if (given == nullptr && !is_absent(tree, "spec")) return std::nullopt;
  const Tree& spec = given == nullptr ? kEmptySpec : *given;
  warn_of_pruned_fields(spec, kSpecFields, diagnostics);
  policy.ingress = read_rules(spec, kIngress, projection);
  policy.egress = read_rules(spec, kEgress, projection);
  read_policy_types(spec, policy, diagnostics);
  if (is_absent(spec, "podSelector")) return policy;
  const Tree* pods = field(spec, "podSelector", TreeKind::Mapping, diagnostics);
  auto selector = pods == nullptr ? std::nullopt : read_selector(*pods, projection);
  if (!selector) return std::nullopt;
  policy.pods = std::move(*selector);
  return policy;
}

/// The policy as `like` has it; null if it has none, or none that was understood.
const NetworkPolicy* known_policy(const ObjectKey& key, const Projection& projection) {
  if (projection.like == nullptr || projection.written.contains(key)) return nullptr;
  const Cluster& known = projection.like->cluster;
  const NamespaceId ns = known.find_namespace(key.ns);
  if (!ns.is_valid()) return nullptr;
  for (const PolicyId id : known.at(ns).policies) {
    if (known.at(id).name == key.name) return &known.at(id);
  }
  return nullptr;
}

}  // namespace

void project_policies(Projection& projection) {
  Cluster& cluster = projection.cluster;
  std::map<const Object*, NetworkPolicy> read;
  visit_unread(projection, "NetworkPolicy", [&](const Object& object, const Tree& tree) {
    const auto ns = namespace_of(object, projection);
    if (!ns.is_valid()) return;
    auto policy = read_policy(object, tree, ns, projection);
    if (policy) read.emplace(&object, std::move(*policy));
  });
  for (const Object* object : projection.objects.of_kind("NetworkPolicy")) {
    const auto found = read.find(object);
    const NetworkPolicy* known = known_policy(object->key, projection);
    if (found == read.end() && known == nullptr) continue;
    NetworkPolicy policy;
    if (known != nullptr) {
      policy = *known;
    } else {
      policy = std::move(found->second);
    }
    policy.ns = cluster.find_namespace(object->key.ns);
    const PolicyId id{static_cast<std::uint32_t>(cluster.policies.size())};
    cluster.namespaces[policy.ns.value].policies.push_back(id);
    cluster.policies.push_back(std::move(policy));
  }
}

}  // namespace meshproof
