#include "solver/engines/smt.h"

#include <optional>

#include <z3++.h>

namespace meshproof {

namespace {

/// One Problem inside one Z3 context: a Boolean per value of each variable, exactly one true.
class Translation {
 public:
  Translation(const Problem& problem, const SmtLimits& limits)
      : problem_(problem), wants_smallest_(limits.smallest), solver_(context_, "QF_FD") {
    z3::params parameters(context_);
    parameters.set("rlimit", limits.work);
    parameters.set("random_seed", 7u);
    solver_.set(parameters);
    for (const std::uint32_t size : problem.variable_sizes()) add_variable(size);
    for (const Problem::Node& node : problem.nodes()) expressions_.push_back(translate(node));
    for (const Formula formula : problem.required()) solver_.add(expressions_[formula.index]);
  }

  SmtAnswer solve() {
    const z3::check_result first = solver_.check();
    if (first == z3::unsat) return Unsatisfiable{};
    if (first == z3::unknown) return GaveUp{"the solver gave up: " + solver_.reason_unknown()};
    best_ = read_model();
    if (wants_smallest_) {
      minimise();
      follow_preferences();
    }
    if (!problem_.satisfies(*best_)) return GaveUp{"the solver's model does not fit the problem"};
    return *best_;
  }

 private:
  void add_variable(std::uint32_t size) {
    z3::expr_vector values(context_);
    for (std::uint32_t value = 0; value < size; ++value) {
      const std::string name = "v" + std::to_string(values_.size()) + "_" + std::to_string(value);
      values.push_back(context_.bool_const(name.c_str()));
    }
    solver_.add(z3::atmost(values, 1));
    solver_.add(z3::mk_or(values));
    values_.push_back(values);
  }

  z3::expr translate(const Problem::Node& node) {
    z3::expr_vector operands(context_);
    for (const std::uint32_t operand : node.operands) operands.push_back(expressions_[operand]);
    switch (node.kind) {
      case Problem::Kind::True:
        return context_.bool_val(true);
      case Problem::Kind::False:
        return context_.bool_val(false);
      case Problem::Kind::Is:
        return values_[node.variable][static_cast<int>(node.value)];
      case Problem::Kind::Not:
        return !operands[0];
      case Problem::Kind::All:
        return z3::mk_and(operands);
      case Problem::Kind::Any:
        return z3::mk_or(operands);
    }
    return context_.bool_val(false);
  }

  Problem::Assignment read_model() {
    const z3::model model = solver_.get_model();
    Problem::Assignment assignment;
    for (const z3::expr_vector& values : values_) {
      std::uint32_t chosen = 0;
      for (unsigned value = 0; value < values.size(); ++value) {
        if (model.eval(values[static_cast<int>(value)], true).is_true()) chosen = value;
      }
      assignment.push_back(chosen);
    }
    return assignment;
  }

  /// Keeps the constraint if it can hold beside what is already fixed.
  bool try_to_fix(const z3::expr& constraint) {
    solver_.push();
    solver_.add(constraint);
    if (solver_.check() == z3::sat) {
      best_ = read_model();
      return true;
    }
    solver_.pop();
    return false;
  }

  void minimise() {
    if (problem_.avoided().empty()) return;
    z3::expr_vector avoided(context_);
    for (const Formula formula : problem_.avoided()) avoided.push_back(expressions_[formula.index]);
    for (unsigned most = 0; most < avoided.size(); ++most) {
      if (try_to_fix(z3::atmost(avoided, most))) return;
    }
  }

  void follow_preferences() {
    for (const Formula formula : problem_.preferred()) {
      try_to_fix(expressions_[formula.index]);
    }
  }

  const Problem& problem_;
  const bool wants_smallest_;
  z3::context context_;
  z3::solver solver_;
  std::vector<z3::expr_vector> values_;
  std::vector<z3::expr> expressions_;
  std::optional<Problem::Assignment> best_;
};

}  // namespace

SmtAnswer solve(const Problem& problem, const SmtLimits& limits) {
  try {
    return Translation(problem, limits).solve();
  } catch (const z3::exception& failure) {
    return GaveUp{std::string("the solver failed: ") + failure.msg()};
  }
}

}  // namespace meshproof
