#include <algorithm>
#include <set>

#include "model/mesh/mesh.h"
#include "solver/engines/case_statement.h"

/// What a deny, an allow or an isolate says of one flow (SEMANTICS Q12), for the second decider.
namespace meshproof {
namespace {

constexpr std::string_view kNameKey = "kubernetes.io/metadata.name";

/// A group of the statement, its selectors in the symbols of the decider's cluster.
class CaseGroup {
 public:
  CaseGroup(const GroupWords& words, Cluster& cluster)
      : words_(words), cluster_(cluster), existing_(words.existing.begin(), words.existing.end()) {
    SymbolTable& symbols = cluster.symbols;
    const Group& group = *words.group;
    if (group.pod_selector) pods_ = selector_of(*group.pod_selector, symbols);
    if (group.namespace_selector) {
      namespaces_ = selector_of(*group.namespace_selector, symbols);
      criteria_.push_back(*namespaces_);
    }
    for (const auto* mesh : {&group.member_of, &group.not_member_of, &group.mesh}) {
      if (!*mesh) continue;
      criteria_.push_back(one_label(symbols, kMemberOfLabel, **mesh));
      criteria_.push_back(one_label(symbols, kNameKey, **mesh));
    }
    for (const std::string& name : group.namespace_names) {
      criteria_.push_back(one_label(symbols, kNameKey, name));
    }
  }

  void add_words(EndsAsked& ends, std::vector<IpBlock>& blocks) const {
    if (pods_) ends.of_pods.push_back(&*pods_);
    for (const LabelSelector& each : criteria_) ends.of_projects.push_back(&each);
    for (const Cidr& cidr : words_.group->cidrs) {
      blocks.push_back({cidr, words_.group->except_cidrs});
    }
  }

  [[nodiscard]] bool is_unbounded() const { return words_.group->unbounded; }
  [[nodiscard]] const std::set<PodId>& existing() const { return existing_; }
  [[nodiscard]] bool has_given(PodId id) const { return existing_.contains(id); }

  [[nodiscard]] bool has_project(NamespaceId id) const {
    return id.value < words_.has_namespace.size() ? words_.has_namespace[id.value]
                                                  : has_project_to_come(cluster_.at(id).labels);
  }

  [[nodiscard]] bool has_project_to_come(const Labels& labels) const {
    const Group& group = *words_.group;
    const std::string_view name = text_at(labels, kNameKey);
    const std::string_view mesh = text_at(labels, kMemberOfLabel);
    const auto is_member = [&](const std::string& of) { return mesh == of && name != of; };
    if (group.member_of && !is_member(*group.member_of)) return false;
    if (group.not_member_of && (is_member(*group.not_member_of) || name == *group.not_member_of)) {
      return false;
    }
    if (group.mesh && !is_member(*group.mesh) && name != *group.mesh) return false;
    const std::vector<std::string>& names = group.namespace_names;
    if (!names.empty() && std::ranges::find(names, name) == names.end()) return false;
    return !namespaces_ || matches(*namespaces_, labels);
  }

  /// A pod that could be is in no group of pods of the input. One whose address is not known may be
  /// at this one, and then the other criteria tell.
  [[nodiscard]] bool holds(const EndCase& end, const AddressCase& address) const {
    const Group& group = *words_.group;
    if (!end.ns.is_valid()) {
      return words_.holds_outside && is_in_blocks(address.outside.front());
    }
    const bool is_here =
        group.cidrs.empty() ||
        (!group.except_cluster && is_in_blocks(end.own_address.value_or(address.pods.front())));
    return is_here && has_project(end.ns) && (!pods_ || matches(*pods_, end.labels)) &&
           (group.unbounded ||
            (end.given.is_valid() && (has_given(end.given) || !end.own_address)));
  }

 private:
  [[nodiscard]] std::string_view text_at(const Labels& labels, std::string_view key) const {
    const Symbol value = labels.find(cluster_.symbols.find(key));
    return value.is_valid() ? cluster_.symbols.text(value) : std::string_view();
  }

  [[nodiscard]] bool is_in_blocks(const IpAddress& address) const {
    const auto holds = [&](const Cidr& cidr) { return cidr.contains(address); };
    return std::ranges::any_of(words_.group->cidrs, holds) &&
           std::ranges::none_of(words_.group->except_cidrs, holds);
  }

