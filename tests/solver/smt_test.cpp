#include "solver/engines/smt.h"

#include <algorithm>

#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

namespace meshproof {

namespace {

Formula random_formula(Problem& problem, const std::vector<Variable>& variables, unsigned depth) {
  const auto pick = [](std::size_t count) { return *rc::gen::inRange<std::size_t>(0, count); };
  if (depth == 0) {
    return problem.is(variables[pick(variables.size())], static_cast<std::uint32_t>(pick(3)));
  }
  std::vector<Formula> operands;
  for (std::size_t i = 0; i < 2; ++i) {
    operands.push_back(random_formula(problem, variables, depth - 1));
  }
  switch (pick(3)) {
    case 0:
      return problem.all_of(operands);
    case 1:
      return problem.any_of(operands);
    default:
      return problem.negate(operands.front());
  }
}

/// Every assignment of variables with three values.
std::vector<Problem::Assignment> all_assignments(std::size_t variables) {
  std::vector<Problem::Assignment> result{{}};
  for (std::size_t i = 0; i < variables; ++i) {
    std::vector<Problem::Assignment> longer;
    for (const Problem::Assignment& assignment : result) {
      for (std::uint32_t value = 0; value < 3; ++value) {
        longer.push_back(assignment);
        longer.back().push_back(value);
      }
    }
    result = std::move(longer);
  }
  return result;
}

std::size_t cost(const Problem& problem, const Problem::Assignment& assignment) {
  return static_cast<std::size_t>(std::ranges::count_if(
      problem.avoided(), [&](Formula one) { return problem.evaluate(one, assignment); }));
}

}  // namespace

TEST_CASE("the solver finds a cheapest solution exactly when there is one") {
  rc::prop("the solver finds a cheapest solution exactly when there is one", [] {
    Problem problem;
    std::vector<Variable> variables;
    for (int i = 0; i < 4; ++i) variables.push_back(problem.add_variable(3));
    for (int i = 0; i < 3; ++i) problem.require(random_formula(problem, variables, 2));
    for (const Variable variable : variables) {
      problem.avoid(problem.negate(problem.is(variable, 0)));
    }
    std::size_t best = 5;
    for (const Problem::Assignment& one : all_assignments(variables.size())) {
      if (problem.satisfies(one)) best = std::min(best, cost(problem, one));
    }
    const SmtAnswer answer = solve(problem);
    if (best == 5) {
      RC_ASSERT(std::holds_alternative<Unsatisfiable>(answer));
      return;
    }
    const auto& solution = std::get<Problem::Assignment>(answer);
    RC_ASSERT(problem.satisfies(solution));
    RC_ASSERT(cost(problem, solution) == best);
  });
}

TEST_CASE("preferences are followed in their order where they can be") {
  Problem problem;
  const Variable a = problem.add_variable(3);
  const Variable b = problem.add_variable(3);
  problem.require(problem.negate(problem.all_of({problem.is(a, 1), problem.is(b, 1)})));
  problem.prefer(problem.is(a, 1));
  problem.prefer(problem.is(b, 1));
  problem.prefer(problem.is(b, 2));
  const SmtAnswer answer = solve(problem);
  CHECK(std::get<Problem::Assignment>(answer) == Problem::Assignment{1, 2});
}

TEST_CASE("a solver that runs out of work says so and claims nothing") {
  // Ten pigeons and nine holes: no solution, and no short proof of it.
  Problem problem;
  std::vector<Variable> pigeons;
  for (int i = 0; i < 10; ++i) pigeons.push_back(problem.add_variable(9));
  for (std::size_t i = 0; i < pigeons.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      for (std::uint32_t hole = 0; hole < 9; ++hole) {
        problem.require(problem.negate(
            problem.all_of({problem.is(pigeons[i], hole), problem.is(pigeons[j], hole)})));
      }
    }
  }
  const SmtAnswer answer = solve(problem, {.work = 20'000});
  CHECK(std::holds_alternative<GaveUp>(answer));
}

TEST_CASE("a question that is too large is not given to the solver") {
  Problem problem;
  const Variable a = problem.add_variable(9);
  for (std::uint32_t value = 0; value < 9; ++value) problem.require(problem.is(a, value));
  const SmtAnswer answer = solve(problem, {.formulas = 10});
  CHECK(std::get<GaveUp>(answer).reason ==
        "the question is too large: 11 formulas, and 10 are the limit");
  CHECK(std::holds_alternative<Unsatisfiable>(solve(problem, {.formulas = 11})));
}

TEST_CASE("a core names the parts that a proof needs and no other") {
  Problem problem;
  const Variable who = problem.add_variable(3);
  const auto is_let_in = [&](std::uint32_t value, std::vector<Formula> isolating) {
    return problem.all_of(
        {problem.is(who, value), problem.negate(problem.any_of(std::move(isolating)))});
  };
  // Who is 0 is isolated by 4 and by 7, who is 1 by 5; 9 isolates nobody who asks.
  const Formula nobody = problem.all_of({problem.assume(9), problem.is(who, 2)});
  problem.require(problem.any_of({is_let_in(0, {problem.assume(4), problem.assume(7)}),
                                  is_let_in(1, {problem.assume(5), nobody})}));
  CHECK(problem.parts() == std::vector<PartLabel>{4, 5, 7, 9});
  const auto answer = std::get<Unsatisfiable>(solve(problem));
  CHECK(answer.core == std::vector<PartLabel>{4, 5});
  CHECK(answer.is_minimal);
}

TEST_CASE("a proof that needs no part has an empty core") {
  Problem problem;
  const Variable a = problem.add_variable(2);
  problem.require(problem.any_of({problem.is(a, 0), problem.assume(1)}));
  problem.require(problem.is(a, 1));
  problem.require(problem.is(a, 0));
  CHECK(std::get<Unsatisfiable>(solve(problem)) == Unsatisfiable{{}, true});
}

TEST_CASE("a solution is one with all parts") {
  Problem problem;
  const Variable a = problem.add_variable(3);
  problem.require(problem.any_of({problem.is(a, 0), problem.negate(problem.assume(0))}));
  problem.avoid(problem.is(a, 0));
  CHECK(std::get<Problem::Assignment>(solve(problem)) == Problem::Assignment{0});
}

TEST_CASE("a core is minimal: what it lacks cannot be spared and what it has suffices") {
  std::size_t proofs = 0;
  rc::prop("a core is minimal", [&] {
    constexpr std::uint32_t kParts = 4;
    // The same formulas, with the parts of `on` and without the others.
    struct Term {
      std::uint32_t variable, value, part;
      bool negated;
    };
    std::vector<Term> terms;
    const unsigned count = *rc::gen::inRange(2u, 9u);
    for (unsigned i = 0; i < count; ++i) {
      terms.push_back({*rc::gen::inRange(0u, 2u), *rc::gen::inRange(0u, 2u),
                       *rc::gen::inRange(0u, kParts), *rc::gen::arbitrary<bool>()});
    }
    const auto build = [&](std::uint32_t on, bool with_parts) {
      Problem problem;
      const std::vector<Variable> variables{problem.add_variable(3), problem.add_variable(3)};
      for (const Term& term : terms) {
        const Formula part =
            with_parts ? problem.assume(term.part) : Problem::constant((on >> term.part & 1U) != 0);
        const Formula is = problem.is(variables[term.variable], term.value);
        problem.require(
            problem.any_of({problem.negate(part), term.negated ? problem.negate(is) : is}));
      }
      return problem;
    };
    const auto has_solution = [&](std::uint32_t on) {
      const Problem problem = build(on, false);
      const auto assignments = all_assignments(2);
      return std::ranges::any_of(assignments,
                                 [&](const auto& one) { return problem.satisfies(one); });
    };
    const SmtAnswer answer = solve(build(0, true));
    const auto* proof = std::get_if<Unsatisfiable>(&answer);
    RC_ASSERT((proof == nullptr) == has_solution((1U << kParts) - 1));
    if (proof == nullptr) return;
    ++proofs;
    RC_ASSERT(proof->is_minimal);
    RC_ASSERT(std::ranges::is_sorted(proof->core));
    std::uint32_t core = 0;
    for (const PartLabel label : proof->core) core |= 1U << label;
    RC_ASSERT(!has_solution(core));
    for (const PartLabel label : proof->core) RC_ASSERT(has_solution(core & ~(1U << label)));
  });
  CHECK(proofs > 0);
}

TEST_CASE("a core whose search runs out of work says that it may be too large") {
  // The part contradicts the question at once. Without it the question is ten pigeons and nine
  // holes: no solution either, and no short proof of it.
  Problem problem;
  problem.require(problem.negate(problem.assume(3)));
  std::vector<Variable> pigeons;
  for (int i = 0; i < 10; ++i) pigeons.push_back(problem.add_variable(9));
  for (std::size_t i = 0; i < pigeons.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      for (std::uint32_t hole = 0; hole < 9; ++hole) {
        problem.require(problem.negate(
            problem.all_of({problem.is(pigeons[i], hole), problem.is(pigeons[j], hole)})));
      }
    }
  }
  CHECK(std::get<Unsatisfiable>(solve(problem, {.work = 40'000})) == Unsatisfiable{{3}, false});
}

TEST_CASE("the answer depends on the work that was allowed, and on no clock") {
  Problem problem;
  std::vector<Variable> pigeons;
  for (int i = 0; i < 9; ++i) pigeons.push_back(problem.add_variable(8));
  for (std::size_t i = 0; i < pigeons.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      for (std::uint32_t hole = 0; hole < 8; ++hole) {
        problem.require(problem.negate(
            problem.all_of({problem.is(pigeons[i], hole), problem.is(pigeons[j], hole)})));
      }
    }
  }
  // Whether each budget suffices is the same each time, and more never turns a proof into none.
  bool has_sufficed = false;
  bool has_failed = false;
  for (std::uint32_t work = 1'000; work < 200'000'000 && !has_sufficed; work *= 4) {
    const bool gave_up = std::holds_alternative<GaveUp>(solve(problem, {.work = work}));
    CHECK(gave_up == std::holds_alternative<GaveUp>(solve(problem, {.work = work})));
    has_sufficed = !gave_up;
    has_failed = has_failed || gave_up;
  }
  CHECK(has_sufficed);
  CHECK(has_failed);
}

TEST_CASE("formulas are simplified and shared as they are built") {
  Problem problem;
  const Variable a = problem.add_variable(2);
  const Formula is_zero = problem.is(a, 0);
  CHECK(problem.is(a, 2) == Problem::falsehood());
  CHECK(problem.is_any(a, {1, 0, 1}) == Problem::truth());
  CHECK(problem.negate(problem.negate(is_zero)) == is_zero);
  CHECK(problem.all_of({}) == Problem::truth());
  CHECK(problem.any_of({}) == Problem::falsehood());
  CHECK(problem.all_of({is_zero, Problem::truth(), is_zero}) == is_zero);
  CHECK(problem.any_of({is_zero, Problem::truth()}) == Problem::truth());
  const Formula both = problem.all_of({is_zero, problem.is(a, 1)});
  CHECK(both == problem.all_of({problem.is(a, 1), is_zero}));
}

TEST_CASE("problems that are built alike are equal") {
  const auto build = [](std::uint32_t value) {
    Problem problem;
    const Variable a = problem.add_variable(3);
    problem.require(problem.is(a, value));
    return problem;
  };
  CHECK(build(1) == build(1));
  CHECK(build(1) != build(2));
}

}  // namespace meshproof
