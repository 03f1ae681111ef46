#include "solver/engines/flows/changed_sources.h"

#include <catch2/catch.hpp>

#include "solver/moments/moment_proof.h"
#include "tests/support/yaml.h"

namespace meshproof {

namespace {

std::string ns(const std::string& name, const std::string& labels = "") {
  return "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + ", labels: {" + labels +
         "}}\n";
}

std::string policy(const std::string& in, const std::string& spec) {
  return "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: own, "
         "namespace: " +
         in + "}\nspec: {podSelector: {}, " + spec + "}\n";
}

/// A pod that has ended and leaves its address to others.
std::string ended(const std::string& in, const std::string& address) {
  return "---\napiVersion: v1\nkind: Pod\nmetadata: {name: job, namespace: " + in +
         ", labels: {app: web}}\nstatus: {phase: Succeeded, podIP: " + address + "}\n";
}

const std::string kMember = "member: yes-it-is";
const std::string kFromMembers =
    "ingress: [{from: [{namespaceSelector: {matchLabels: {member: yes-it-is}}, podSelector: "
    "{matchLabels: {app: web}}}]}]";

NetworkOptions sdn() {
  NetworkOptions options;
  options.dialect = Dialect::OpenShiftSdn;
  options.sdn = SdnMode::NetworkPolicy;
  return options;
}

/// `none`, or which key, and `*` where a namespace to come stands for unchanged ones.
std::string sources(const std::string& before, const std::string& after, const std::string& to,
                    const NetworkOptions& options = {}) {
  const Cluster first = cluster_from(before, options);
  const Cluster second = cluster_from(after, options);
  const UnitedStates states = unite(first, second);
  const auto found = ChangedSources(states, states.cluster)
                         .to(to.empty() ? NamespaceId{} : states.cluster.find_namespace(to));
  if (!found) return "none";
  return found->key + (found->is_stood_for ? "*" : "");
}

Step relabelling(const Snapshot& after, const std::string& name) {
  Step step;
  step.verb = Verb::Update;
  step.key = {"", "Namespace", "", name};
  step.object = *after.objects.find(step.key)->tree;
  step.project = name;
  return step;
}

}  // namespace

TEST_CASE("flows can differ where a selector tells the old labels from the new ones") {
  const std::string rest = ns("asks") + policy("asks", kFromMembers) + ns("silent") +
                           policy("silent", "ingress: [{from: [{namespaceSelector: {}}]}]");
  const std::string before = rest + ns("joins");
  const std::string after = rest + ns("joins", kMember);
  CHECK(sources(before, after, "asks") == "changing");
  CHECK(sources(before, after, "silent") == "none");
  CHECK(sources(before, after, "joins") == "all that matter*");
  CHECK(sources(before, after, "") == "none");
  CHECK(sources(before, before, "asks") == "none");
  CHECK(sources(before, before, "joins") == "none");
}

TEST_CASE("flows can differ everywhere where egress does") {
  const std::string rest = ns("silent") + ns("joins");
  const std::string closed = rest + policy("joins", "policyTypes: [Egress]");
  CHECK(sources(rest, closed, "silent") == "changing");
  CHECK(sources(rest, closed, "") == "changing");
  const std::string asks =
      ns("silent") + ns("asks") +
      policy("asks",
             "policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {member: "
             "yes-it-is}}}]}]");
  CHECK(sources(asks + ns("joins"), asks + ns("joins", kMember), "joins") == "all");
  CHECK(sources(asks + ns("joins"), asks + ns("joins", kMember), "silent") == "none");
}

TEST_CASE("labels speak for addresses that ended pods left, and for all of VNID 0") {
  const std::string rest =
      ns("asks") + policy("asks", kFromMembers) + ns("silent") + ended("joins", "10.128.0.77");
  const std::string before = rest + ns("joins");
  const std::string after = rest + ns("joins", kMember);
  CHECK(sources(before, after, "asks", sdn()) == "all that matter*");
  CHECK(sources(before, after, "silent", sdn()) == "none");
  const std::string global = ns("asks") + policy("asks", kFromMembers);
  CHECK(sources(global + ns("default"), global + ns("default", kMember), "asks", sdn()) ==
        "all that matter*");
}

TEST_CASE("moments: who takes over addresses that projects left is cut off between their labels") {
  // Neither project lets anything out, so that only another's pod can show it.
  const std::string closed = "policyTypes: [Egress]";
  const std::string rest = ns("asks") + policy("asks", kFromMembers) + ns("other") +
                           policy("leaves", closed) + policy("joins", closed) +
                           ended("leaves", "10.128.0.77") + ended("joins", "10.128.0.77");
  const Snapshot before = snapshot_from(rest + ns("leaves", kMember) + ns("joins"), sdn());
  const Snapshot after = snapshot_from(rest + ns("leaves") + ns("joins", kMember), sdn());
  const std::vector<Stage> stages{
      {{relabelling(after, "leaves"), relabelling(after, "joins")}, false, {}}};
  const ProvedMoments blackhole = prove_moments(before, after, stages, MomentRule::NoBlackhole);
  CHECK(blackhole.undecided.empty());
  CHECK(blackhole.broken.find("when of this is in effect: update Namespace leaves") !=
        std::string::npos);
  CHECK(prove_moments(before, after, stages, MomentRule::NoBreach).is_proved());
}

}  // namespace meshproof
