#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "model/diagnostic.h"
#include "model/flow.h"
#include "model/tree.h"

namespace meshproof {

/// What a Holds speaks of: the pods and addresses in the input, or every pod that could ever exist.
enum class Universe : std::uint8_t { Enumerated, Unbounded };
[[nodiscard]] std::string_view to_string(Universe universe);

struct Holds {
  Universe universe = Universe::Enumerated;
  std::string scope;  ///< `5 pods × 12 pods, 3 port ranges`, `any pod in any namespace`
};

/// A flow that breaks the statement, replayed by evaluate().
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
};

struct Undecided {
  std::string reason;
};

/// The group of an assertion selects nothing, so the statement says nothing: a finding of its own.
struct Vacuous {
  std::string reason;
};

using Finding = std::variant<Holds, Violated, Undecided, Vacuous>;

/// The answer to one assertion. Never a bare yes or no.
struct Verdict {
  std::string id;
  std::string statement;  ///< in words
  Severity severity = Severity::Error;
  Finding finding;
  Place where;             ///< of the assertion; unknown for built-in ones
  bool as_before = false;  ///< the state before the change breaks it by the same flow

  [[nodiscard]] bool holds() const { return std::holds_alternative<Holds>(finding); }
};

}  // namespace meshproof
