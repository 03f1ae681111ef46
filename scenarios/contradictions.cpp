#include "scenarios/contradictions.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "model/project/fields.h"

namespace meshproof {
namespace {

/// From one group to another, closed by `statement`.
struct Closed {
  const Assertion* statement;
  const Group* from;
  const Group* to;
};

bool is_same(const SelectorText::Term& one, const SelectorText::Term& other) {
  return one.key == other.key && one.op == other.op && one.values == other.values;
}

/// Whether whatever the first selects, the second selects, too.
bool is_part(const std::optional<SelectorText>& inner, const std::optional<SelectorText>& outer) {
  if (!outer) return true;
  return std::ranges::all_of(outer->terms, [&](const SelectorText::Term& term) {
    return inner && std::ranges::any_of(inner->terms, [&](const SelectorText::Term& one) {
             return is_same(one, term);
           });
  });
}

bool is_part(const std::vector<std::string>& inner, const std::vector<std::string>& outer) {
  if (outer.empty()) return true;
  return !inner.empty() && std::ranges::all_of(inner, [&](const std::string& name) {
    return std::ranges::find(outer, name) != outer.end();
  });
}

bool is_part(const std::optional<std::string>& inner, const std::optional<std::string>& outer) {
  return !outer || inner == outer;
}

bool has_same_addresses(const Group& one, const Group& other) {
  return one.cidrs == other.cidrs && one.except_cidrs == other.except_cidrs &&
         one.except_cluster == other.except_cluster;
}

/// Surely, and however many pods the cluster has: by what is written alone.
bool is_part(const Group& inner, const Group& outer) {
  const bool has_addresses = outer.cidrs.empty() || has_same_addresses(inner, outer);
  return has_addresses && is_part(inner.member_of, outer.member_of) &&
         is_part(inner.not_member_of, outer.not_member_of) && is_part(inner.mesh, outer.mesh) &&
         is_part(inner.namespace_names, outer.namespace_names) &&
         is_part(inner.namespace_selector, outer.namespace_selector) &&
         is_part(inner.pod_selector, outer.pod_selector);
}

/// Groups that cannot be empty without a finding of their own.
bool surely_meet(const Group& one, const Group& other) {
  if (is_part(one, other)) return !one.allow_empty;
  return is_part(other, one) && !other.allow_empty;
}

bool is_narrowed(const Assertion& assertion) {
  return assertion.except_from || assertion.except_to;
}

bool contradict(const Closed& closed, const Assertion& allowed) {
  const Assertion& denied = *closed.statement;
  const bool meet_in_time = std::ranges::any_of(denied.when, [&](Moment moment) {
    return std::ranges::find(allowed.when, moment) != allowed.when.end();
  });
  return meet_in_time && !is_narrowed(denied) && !is_narrowed(allowed) &&
         !denied.ports.intersect(allowed.ports).is_empty() &&
         surely_meet(*closed.from, allowed.from) && surely_meet(*closed.to, allowed.to);
}

std::vector<Closed> closed_by(const std::vector<Assertion>& assertions) {
  std::vector<Closed> closed;
  for (const Assertion& assertion : assertions) {
    if (assertion.kind == AssertionKind::Deny) {
      closed.push_back({&assertion, &assertion.from, &assertion.to});
    }
    if (assertion.kind != AssertionKind::Isolate) continue;
    for (const Group& from : assertion.between) {
      for (const Group& to : assertion.between) {
        if (&from != &to) closed.push_back({&assertion, &from, &to});
      }
    }
  }
  return closed;
}

}  // namespace

void find_contradictions(const std::vector<Assertion>& assertions, Diagnostics& diagnostics) {
  const std::vector<Closed> closed = closed_by(assertions);
  for (const Assertion& allowed : assertions) {
    if (allowed.kind != AssertionKind::Allow) continue;
    const auto found =
        std::ranges::find_if(closed, [&](const Closed& each) { return contradict(each, allowed); });
    if (found == closed.end()) continue;
    add_error(diagnostics, allowed.place, "contradicting-assertions",
              fmt::format("{} allows what {} denies", allowed.id, found->statement->id));
    diagnostics.back().notes.push_back({found->statement->place, "denied here"});
  }
}

}  // namespace meshproof
