#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/coverage.h"
#include "model/object.h"
#include "model/prediction.h"
#include "model/tree.h"

/// A plan as it is carried out: the part `execution` of plan.json (docs/FORMATS.md).
namespace meshproof {

/// One write with the object before and after it: whole objects without what only a server writes
/// and without status; nothing where there is none. At least one of them is there.
struct PlannedWrite {
  Step::Writer writer = Step::Writer::User;
  ObjectKey key;
  std::string api_version;
  std::optional<Tree> before;
  std::optional<Tree> after;
  std::string project;  ///< see Step
  std::string reason;

  [[nodiscard]] Verb verb() const;
};

/// That the roll's status lists a namespace as configured, or no longer.
struct MemberEffect {
  std::string mesh;  ///< control-plane namespace
  std::string ns;
  bool configured = true;

  bool operator==(const MemberEffect&) const = default;
};

/// Writes that may be made together, and what is waited for before the next stage.
struct ExecutionStage {
  std::vector<PlannedWrite> writes;  ///< in an order in which they can be made; no asides
  std::vector<MemberEffect> members;
  /// The longest that the network is taken to need until it enforces what was written, which
  /// nothing tells. 0 where nothing that decides flows is written.
  unsigned delay_seconds = 0;
};

/// An object on which the plan rests: its content decided what was predicted and proved.
struct BasisObject {
  ObjectKey key;
  std::string uid;               ///< empty where the input did not have it
  std::string resource_version;  ///< likewise
  std::string digest;            ///< SHA-256 of basis_text()
};

/// A file of the input; its digest is empty where it cannot be read again (standard input).
struct InputDigest {
  std::string name;
  std::string sha256;
};

struct Execution {
  std::string program;  ///< the version that made it: `0.1.0`
  std::string digest;   ///< SHA-256 of canonical_text()
  ClusterIdentity cluster;
  std::string server;  ///< of the snapshot or live cluster; empty where not known
  std::string time;    ///< of the snapshot, as it says itself; likewise
  std::string operator_release;
  std::vector<InputDigest> inputs;
  std::vector<std::string> basis_kinds;  ///< those of basis_kinds() of which the basis has all
  std::vector<BasisObject> basis;        ///< in the order of their keys
  std::string order;                     ///< to_string(OrderKind)
  std::vector<ExecutionStage> stages;    ///< from the state before to the state after
  std::vector<ExecutionStage> rollback;  ///< `rollback[i]` undoes `stages[size - 1 - i]`
  /// Why nobody should carry it out as it is: violated or undecided statements, members that will
  /// not be configured. Sentences.
  std::vector<std::string> objections;
};

/// Who writes: the user alone, and the operator answers; or we write what the operator would.
enum class Via : std::uint8_t { Roll, Objects };
/// `roll`, `objects`.
[[nodiscard]] std::string_view to_string(Via via);

/// Whether a write is ours to make. What the SDN master and others write never is.
[[nodiscard]] bool is_ours(const PlannedWrite& write, Via via);

/// What of an object a plan can rest on: everything but status, what only a server writes,
/// bookkeeping (finalizers, owners, generation) and kubectl's copy of the manifest, with the API
/// server's defaults and without empty lists.
[[nodiscard]] Tree content_of(const Tree& object);

/// What of an object of the basis counts, as canonical_json(): its content, but of the annotations
/// only those that something reads. Others come and go by whoever looks after the cluster.
[[nodiscard]] std::string basis_text(const Tree& object);

/// The tree as JSON, fields in alphabetical order.
[[nodiscard]] std::string canonical_json(const Tree& tree);

/// Everything of an execution but its digest, as one text: equal executions have equal texts and
/// different ones different texts. O(size).
[[nodiscard]] std::string canonical_text(const Execution& execution);

/// Kinds of which each object decides what is predicted or proved, and which do not change by
/// themselves (no pods, and nothing that follows from pods), in alphabetical order; each in its
/// default group.
[[nodiscard]] std::span<const std::string_view> basis_kinds();
[[nodiscard]] bool is_basis_kind(const ObjectKey& key);

}  // namespace meshproof