  const GroupWords& words_;
  const Cluster& cluster_;
  std::set<PodId> existing_;
  std::optional<LabelSelector> pods_;
  std::optional<LabelSelector> namespaces_;
  std::vector<LabelSelector> criteria_;
};

struct ExceptedGroups {
  std::optional<CaseGroup> from;
  std::optional<CaseGroup> to;
};

class StatementCases : public CaseStatement {
 public:
  StatementCases(const StatementQuestion& question, const Cluster& given, Cluster& cluster)
      : question_(question),
        given_(given),
        cluster_(cluster),
        from_(question.statement.from, cluster),
        to_(question.statement.to, cluster) {
    for (const ExceptedWords& flows : question.statement.excepted) {
      ExceptedGroups& groups = excepted_.emplace_back();
      if (flows.from) groups.from.emplace(*flows.from, cluster);
      if (flows.to) groups.to.emplace(*flows.to, cluster);
    }
  }

  [[nodiscard]] CasesAsked asked() override {
    CasesAsked asked;
    asked.destination = question_.destination;
    asked.ports = question_.statement.ports;
    asked.is_broken_by_reaching = violating() == Access::Allowed;
    asked.may_have = [](Symbol, Symbol) { return true; };
    asked.is_source = [this](NamespaceId id) { return from_.has_project(id); };
    asked.project_marks = [this](NamespaceId id) {
      std::vector<bool> marks;
      for (const ExceptedGroups& groups : excepted_) {
        marks.push_back(groups.from && groups.from->has_project(id));
      }
      return marks;
    };
    from_.add_words(asked.from, asked.blocks);
    to_.add_words(asked.to, asked.blocks);
    for (const ExceptedGroups& groups : excepted_) {
      if (groups.from) groups.from->add_words(asked.from, asked.blocks);
      if (groups.to) groups.to->add_words(asked.to, asked.blocks);
    }
    add_given(from_, &ExceptedGroups::from, asked.from);
    add_given(to_, &ExceptedGroups::to, asked.to);
    return asked;
  }

  void narrow(FiniteCases& cases) const override {
    narrow(from_, &ExceptedGroups::from, cases, cases.sources);
    narrow(to_, &ExceptedGroups::to, cases, cases.targets);
  }

  /// Some exception has both ends.
  [[nodiscard]] bool speaks_of(const EndCase& source, const EndCase& target) const override {
    for (std::size_t i = 0; i < excepted_.size(); ++i) {
      if (source.marks[i] && target.marks[i]) return false;
    }
    return true;
  }

  /// What is closed to everybody breaks no `allow`.
  [[nodiscard]] bool is_left_out(const Evaluator& /*evaluator*/, const Flow& flow) override {
    return violating() == Access::Denied && cluster_.network.dialect == Dialect::OpenShiftSdn &&
           std::holds_alternative<PodId>(flow.src) && flow.protocol == Protocol::Udp &&
           flow.port == cluster_.network.vxlan_port;
  }

  [[nodiscard]] Access violating() const override { return question_.statement.violating; }

 private:
  using Side = std::optional<CaseGroup> ExceptedGroups::*;

  void add_given(const CaseGroup& group, Side side, EndsAsked& ends) const {
    if (group.is_unbounded()) {
      ends.may_be_to_come = [&](const Labels& labels) { return group.has_project_to_come(labels); };
      return;
    }
    ends.given.emplace();
    for (const PodId id : group.existing()) {
      GivenPod given{id, &given_.at(id)};
      for (const ExceptedGroups& groups : excepted_) {
        given.marks.push_back(groups.*side && (groups.*side)->has_given(id));
      }
      ends.given->push_back(std::move(given));
    }
  }

  void narrow(const CaseGroup& group, Side side, const FiniteCases& cases,
              std::vector<EndCase>& ends) const {
    std::erase_if(
        ends, [&](const EndCase& end) { return !group.holds(end, cases.addresses[end.address]); });
    for (EndCase& end : ends) {
      end.marks.clear();
      for (const ExceptedGroups& groups : excepted_) {
        const std::optional<CaseGroup>& one = groups.*side;
        end.marks.push_back(!one || one->holds(end, cases.addresses[end.address]));
      }
    }
  }

  const StatementQuestion& question_;
  const Cluster& given_;
  const Cluster& cluster_;
  const CaseGroup from_;
  const CaseGroup to_;
  std::vector<ExceptedGroups> excepted_;
};

}  // namespace

std::unique_ptr<CaseStatement> case_statement(const StatementQuestion& question,
                                              const Cluster& given, Cluster& cluster) {
  return std::make_unique<StatementCases>(question, given, cluster);
}

}  // namespace meshproof
