#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/assertion.h"
#include "model/diagnostic.h"
#include "model/flow.h"
#include "model/tree.h"

namespace meshproof {

/// What a Holds speaks of: the pods and addresses in the input, or every pod that could ever exist.
enum class Universe : std::uint8_t { Enumerated, Unbounded };
[[nodiscard]] std::string_view to_string(Universe universe);

/// A policy without which a proof would not hold.
struct RestsOn {
  std::string policy;   ///< `NetworkPolicy shop/istio-mesh-basic`
  std::string because;  ///< what of it: `isolates all pods of shop`; may be empty
  Place where;

  auto operator<=>(const RestsOn&) const = default;
};

struct Holds {
  Universe universe = Universe::Enumerated;
  std::string scope;  ///< `5 pods × 12 pods, 3 port ranges`, `any pod in any namespace`
  /// Proofs: policies that are needed for it, a smallest set by inclusion of one unsatisfiable core
  /// for each question; by name, each once. Empty: it needs none, or was enumerated.
  std::vector<RestsOn> rests_on = {};
};

/// One hop of a way that breaks a statement, replayed by evaluate().
struct WitnessHop {
  std::string src;
  std::string dst;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
  std::vector<Reason> reasons;
};

/// A flow that breaks the statement, replayed by evaluate(); or an object that does.
struct Violated {
  std::string src;  ///< `payments/api`, or the hypothetical pod's `namespace/name`
  std::string dst;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
  std::vector<Reason> reasons;
  /// Unbounded statements: the smallest pod (and namespace) that breaks it, ready to create.
  std::vector<Tree> manifests;
  std::size_t count = 1;  ///< how many pairs break it (enumerated)
  bool is_open = true;    ///< false: the flow should be open and is closed
  std::string all = {};   ///< what breaks it beside this flow, in one line; may be empty
  /// Of a way of several hops: those after the flow above, each from where the one before ended.
  std::vector<WitnessHop> further = {};
  /// Where no flow breaks it: the object, `RoleBinding shop/mesh-users`. Ends are then empty, and
  /// the reasons say what is wrong with it.
  std::string object = {};
};

struct Undecided {
  std::string reason;
};

/// The group of an assertion selects nothing, so the statement says nothing: a finding of its own.
struct Vacuous {
  std::string reason;
};

using Finding = std::variant<Holds, Violated, Undecided, Vacuous>;

/// Who decided a verdict.
enum class Decider : std::uint8_t {
  Evaluation,  ///< evaluate(), flow by flow
  Z3,          ///< proof for every pod that could exist
  Quotient,    ///< the finite cases of SEMANTICS T7 and T8, each put to evaluate()
  NetIds,      ///< read off VNIDs and modes
  Objects,     ///< read off objects: no flow is asked about
  AllPairs,    ///< the engine of all pairs, class by class
};
/// `evaluate`, `z3`, `quotient`, `netids`, `objects`, `all-pairs`.
[[nodiscard]] std::string_view to_string(Decider decider);

/// An exception that covers a violation.
struct Waiver {
  std::string exception;  ///< its id
  std::string owner;
  std::string ticket;
  std::string expires;
  Place where;
};

/// The answer to one assertion. Never a bare yes or no.
struct Verdict {
  std::string id;
  std::string statement;  ///< in words
  Severity severity = Severity::Error;
  Finding finding;
  Place where;                         ///< of the assertion; unknown for built-in ones
  bool as_before = false;              ///< the state before the change breaks it by the same flow
  Moment moment = Moment::After;       ///< which state of a change it is about
  std::vector<Decider> deciders = {};  ///< in the order in which they were asked
  std::string description = {};        ///< of the assertion, for people; may be empty
  /// Of a built-in statement about one mesh: its control plane's namespace.
  std::optional<std::string> mesh = {};
  /// Of a violation: the exceptions in force that cover it, or some of what broke the statement.
  std::vector<Waiver> waivers = {};
  /// They cover all of it: it counts as none, and is shown all the same.
  bool is_waived = false;
  bool is_known = false;  ///< of a violation: the baseline has it, so it counts as none likewise

  [[nodiscard]] bool holds() const { return std::holds_alternative<Holds>(finding); }
  /// A violation that neither an exception nor the baseline covers, or a statement about nothing.
  [[nodiscard]] bool fails() const {
    return !is_waived && !is_known &&
           (std::holds_alternative<Violated>(finding) || std::holds_alternative<Vacuous>(finding));
  }
};

}  // namespace meshproof
