#include "model/verdict.h"

namespace meshproof {

std::string_view to_string(Universe universe) {
  switch (universe) {
    case Universe::Enumerated:
      return "enumerated";
    case Universe::Unbounded:
      return "unbounded";
  }
  return "";
}

std::string_view to_string(Decider decider) {
  switch (decider) {
    case Decider::Evaluation:
      return "evaluate";
    case Decider::Z3:
      return "z3";
    case Decider::Quotient:
      return "quotient";
    case Decider::NetIds:
      return "netids";
    case Decider::Objects:
      return "objects";
    case Decider::AllPairs:
      return "all-pairs";
  }
  return "";
}

std::string_view to_string(AssertionKind kind) {
  switch (kind) {
    case AssertionKind::Deny:
      return "deny";
    case AssertionKind::Allow:
      return "allow";
    case AssertionKind::Isolate:
      return "isolate";
    case AssertionKind::OnlyVia:
      return "only-via";
    case AssertionKind::Unchanged:
      return "unchanged";
    case AssertionKind::NoOrphans:
      return "no-orphans";
    case AssertionKind::NoPrivilege:
      return "no-privilege";
    case AssertionKind::NoShadowedRules:
      return "no-shadowed-rules";
  }
  return "";
}

std::vector<ExceptedFlows> excepted_flows(const Assertion& assertion) {
  std::vector<ExceptedFlows> flows;
  if (assertion.except_from || assertion.except_to) {
    flows.push_back({assertion.except_from, assertion.except_to});
  }
  flows.insert(flows.end(), assertion.excused.begin(), assertion.excused.end());
  return flows;
}

std::string_view to_string(Moment moment) {
  switch (moment) {
    case Moment::Before:
      return "before";
    case Moment::EveryStep:
      return "every-step";
    case Moment::After:
      return "after";
  }
  return "";
}

}  // namespace meshproof
