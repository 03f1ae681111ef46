#include "cli/evidence_files.h"

#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "backends/sha256.h"
#include "reports/state_json.h"
#include "solver/engines/smt_text.h"

namespace meshproof {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIndex = "index.json";
constexpr std::string_view kIndexBegin = "{\n  \"version\"";
constexpr std::string_view kEnding = ".smt2";
constexpr std::size_t kLongestWord = 80;
constexpr int kMostDirectories = 1000;

/// Names come from the input: nothing of them may lead elsewhere or look like an option.
std::string safe_word(std::string_view text) {
  std::string word;
  for (const char c : text.substr(0, kLongestWord)) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '.';
    word += is_plain ? c : '-';
  }
  return word;
}

/// `001-….smt2` or the index, and it begins as ours do.
bool is_ours(const fs::directory_entry& entry) {
  std::error_code ignored;
  const std::string name = entry.path().filename().string();
  if (entry.is_symlink(ignored) || !entry.is_regular_file(ignored)) return false;
  const bool is_question = name.ends_with(kEnding);
  if (!is_question && name != kIndex) return false;
  std::string begin(kIndexBegin.size() + kSmt2Mark.size(), ' ');
  std::ifstream(entry.path(), std::ios::binary)
      .read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return begin.starts_with(is_question ? kSmt2Mark : kIndexBegin);
}

std::string question_text(const Disagreement& disagreement) {
  if (disagreement.smt2.empty()) {
    return fmt::format(
        "{}\n\nassertion: {}\n\nobjects.json holds the objects that the question is about. To see "
        "it again, with the assertion in a file:\n\n  meshproof verify -f objects.json --assert "
        "FILE --recheck\n",
        disagreement.text, disagreement.statement);
  }
  const bool is_builtin = disagreement.statement.starts_with("builtin:");
  return fmt::format(
      "{}\n\nstatement: {}\nproject: {}\n\n"
      "objects.json holds the objects that the question is about, query.smt2 the question. To see "
      "it again{}:\n\n  meshproof verify -f objects.json --assert {}\n  cvc5 query.smt2\n  z3 "
      "query.smt2\n",
      disagreement.text, disagreement.statement, disagreement.about,
      is_builtin ? "" : ", with the assertion in a file",
      is_builtin ? disagreement.statement : "FILE");
}

}  // namespace

bool EvidenceFiles::fail(std::string problem, const std::string& path) {
  // One message is enough where every file fails.
  if (!has_failed_) session_.add_error("output-failed", std::move(problem), path);
  has_failed_ = true;
  return false;
}

bool EvidenceFiles::open() {
  const std::string& directory = session_.options.smt2_dir;
  if (directory.empty()) return true;
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return fail("the directory could not be made: " + error.message(), directory);
  std::vector<fs::path> old;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) {
    if (!is_ours(entry)) {
      return fail("the directory holds " + entry.path().filename().string() +
                      ", which --smt2 did not write: it must be new, empty or of an earlier run",
                  directory);
    }
    old.push_back(entry.path());
  }
  for (const fs::path& path : old) {
    if (!error) fs::remove(path, error);
  }
  if (error) return fail("the directory could not be emptied: " + error.message(), directory);
  return true;
}

EvidenceSinks EvidenceFiles::sinks() {
  EvidenceSinks sinks;
  if (!session_.options.smt2_dir.empty()) {
    sinks.question = [this](const AskedQuestion& question) { write_question(question); };
  }
  sinks.disagreement = [this](const Disagreement& one) { return keep_disagreement(one); };
  return sinks;
}

void EvidenceFiles::write_question(const AskedQuestion& question) {
  if (has_failed_) return;
  const std::string name =
      fmt::format("{:03}-{}-{}{}", questions_.size() + 1, safe_word(question.statement),
                  safe_word(question.about), kEnding);
  const std::string path = session_.options.smt2_dir + "/" + name;
  if (const std::string problem = write_file_atomically(path, question.smt2); !problem.empty()) {
    (void)fail(problem, path);
    return;
  }
  questions_.push_back({name, question.statement, question.about,
                        std::string(to_string(question.status)), sha256(question.smt2)});
}

bool EvidenceFiles::close() {
  if (has_failed_) return false;
  const std::string& directory = session_.options.smt2_dir;
  if (directory.empty()) return true;
  const std::string path = directory + "/" + std::string(kIndex);
  const std::string problem = write_file_atomically(path, question_index_json(questions_));
  return problem.empty() || fail(problem, path);
}

std::string EvidenceFiles::keep_disagreement(const Disagreement& disagreement) {
  const std::string& wanted = session_.options.repro_dir;
  const std::string stem = wanted.empty() ? "meshproof-disagreement-" +
                                                short_sha256(disagreement.text + disagreement.smt2)
                                          : wanted;
  std::string directory = stem;
  std::error_code error;
  // What is there already is kept: it may be the only trace of another disagreement.
  for (int i = 2; !fs::create_directory(directory, error) && !error; ++i) {
    if (i == kMostDirectories) return "it could not be kept: too many directories " + stem + "-N";
    directory = fmt::format("{}-{}", stem, i);
  }
  if (error) return fmt::format("it could not be kept in {}: {}", directory, error.message());
  std::string problem =
      write_file_atomically(directory + "/objects.json", state_json(disagreement.objects, {}));
  // What --recheck finds was no question to the solver.
  if (problem.empty() && !disagreement.smt2.empty()) {
    problem = write_file_atomically(directory + "/query.smt2", disagreement.smt2);
  }
  if (problem.empty()) {
    problem = write_file_atomically(directory + "/README.txt", question_text(disagreement));
  }
  if (!problem.empty()) return fmt::format("it could not be kept in {}: {}", directory, problem);
  return "kept in " + directory;
}

}  // namespace meshproof
