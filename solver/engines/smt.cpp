#include "solver/engines/smt.h"

#include <algorithm>
#include <map>
#include <optional>

#include <z3++.h>

namespace meshproof {

namespace {

constexpr std::uint32_t kPairs = 16;

/// One Problem inside one Z3 context: a Boolean per value of each variable, exactly one true.
class Translation {
 public:
  Translation(z3::context& context, const Problem& problem, const SmtLimits& limits)
      : problem_(problem),
        wants_smallest_(limits.smallest),
        work_(limits.work),
        context_(context),
        solver_(context, "QF_FD") {
    allow(limits.work);
    for (const std::uint32_t size : problem.variable_sizes()) add_variable(size);
    const std::vector<bool> needed = needed_nodes();
    for (std::size_t i = 0; i < needed.size(); ++i) {
      expressions_.push_back(needed[i] ? translate(problem.nodes()[i]) : context.bool_val(false));
    }
    for (const Formula formula : problem.required()) solver_.add(expressions_[formula.index]);
  }

  SmtAnswer solve() {
    z3::expr_vector granted(context_);
    for (const auto& [label, part] : parts_) granted.push_back(part);
    const z3::check_result first = solver_.check(granted);
    if (first == z3::unsat) return smallest_core(labels_of_core());
    if (first == z3::unknown) return GaveUp{"the solver gave up: " + solver_.reason_unknown()};
    best_ = read_model();
    if (wants_smallest_) {
      for (const auto& [label, part] : parts_) solver_.add(part);
      minimise();
      follow_preferences();
    }
    if (!problem_.satisfies(*best_)) return GaveUp{"the solver's model does not fit the problem"};
    return *best_;
  }

 private:
  /// Those that something asks for, with their operands.
  [[nodiscard]] std::vector<bool> needed_nodes() const {
    std::vector<bool> needed(problem_.nodes().size());
    for (const Formula formula : problem_.required()) needed[formula.index] = true;
    for (const auto* wishes : {&problem_.avoided(), &problem_.preferred()}) {
      for (const Formula formula : *wishes) {
        if (wants_smallest_) needed[formula.index] = true;
      }
    }
    for (std::size_t i = needed.size(); i-- > 0;) {
      if (!needed[i]) continue;
      for (const std::uint32_t operand : problem_.nodes()[i].operands) needed[operand] = true;
    }
    return needed;
  }

  void add_variable(std::uint32_t size) {
    z3::expr_vector values(context_);
    for (std::uint32_t value = 0; value < size; ++value) {
      const std::string name = "v" + std::to_string(values_.size()) + "_" + std::to_string(value);
      values.push_back(context_.bool_const(name.c_str()));
    }
    // Pairs are many clauses, and the solver's counters take a while to set up.
    if (size > kPairs) {
      solver_.add(z3::atmost(values, 1));
    } else {
      for (int i = 1; i < static_cast<int>(size); ++i) {
        for (int j = 0; j < i; ++j) solver_.add(!values[i] || !values[j]);
      }
    }
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
      case Problem::Kind::Assumed: {
        const std::string name = "part" + std::to_string(node.value);
        return parts_.emplace(node.value, context_.bool_const(name.c_str())).first->second;
      }
    }
    return context_.bool_val(false);
  }

  /// Limits each of the checks that follow, not all of them together.
  void allow(std::uint32_t work) {
    z3::params parameters(context_);
    parameters.set("rlimit", work);
    parameters.set("random_seed", 7u);
    solver_.set(parameters);
  }

  /// What all checks so far took, in Z3's measure.
  [[nodiscard]] std::uint64_t work_so_far() const {
    const z3::stats statistics = solver_.statistics();
    for (unsigned i = 0; i < statistics.size(); ++i) {
      if (statistics.key(i) != "rlimit count") continue;
      return statistics.is_uint(i) ? statistics.uint_value(i)
                                   : static_cast<std::uint64_t>(statistics.double_value(i));
    }
    return 0;
  }

  [[nodiscard]] std::vector<PartLabel> labels_of_core() const {
    const z3::expr_vector core = solver_.unsat_core();
    std::vector<PartLabel> labels;
    for (const auto& [label, part] : parts_) {
      for (unsigned i = 0; i < core.size(); ++i) {
        if (z3::eq(core[static_cast<int>(i)], part)) labels.push_back(label);
      }
    }
    return labels;
  }

  /// Drops every label without which there is no solution either. What is kept was needed beside
  /// more than is left at the end, and so is needed beside that.
  Unsatisfiable smallest_core(std::vector<PartLabel> core) {
    const std::uint64_t start = work_so_far();
    for (std::size_t i = core.size(); i-- > 0;) {
      const std::uint64_t spent = work_so_far() - start;
      if (spent >= work_) return {std::move(core), false};
      allow(static_cast<std::uint32_t>(work_ - spent));
      z3::expr_vector rest(context_);
      for (std::size_t j = 0; j < core.size(); ++j) {
        if (j != i) rest.push_back(parts_.at(core[j]));
      }
      const z3::check_result without = solver_.check(rest);
      if (without == z3::unknown) return {std::move(core), false};
      if (without == z3::sat) continue;
      const PartLabel dropped = core[i];
      core = labels_of_core();
      // Those above it are needed, so they are still there and need not be tried again.
      i = static_cast<std::size_t>(std::ranges::lower_bound(core, dropped) - core.begin());
    }
    return {std::move(core), true};
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
  const std::uint32_t work_;
  z3::context& context_;
  z3::solver solver_;
  std::vector<z3::expr_vector> values_;
  std::vector<z3::expr> expressions_;
  std::map<PartLabel, z3::expr> parts_;
  std::optional<Problem::Assignment> best_;
};

}  // namespace

struct SmtSolver::Context {
  z3::context z3;
};

SmtSolver::SmtSolver() : context_(std::make_unique<Context>()) {}
SmtSolver::~SmtSolver() = default;

SmtAnswer SmtSolver::solve(const Problem& problem, const SmtLimits& limits) {
  if (problem.nodes().size() > limits.formulas) {
    return GaveUp{"the question is too large: " + std::to_string(problem.nodes().size()) +
                  " formulas, and " + std::to_string(limits.formulas) + " are the limit"};
  }
  try {
    return Translation(context_->z3, problem, limits).solve();
  } catch (const z3::exception& failure) {
    return GaveUp{std::string("the solver failed: ") + failure.msg()};
  }
}

SmtAnswer solve(const Problem& problem, const SmtLimits& limits) {
  return SmtSolver().solve(problem, limits);
}

}  // namespace meshproof
