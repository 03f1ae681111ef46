#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "model/cluster.h"
#include "model/flow.h"
#include "model/snapshot.h"
#include "solver/engines/flow_statement.h"

namespace meshproof {

class CaseStatement;

/// "Nobody outside mesh X reaches a pod of this project, but for what is exposed on purpose"
/// (SEMANTICS T), to be decided a second time.
struct IsolationQuestion {
  std::string mesh;         ///< the control-plane namespace
  NamespaceId destination;  ///< a namespace of the mesh
  /// Policies of the destination whose own rules say what is exposed on purpose (T5).
  std::vector<PolicyId> internal;
};

/// "No flow to a pod of this project breaks the statement" (SEMANTICS Q12). One of its groups is
/// unbounded.
struct StatementQuestion {
  const FlowStatement& statement;
  NamespaceId destination;  ///< invalid: a project to come
};

/// evaluate() finds no case that breaks the statement.
struct NoCaseBreaks {
  std::uint64_t cases = 0;
  bool is_open = true;  ///< what would break it: flows that are open, or else closed ones
};

/// evaluate() finds one that does.
struct CaseBreaks {
  std::string src;  ///< `a pod of project red {app=web} at 10.128.0.0`
  std::string dst;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
  bool is_open = true;  ///< it is let in and should not be; else it is refused and should not be
};

/// No answer: too many cases, or evaluate() does not know one and no other breaks the statement.
struct NotDecided {
  std::string reason;
};

using QuotientAnswer = std::variant<NoCaseBreaks, CaseBreaks, NotDecided>;

/// `a reaches b on TCP 8080`, `a does not reach b on …`.
[[nodiscard]] std::string to_string(const CaseBreaks& found);

struct QuotientLimits {
  std::uint64_t cases = 200'000;
};

/// Decides statements without a solver: every pod that could exist is, for the rules, one of
/// finitely many (SEMANTICS T7, T8), and evaluate() is asked about each pair of them on each port.
/// Shares with the proof (flows/flow_encoder.h) neither code nor cases, only the statement.
///
/// Keeps a copy of the cluster without its pods but completed ones, so that a question costs its
/// cases and the namespaces, not the pods. Refers to the cluster. Not for several threads at once.
class QuotientDecider {
 public:
  /// O(size of the cluster).
  explicit QuotientDecider(const Cluster& cluster, QuotientLimits limits = {});

  /// The cluster must be such that SEMANTICS T10 lets the question be put. Ids are those of the
  /// cluster. O(cases × evaluate()), and of a statement O(pods of its bounded groups).
  [[nodiscard]] QuotientAnswer decide(const IsolationQuestion& question);
  [[nodiscard]] QuotientAnswer decide(const StatementQuestion& question);

 private:
  friend class QuotientRun;

  const Cluster& given_;
  Cluster cluster_;
  std::vector<IpAddress> stray_;
  QuotientLimits limits_;
};

}  // namespace meshproof
