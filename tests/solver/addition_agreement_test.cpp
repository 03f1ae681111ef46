#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include "solver/checks/addition_proof.h"
#include "solver/checks/what_if.h"
#include "solver/engines/address_atoms.h"
#include "solver/evaluate.h"
#include "solver/kept_rules.h"
#include "solver/suggest/policy_drafts.h"
#include "tests/solver/quotient.h"
#include "tests/solver/random_mesh.h"
#include "tests/support/yaml.h"

/// What policies add, proved, against brute force over the same finite cases: each pair and port
/// asked of evaluate() in both states. Policies are as suggest() drafts them, or spoilt.
namespace meshproof {

namespace {

constexpr const char* kName = "kubernetes.io/metadata.name";

KeptRule random_rule(const Choose& choose) {
  KeptRule rule{Direction::Ingress, "shop", {}, {}, PortSet::all()};
  const std::vector<LabelPairs> targets{
      {}, {{"app", "web"}}, {{"maistra.io/expose-route", "true"}}};
  const std::vector<LabelPairs> projects{{{kName, "one"}},
                                         {{kName, "shop"}},
                                         {{kName, "default"}},
                                         {{kName, "cp"}},
                                         {{kName, "tomorrow"}},
                                         {{"team", "red"}},
                                         {{"network.openshift.io/policy-group", "ingress"}}};
  rule.pods = targets.at(choose(3));
  if (choose(4) == 0) {
    const std::vector<const char*> blocks{"10.128.0.0/16", "203.0.113.0/24", "0.0.0.0/0"};
    rule.peer.block = IpBlock{*Cidr::parse(blocks.at(choose(3))), {}};
  } else {
    rule.peer.projects = projects.at(choose(7));
    if (choose(2) == 0) rule.peer.pods = {{"app", "web"}};
  }
  if (choose(3) == 0) rule.ports = PortSet::of(Protocol::Tcp, {8080, 8080});
  if (choose(3) == 0) rule.ports = PortSet::of(Protocol::Tcp, {8000, 8090});
  return rule;
}

/// Makes the policy say something else than the rule; some do not change its meaning.
void spoil(Tree& manifest, const Choose& choose) {
  Tree* spec = manifest.find("spec");
  REQUIRE(spec != nullptr);
  Tree& rule = spec->find("ingress")->items.front();
  Tree& peer = rule.find("from")->items.front();
  switch (choose(7)) {
    case 0:
      peer.erase("podSelector");
      if (peer.fields.empty()) rule.erase("from");
      break;
    case 1:
      peer.erase("namespaceSelector");
      if (peer.fields.empty()) rule.erase("from");
      break;
    case 2:
      rule.erase("ports");
      break;
    case 3:
      spec->set("podSelector", Tree::mapping());
      break;
    case 4:
      rule.erase("from");
      break;
    case 5:
      spec->set("ingress", Tree::sequence());
      break;
    default:
      rule.set("ports", Tree::sequence({Tree::mapping(
                            {{"protocol", Tree::string("TCP")}, {"port", Tree::number(9090)}})}));
  }
}

bool means(const Cluster& cluster, const KeptRule& rule, const Flow& flow) {
  if (!is_subject(cluster, rule, std::get<PodId>(flow.dst))) return false;
  const bool is_port = rule.ports.is_all() || rule.ports.contains(flow.protocol, flow.port);
  if (const auto* pod = std::get_if<PodId>(&flow.src)) {
    return is_port && is_peer(cluster, rule, *pod);
  }
  return is_port && rule.peer.block && covers(*rule.peer.block, std::get<IpAddress>(flow.src));
}

bool is_shut_at_source(const Decision& decision) {
  return std::ranges::any_of(
      decision.reasons, [](const Reason& reason) { return reason.direction == Direction::Egress; });
}

struct BruteForce {
  std::string broken;  ///< a flow that is not what it should be; empty if there is none
  bool any_unknown = false;
};

BruteForce brute_force(const Snapshot& without, const Snapshot& with, const KeptRule& rule) {
  const Cluster& cluster = with.cluster;
  std::vector<FlowEnd> sources;
  std::vector<PodId> targets;
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    if (cluster.pods[i].name.starts_with("src")) sources.emplace_back(PodId{i});
    if (cluster.pods[i].name.starts_with("dst")) targets.push_back({i});
  }
  for (const char* address : {"203.0.113.9", "198.51.100.9"}) {
    sources.emplace_back(*IpAddress::parse(address));
  }
  BruteForce result;
  const Evaluator old_rules(without.cluster);
  const Evaluator new_rules(cluster);
  for (const FlowEnd& source : sources) {
    for (const PodId target : targets) {
      for (const auto& [protocol, port] : port_cases()) {
        const Flow flow{source, target, protocol, port};
        const Decision was = old_rules.evaluate(flow);
        const Decision is = new_rules.evaluate(flow);
        if (was.access == Access::Unknown || is.access == Access::Unknown) {
          result.any_unknown = true;
          continue;
        }
        const bool kept = means(cluster, rule, flow);
        const bool fits = is.is_allowed() ? was.is_allowed() || kept
                                          : !was.is_allowed() && (!kept || is_shut_at_source(is));
        if (fits) continue;
        result.broken = to_string(source, cluster) + " -> " + to_string(FlowEnd(target), cluster) +
                        " " + std::string(to_string(protocol)) + std::to_string(port);
        return result;
      }
    }
  }
  return result;
}

std::string to_text(const Finding& finding) {
  if (std::holds_alternative<Holds>(finding)) return "holds";
  if (const auto* violated = std::get_if<Violated>(&finding)) {
    return "violated by " + violated->src + " -> " + violated->dst + " " +
           std::string(to_string(violated->protocol)) + std::to_string(violated->port) + ": " +
           violated->reasons.front().text;
  }
  if (const auto* undecided = std::get_if<Undecided>(&finding)) {
    return "undecided: " + undecided->reason;
  }
  return "vacuous";
}

}  // namespace

