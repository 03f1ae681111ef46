#pragma once

#include <string>
#include <vector>

#include "cli/session.h"
#include "reports/question_index.h"
#include "solver/evidence.h"

namespace meshproof {

/// The files of one run that let somebody else check its proofs: --smt2 and, where deciders
/// disagree, --repro (docs/PROOFS.md). Refers to the session.
class EvidenceFiles {
 public:
  explicit EvidenceFiles(Session& session) : session_(session) {}

  /// Once the inputs are known to be good, so that bad ones leave an earlier run's files alone.
  /// Makes the directory of --smt2, or takes the files of an earlier run out of it. False after
  /// saying what is wrong: it cannot be made, or holds what is not ours. Nothing without --smt2.
  [[nodiscard]] bool open();

  /// Where questions and disagreements go. Refers to this.
  [[nodiscard]] EvidenceSinks sinks();

  /// Writes the index. False after saying what could not be written, here or before.
  [[nodiscard]] bool close();

  /// Something could not be opened or written, and was said.
  [[nodiscard]] bool has_failed() const { return has_failed_; }

 private:
  void write_question(const AskedQuestion& question);
  [[nodiscard]] std::string keep_disagreement(const Disagreement& disagreement);
  [[nodiscard]] bool fail(std::string problem, const std::string& path);

  Session& session_;
  std::vector<QuestionFile> questions_;
  bool has_failed_ = false;
};

}  // namespace meshproof
