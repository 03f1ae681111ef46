#include "solver/checks/statement_maker.h"

#include <algorithm>
#include <set>

#include "model/mesh/mesh.h"

namespace meshproof {
namespace {

void intern_names(const Group& group, SymbolTable& symbols) {
  symbols.intern(kMemberOfLabel);
  symbols.intern("kubernetes.io/metadata.name");
  for (const auto* mesh : {&group.member_of, &group.not_member_of, &group.mesh}) {
    if (*mesh) symbols.intern(**mesh);
  }
  for (const std::string& name : group.namespace_names) symbols.intern(name);
}

}  // namespace

Assertion enumerated_only(Assertion assertion) {
  assertion.from.unbounded = false;
  assertion.to.unbounded = false;
  for (Group& group : assertion.between) group.unbounded = false;
  return assertion;
}

std::vector<std::pair<const Group*, const Group*>> unbounded_directions(
    const Assertion& assertion) {
  if (assertion.kind != AssertionKind::Isolate) return {{&assertion.from, &assertion.to}};
  std::vector<std::pair<const Group*, const Group*>> pairs;
  for (const Group& from : assertion.between) {
    for (const Group& to : assertion.between) {
      if (&from != &to && (from.unbounded || to.unbounded)) pairs.emplace_back(&from, &to);
    }
  }
  return pairs;
}

GroupWords StatementMaker::words(const Group& group, bool receives, bool only_certain) {
  SymbolTable& symbols = cluster_.symbols;
  intern_names(group, symbols);
  GroupWords words;
  words.group = &group;
  for (std::uint32_t i = 0; i < cluster_.namespaces.size(); ++i) {
    words.has_namespace.push_back(groups_.has_namespace(group, {i}));
  }
  if (group.namespace_selector) words.namespaces = selector_of(*group.namespace_selector, symbols);
  if (group.pod_selector) words.pods = selector_of(*group.pod_selector, symbols);
  const bool names_pods = asks_for_namespace_labels(group) || !group.namespace_names.empty() ||
                          group.pod_selector.has_value();
  words.holds_outside = !receives && !group.cidrs.empty() && !names_pods;
  if (group.unbounded) return words;
  Resolution resolution;
  if (receives) resolution.side = Resolution::Side::Destination;
  for (const EndClass& one : groups_.resolve(group, resolution).classes) {
    if (!one.certain && only_certain) continue;
    std::ranges::copy_if(one.pods, std::back_inserter(words.existing),
                         [&](PodId id) { return !cluster_.at(id).host_network; });
  }
  return words;
}

FlowStatement StatementMaker::make(const Assertion& assertion, const Group& from, const Group& to) {
  FlowStatement result;
  result.violating = assertion.kind == AssertionKind::Allow ? Access::Denied : Access::Allowed;
  const bool allows = result.violating == Access::Denied;
  result.from = words(from, false, allows);
  result.to = words(to, true, allows);
  // Whoever may not be in an excepted group is not left out.
  const auto leave_out = [&](const std::optional<Group>& source,
                             const std::optional<Group>& destination) {
    ExceptedWords flows;
    if (source) flows.from = words(*source, false, true);
    if (destination) flows.to = words(*destination, true, true);
    result.excepted.push_back(std::move(flows));
  };
  if (assertion.except_from || assertion.except_to) {
    leave_out(assertion.except_from, assertion.except_to);
  }
  for (const ExceptedFlows& flows : assertion.excused) leave_out(flows.from, flows.to);
  result.ports = assertion.ports;
  result.key = "statement " + std::to_string(statements_++);
  return result;
}

std::vector<NamespaceId> StatementMaker::destinations(const FlowStatement& statement) const {
  std::vector<NamespaceId> result;
  std::set<NamespaceId> with_pods;
  for (const PodId id : statement.to.existing) with_pods.insert(cluster_.at(id).ns);
  for (std::uint32_t i = 0; i < cluster_.namespaces.size(); ++i) {
    if (!statement.to.has_namespace[i]) continue;
    if (statement.to.group->unbounded || with_pods.contains({i})) result.push_back({i});
  }
  const bool to_come =
      statement.to.group->unbounded && may_be_future(*statement.to.group, cluster_);
  if (to_come) result.push_back({});
  return result;
}

}  // namespace meshproof