TEST_CASE("M6: what a policy adds agrees with brute force over every pod that could be",
          "[agreement]") {
  std::size_t held = 0;
  std::size_t broken = 0;
  rc::prop("what a policy adds agrees with brute force over every pod that could be", [&] {
    const Choose choose = [](unsigned count) { return *rc::gen::inRange(0u, count); };
    const RandomMesh mesh = random_mesh(choose);
    const KeptRule rule = random_rule(choose);
    std::vector<SuggestedPolicy> policies =
        draft_policies({{rule, {0}}}, {KeptFlow{"from", "to", {}, {}, {}, {}, true, {}, {}}}, {});
    if (choose(2) == 0) spoil(policies.front().manifest, choose);

    const Snapshot given = snapshot_from(to_yaml(mesh), options_of(mesh));
    const auto verdicts =
        prove_addition(given, with_objects(given, {policies.front().manifest}), policies, {rule});
    RC_ASSERT(verdicts.size() == 2u);
    const Finding& finding = verdicts.front().finding;

    const Snapshot without =
        snapshot_from(to_yaml(mesh) + Quotient(mesh, true).yaml(), options_of(mesh));
    const BruteForce expected =
        brute_force(without, with_objects(without, {policies.front().manifest}), rule);
    RC_LOG(to_yaml(mesh) + "\npolicy: " + to_string(rule.ports) + "\nproof: " + to_text(finding) +
           "\nbrute force: " + (expected.broken.empty() ? "fits" : expected.broken));
    if (expected.broken.empty() && expected.any_unknown) return;
    // As for the tenancy: brute force does not let a pod take over the address of a completed one.
    const bool may_take_over = mesh.objects.find("Succeeded") != std::string::npos;
    if (expected.broken.empty()) {
      RC_ASSERT(std::holds_alternative<Holds>(finding) ||
                (may_take_over && std::holds_alternative<Violated>(finding)));
      ++held;
    } else {
      RC_ASSERT(std::holds_alternative<Violated>(finding));
      ++broken;
    }
  });
  // Both answers must have come up, or the property says little.
  CHECK(held > 0);
  CHECK(broken > 0);
}

}  // namespace meshproof
