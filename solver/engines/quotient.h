#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "model/cluster.h"
#include "model/flow.h"
#include "model/snapshot.h"

namespace meshproof {

/// "Nobody outside mesh X reaches a pod of this project, but for what is exposed on purpose"
/// (SEMANTICS T), to be decided a second time.
struct IsolationQuestion {
  std::string mesh;         ///< the control-plane namespace
  NamespaceId destination;  ///< a namespace of the mesh
  /// Policies of the destination whose own rules say what is exposed on purpose (T5).
  std::vector<PolicyId> internal;
};

/// evaluate() refuses every case.
struct AllRefused {
  std::uint64_t cases = 0;
};

/// evaluate() lets a flow in that should not be.
struct LetIn {
  std::string src;  ///< `pod of project red {app=web} at 10.128.0.0`
  std::string dst;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
};

/// No answer: too many cases, or evaluate() does not know one and refuses all others.
struct NotDecided {
  std::string reason;
};

using QuotientAnswer = std::variant<AllRefused, LetIn, NotDecided>;

struct QuotientLimits {
  std::uint64_t cases = 200'000;
};

/// Decides isolation without a solver: every pod that could exist is, for the rules, one of
/// finitely many (SEMANTICS T7, T8), and evaluate() is asked about each pair of them on each port.
/// Shares with the proof (flows/flow_encoder.h) neither code nor cases, only the statement.
///
/// Keeps a copy of the cluster without its pods but completed ones, so that a question costs its
/// cases and the namespaces, not the pods. Not for several threads at once.
class QuotientDecider {
 public:
  /// O(size of the cluster).
  explicit QuotientDecider(const Cluster& cluster, QuotientLimits limits = {});

  /// The cluster must be such that SEMANTICS T10 lets the question be put. Ids are those of the
  /// cluster. O(cases × evaluate()).
  [[nodiscard]] QuotientAnswer decide(const IsolationQuestion& question);

 private:
  friend class QuotientRun;

  Cluster cluster_;
  std::vector<IpAddress> stray_;
  QuotientLimits limits_;
};

}  // namespace meshproof
