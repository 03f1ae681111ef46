#include "solver/engines/smt_text.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "solver/checks/tenancy_proof.h"
#include "solver/engines/smt.h"
#include "solver/engines/solved_problems.h"
#include "tests/solver/quotient.h"
#include "tests/solver/random_mesh.h"
#include "tests/support/yaml.h"

/// Problems as SMT-LIB 2, and what other solvers make of them: cvc5 and z3 as programs, of the
/// packages of those names. Where one is missing these tests fail: `./dev install` has them.
namespace meshproof {
namespace {

/// What a solver's program says of the text: its first line.
std::string answer_of(const std::string& solver, const std::string& text) {
  const std::filesystem::path file = std::filesystem::temp_directory_path() /
                                     ("meshproof-question-" + std::to_string(::getpid()) + ".smt2");
  std::ofstream(file, std::ios::binary) << text;
  const std::string command = solver + " '" + file.string() + "' 2>&1";
  FILE* output = ::popen(command.c_str(), "r");
  REQUIRE(output != nullptr);
  std::array<char, 256> line{};
  std::string answer;
  while (std::fgets(line.data(), static_cast<int>(line.size()), output) != nullptr) {
    answer += line.data();
  }
  ::pclose(output);
  std::filesystem::remove(file);
  return answer.substr(0, answer.find('\n'));
}

const std::array<std::string, 2> kSolvers{"cvc5", "z3"};

/// Which of three: who is 0 or 1, with a part that says it is not 0.
Problem small_problem(bool with_solution) {
  Problem problem;
  const Variable who = problem.add_variable(3);
  const Variable how = problem.add_variable(2);
  problem.require(problem.is_any(who, {0, 1}));
  problem.require(problem.negate(problem.all_of({problem.assume(0), problem.is(who, 0)})));
  if (with_solution) {
    problem.require(problem.is(how, 1));
  } else {
    problem.require(problem.is(who, 0));
  }
  return problem;
}

/// A sample of what tenancy asks of random meshes, each with what our own solver said.
std::vector<AskedQuestion> sample_of_questions() {
  std::vector<AskedQuestion> sample;
  std::uint64_t state = 11;
  const Choose choose = [&](unsigned count) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<unsigned>((state >> 33U) % count);
  };
  for (int i = 0; i < 40; ++i) {
    const RandomMesh mesh = random_mesh(choose);
    const Snapshot snapshot = snapshot_from(to_yaml(mesh), options_of(mesh));
    TenancyOptions options;
    options.evidence.question = [&](const AskedQuestion& one) { sample.push_back(one); };
    TenancyProof proof(snapshot, options);
    (void)proof.prove("cp", {snapshot.cluster.find_namespace("shop")});
  }
  return sample;
}

}  // namespace

TEST_CASE("a problem is written as SMT-LIB 2 with readable names") {
  const ProblemNames names{{"who"}, {{"nobody", "one|self", "somebody"}}, {"policy a/b"}};
  CHECK(smt2_text(small_problem(false), "a question\nin two lines", SolverStatus::Unsat, names) ==
        R"(; meshproof: a question for a solver
; a question
; in two lines
(set-info :smt-lib-version 2.6)
(set-info :status unsat)
(set-option :produce-unsat-cores true)
(set-logic QF_BV)
; |v0 who| = 0 nobody
; |v0 who| = 1 one_self
; |v0 who| = 2 somebody
(declare-const |v0 who| (_ BitVec 2))
(assert (bvult |v0 who| (_ bv3 2)))
(declare-const |v1| (_ BitVec 1))
(declare-const part0 Bool)
(assert (! part0 :named |part 0 policy a/b|))
(define-fun f4 () Bool (or (= |v0 who| (_ bv0 2)) (= |v0 who| (_ bv1 2))))
(define-fun f6 () Bool (and (= |v0 who| (_ bv0 2)) part0))
(assert f4)
(assert (not f6))
(assert (= |v0 who| (_ bv0 2)))
(check-sat)
)");
}

TEST_CASE("other solvers read what is written, and agree") {
  for (const std::string& solver : kSolvers) {
    for (const bool with_solution : {false, true}) {
      const Problem problem = small_problem(with_solution);
      const SolverStatus status = status_of(solve(problem));
      INFO(solver);
      CHECK(status == (with_solution ? SolverStatus::Sat : SolverStatus::Unsat));
      CHECK(answer_of(solver, smt2_text(problem, "", status)) == to_string(status));
    }
  }
}

TEST_CASE("cvc5 and z3 repeat a sample of the questions of tenancy with the same answers") {
  std::size_t unsat = 0;
  std::size_t sat = 0;
  for (const AskedQuestion& question : sample_of_questions()) {
    INFO(question.smt2);
    REQUIRE(question.status != SolverStatus::Unknown);
    (question.status == SolverStatus::Unsat ? unsat : sat) += 1;
    for (const std::string& solver : kSolvers) {
      INFO(solver);
      REQUIRE(answer_of(solver, question.smt2) == to_string(question.status));
    }
  }
  CHECK(unsat > 3);
  CHECK(sat > 3);
}

}  // namespace meshproof
