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
