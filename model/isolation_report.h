#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/assertion.h"
#include "model/controls.h"
#include "model/execution.h"
#include "model/namespace_matrix.h"
#include "model/reachability.h"
#include "model/report.h"

/// What the report for an auditor has beside what every report has.
namespace meshproof {

struct ReportedMember {
  std::string ns;
  std::string standing;  ///< `member`, `on the roll, not yet a member`, `labelled, not on the roll`
};

struct ReportedMesh {
  std::string ns;
  std::string name;                     ///< of the control plane; empty: there is only a roll
  std::string version;                  ///< `v2.5`
  SourceLine roll;                      ///< where its members are written
  std::vector<ReportedMember> members;  ///< by name
};

/// The matrix of one state, with its ends in groups.
struct ReportedMatrix {
  NamespaceMatrix matrix;
  std::vector<std::string> groups;      ///< `members of mesh-a`, `in no mesh`
  std::vector<std::uint32_t> group_of;  ///< of each end, in `groups`
  /// Between workloads and blocks of addresses, without nodes; only of a cluster that is small
  /// enough to be drawn so.
  std::optional<Reachability> workloads = {};
};

/// An exception of the register, and what it covers here.
struct ReportedException {
  Exception exception;
  SourceLine where;
  std::size_t covers = 0;  ///< how many verdicts
};

/// The report for an auditor.
struct IsolationReport {
  Report report;
  std::string generated;  ///< when, RFC 3339; empty: not said
  std::vector<InputDigest> inputs;
  std::vector<ReportedMesh> meshes;  ///< of the state that is judged
  ReportedMatrix before;             ///< without a change that of the state
  std::optional<ReportedMatrix> after;
  std::vector<ReportedException> exceptions;    ///< in force
  std::vector<std::string> expired_exceptions;  ///< sentences: they cover nothing
  std::vector<std::string> residual_risks;      ///< sentences
  std::vector<std::string> engines;             ///< who decided
  std::vector<ControlCatalogue> controls;
  std::function<SourceLine(const Place&)> locate;  ///< for the reasons of the matrix

  /// The state that is judged: after the change, if there is one.
  [[nodiscard]] const ReportedMatrix& judged() const { return after ? *after : before; }
};

}  // namespace meshproof
