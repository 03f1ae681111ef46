#include <algorithm>

#include "model/mesh/mesh.h"
#include "solver/engines/case_statement.h"

/// SEMANTICS T3–T5 about one flow: the statement of tenancy, for the second decider.
namespace meshproof {

LabelSelector one_label(SymbolTable& symbols, std::string_view key, std::string_view value) {
  LabelSelector selector;
  selector.requirements.push_back(
      {symbols.intern(key), LabelOperator::In, {symbols.intern(value)}});
  return selector;
}

namespace {

class IsolationCases : public CaseStatement {
 public:
  IsolationCases(const IsolationQuestion& question, Cluster& cluster)
      : question_(question),
        cluster_(cluster),
        router_(one_label(cluster.symbols, "network.openshift.io/policy-group", "ingress")),
        exposed_(one_label(cluster.symbols, "maistra.io/expose-route", "true")),
        inside_(one_label(cluster.symbols, kMemberOfLabel, question.mesh)),
        own_policies_(cluster.at(question.destination).policies) {}

  [[nodiscard]] CasesAsked asked() override {
    const Symbol member_of = cluster_.symbols.find(kMemberOfLabel);
    const Symbol mesh = cluster_.symbols.find(question_.mesh);
    CasesAsked asked;
    asked.destination = question_.destination;
    asked.is_source = [this](NamespaceId id) {  // SEMANTICS T3
      const Namespace& ns = cluster_.at(id);
      return id != question_.destination && ns.name != question_.mesh &&
             !matches(inside_, ns.labels);
    };
    asked.may_have = [=](Symbol key, Symbol value) { return key != member_of || value != mesh; };
    asked.from.may_be_to_come = [](const Labels&) { return true; };
    asked.from.of_projects = {&router_};
    asked.to.of_pods = {&exposed_};
    return asked;
  }

  void narrow(FiniteCases& /*cases*/) const override {}

  /// The internal policies once more: without rules one refuses whom it selects, alone it admits.
  void prepare() override {
    for (const PolicyId id : question_.internal) {
      NetworkPolicy alone = cluster_.at(id);
      alone.isolates_ingress = true;
      NetworkPolicy silent = alone;
      silent.ingress.clear();
      const auto next = static_cast<std::uint32_t>(cluster_.policies.size());
      cluster_.policies.push_back(std::move(alone));
      cluster_.policies.push_back(std::move(silent));
      single_.push_back({PolicyId{next}, PolicyId{next + 1}});
    }
  }

  /// SEMANTICS T4.
  [[nodiscard]] bool speaks_of(const EndCase& source, const EndCase& target) const override {
    const bool is_router = source.ns.is_valid() && matches(router_, cluster_.at(source.ns).labels);
    return !is_router || !matches(exposed_, target.labels);
  }

  /// SEMANTICS T5: an internal policy selects the target and its own rules admit the flow.
  [[nodiscard]] bool is_left_out(const Evaluator& evaluator, const Flow& flow) override {
    std::vector<PolicyId>& of_target = cluster_.namespaces.at(question_.destination.value).policies;
    const auto with_only = [&](PolicyId id) {
      of_target = {id};
      return evaluator.evaluate(flow).access;
    };
    const bool exposed = std::ranges::any_of(single_, [&](const SinglePolicy& one) {
      return with_only(one.silent) == Access::Denied && with_only(one.alone) == Access::Allowed;
    });
    of_target = own_policies_;
    return exposed;
  }

  [[nodiscard]] Access violating() const override { return Access::Allowed; }

 private:
  struct SinglePolicy {
    PolicyId alone;
    PolicyId silent;
  };

  const IsolationQuestion& question_;
  Cluster& cluster_;
  const LabelSelector router_;
  const LabelSelector exposed_;
  const LabelSelector inside_;
  const std::vector<PolicyId> own_policies_;
  std::vector<SinglePolicy> single_;
};

}  // namespace

std::unique_ptr<CaseStatement> case_statement(const IsolationQuestion& question, Cluster& cluster) {
  return std::make_unique<IsolationCases>(question, cluster);
}

}  // namespace meshproof
