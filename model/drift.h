#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.h"
#include "model/object.h"
#include "model/prediction.h"
#include "model/result.h"
#include "model/snapshot.h"

namespace meshproof {

/// How an object departs from what the mesh should have written.
enum class DepartureKind : std::uint8_t {
  Missing,    ///< the mesh should have written it, and it is not there
  Differing,  ///< it is there, with other fields
  Orphaned,   ///< it carries a mesh's mark, and no mesh claims it
  Foreign,    ///< it is not the mesh's: it is in the way of what is, carries its mark all the same,
              ///< or gives its service accounts rights outside of it
};
/// `missing`, `differing`, `orphaned`, `foreign`.
[[nodiscard]] std::string_view to_string(DepartureKind kind);

/// One object that is not as the mesh should have written it.
struct Departure {
  DepartureKind kind = DepartureKind::Missing;
  /// Error: members and their peers do not reach each other, or are not closed, as the mesh means
  /// it. Warning: leftovers and rights. Note: only older than its source, as copies may be.
  Severity severity = Severity::Error;
  std::string mesh;  ///< control-plane namespace
  std::string ns;    ///< the project that it is about; empty for an object of the whole cluster
  ObjectKey key;
  /// The compared parts; null for an object that should not be there, or is not.
  Tree expected = {};
  Tree actual = {};
  std::string reason;      ///< one clause
  std::string remedy;      ///< one clause: what a person can do about it
  bool is_mended = false;  ///< by the operator itself, the next time it looks
  Place place = {};        ///< of the object; of what asks for it where it is missing
  bool is_known = false;   ///< the baseline has it: it counts as none
};

/// The members that a state shows as configured, and those of them that are as the rules of the
/// operator's version predict them.
struct SelfCheck {
  std::size_t members = 0;
  std::vector<std::string> departing;  ///< the others: `shop`, sorted

  [[nodiscard]] std::size_t as_predicted() const { return members - departing.size(); }
};

/// What the meshes of a state should have written against what is there.
struct Drift {
  std::string operator_version;       ///< used: `2.5`
  std::string operator_release;       ///< `2.5.1`, as in Prediction
  std::string operator_source;        ///< what shows it, as in Prediction
  std::vector<std::string> meshes;    ///< compared: `mesh-a/basic v2.5`
  std::vector<Departure> departures;  ///< by mesh, project and object
  SelfCheck self_check;
  std::vector<std::string> assumptions;
  Diagnostics diagnostics;
};

/// Compares every mesh that is installed: the objects of its charts, its members' copies, their
/// labels, attachments and networks, Kiali's list and the roll's status; and looks for marks of
/// meshes that nobody claims. A control plane without a status is only declared, so there is
/// nothing to compare: warning `mesh-not-installed`. Kinds that the input lacks altogether are
/// not compared: warning `drift-not-compared`. Without a mesh there is no departure and a
/// self-check of 0 members. Error `unknown-operator-version`.
[[nodiscard]] Result<Drift> find_drift(const Snapshot& state, const PredictOptions& options);

/// Predicts the members that a state shows as configured, before anything is predicted from them.
/// Departures of their own projects count; what the charts made and orphans do not. Error
/// `unknown-operator-version`.
[[nodiscard]] Result<SelfCheck> check_members(const Snapshot& state, const PredictOptions& options);

}  // namespace meshproof
