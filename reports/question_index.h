#pragma once

#include <string>
#include <vector>

namespace meshproof {

/// A file with a question for a solver.
struct QuestionFile {
  std::string file;       ///< `001-builtin-tenancy-shop.smt2`
  std::string statement;  ///< `builtin:tenancy`
  std::string about;      ///< the project
  std::string expected;   ///< `unsat`, `sat`, `unknown`
  std::string sha256;
};

/// The index of a directory of questions, as JSON (docs/FORMATS.md): in the order given.
[[nodiscard]] std::string question_index_json(const std::vector<QuestionFile>& files);

}  // namespace meshproof
