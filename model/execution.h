#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/coverage.h"
#include "model/object.h"
#include "model/prediction.h"
#include "model/tree.h"

/// A plan as it is carried out: the part `apply` of plan.json (docs/FORMATS.md).
namespace meshproof {

/// One write with the object before and after it. Whole objects without what only a server writes;
/// nothing where there is none.
struct PlannedWrite {
  Step::Writer writer = Step::Writer::User;
  ObjectKey key;
  std::string api_version;
  std::optional<Tree> before;
  std::optional<Tree> after;
  std::string project;
  std::string reason;
  bool aside = false;  ///< see Step

  /// Of before and after; at least one of them is there.
  [[nodiscard]] Verb verb() const;
};

/// Writes that may be made together; then their effect is waited for.
struct ExecutionStage {
  std::vector<PlannedWrite> writes;  ///< in an order in which they can be made
  /// The longest that the network is taken to need until it enforces what was written: nothing
  /// tells. 0 after the last stage and where nothing that decides flows is written.
  unsigned delay_seconds = 0;
  std::string waits_for;  ///< in words
  /// Namespaces that the roll's status has to list as configured, or no longer, at the end.
  std::vector<std::string> configured = {};
  std::vector<std::string> unconfigured = {};
};

/// An object on which the plan rests: its content decided what was predicted or proved.
struct BasisObject {
  ObjectKey key;
  std::string api_version;
  std::string uid;               ///< empty where the input did not have it
  std::string resource_version;  ///< likewise
  std::string digest;            ///< of content_of(), see backends/sha256
};

/// A file of the input.
struct InputDigest {
  std::string name;
  std::string sha256;
};

struct Execution {
  std::string program;  ///< the version that made it: `0.1.0`
  std::string digest;   ///< of everything below, see canonical_text()
  ClusterIdentity cluster;
  std::string server;  ///< of a live cluster; empty for files
  std::string time;    ///< of the snapshot, as it says itself
  std::string operator_release;
  std::vector<InputDigest> inputs;
  std::vector<BasisObject> basis;         ///< in the order of their keys
  std::vector<std::string> basis_kinds;   ///< `group/Kind`: of these there are no others
  std::string order;                      ///< to_string(OrderKind), `operator` without --safe
  std::vector<ExecutionStage> stages;     ///< from before to after
  std::vector<ExecutionStage> rollback;   ///< rollback[i] undoes stages[size - 1 - i]
  std::vector<std::string> left;          ///< what the way back does not restore, in words
};

}  // namespace meshproof
