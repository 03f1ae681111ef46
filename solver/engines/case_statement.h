#pragma once

#include <memory>

#include "model/cluster.h"
#include "solver/engines/finite_cases.h"
#include "solver/engines/quotient.h"
#include "solver/evaluate.h"

/// What the second decider asks of the finite cases. Only its files (quotient*) include this.
namespace meshproof {

/// A statement as the finite cases see it. Refers to the decider's cluster.
class CaseStatement {
 public:
  CaseStatement() = default;
  CaseStatement(const CaseStatement&) = delete;
  CaseStatement& operator=(const CaseStatement&) = delete;
  CaseStatement(CaseStatement&&) = delete;
  CaseStatement& operator=(CaseStatement&&) = delete;
  virtual ~CaseStatement() = default;

  /// Lives as long as the statement: selectors are referred to.
  [[nodiscard]] virtual CasesAsked asked() = 0;
  /// Takes out the ends that it does not speak of, and marks those that are left.
  virtual void narrow(FiniteCases& cases) const = 0;
  /// Puts what it asks the evaluator about beside the flows into the cluster. Comes after the
  /// cases are made, and before an evaluator is.
  virtual void prepare() {}
  [[nodiscard]] virtual bool speaks_of(const EndCase& source, const EndCase& target) const = 0;
  /// Of a flow that would break it.
  [[nodiscard]] virtual bool is_left_out(const Evaluator& evaluator, const Flow& flow) = 0;
  /// Access::Allowed or Denied.
  [[nodiscard]] virtual Access violating() const = 0;
};

[[nodiscard]] std::unique_ptr<CaseStatement> case_statement(const IsolationQuestion& question,
                                                            Cluster& cluster);
/// `given` is the cluster with its pods.
[[nodiscard]] std::unique_ptr<CaseStatement> case_statement(const StatementQuestion& question,
                                                            const Cluster& given, Cluster& cluster);

/// A selector of one value.
[[nodiscard]] LabelSelector one_label(SymbolTable& symbols, std::string_view key,
                                      std::string_view value);

}  // namespace meshproof
