#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/shown_commands.h"

using namespace meshproof;

namespace {

/// A command that is shown and not run, and why.
struct NotRun {
  const char* file;
  const char* command;
  const char* reason;
};
const std::vector<NotRun> kNotRun{
    {"README.md",
     "eval \"$(meshproof completion bash)\"                                          for this "
     "shell",
     "completion_test.cpp asks bash, zsh and fish themselves"},
    {"docs/GATE.md", "meshproof plan -f base/manifests --to manifests --settle",
     "takes two commits of the reader's repository; report_formats_test.cpp compares two states "
     "so"},
};

bool is_excused(const ShownBlock& block) {
  return std::ranges::any_of(kNotRun, [&](const NotRun& each) {
    return block.file == each.file && block.first_command() == each.command;
  });
}

/// assertions_docs_test.cpp runs what begins an example of this page.
bool is_assertions(const ShownBlock& block) {
  return block.file == "docs/ASSERTIONS.md" && block.mark == "yaml" &&
         block.lines.front().starts_with("# meshproof ");
}

}  // namespace

TEST_CASE("the commands that documents show give what stands below them") {
  std::size_t count = 0;
  for (const std::string& file : shown_documents()) count += run_shown(file, kRunBlock);
  CHECK(count >= 15);
}

TEST_CASE("every command that a document shows is run by a test") {
  std::size_t shown = 0;
  std::size_t excused = 0;
  for (const std::string& file : shown_documents()) {
    for (const ShownBlock& block : blocks_in(file)) {
      if (block.first_command().empty()) continue;
      ++shown;
      if (block.mark == kRunBlock || block.mark == kClusterBlock || is_assertions(block)) continue;
      INFO(file << ":" << block.line << ": is not run: " << block.first_command());
      CHECK(is_excused(block));
      ++excused;
    }
  }
  CHECK(shown >= 30);
  // What is no longer shown needs no reason.
  CHECK(excused == kNotRun.size());
}

TEST_CASE("a command is found in whatever way a document shows it") {
  struct Row {
    const char* line;
    bool is_command;
  };
  const std::vector<Row> rows{
      {"meshproof lint -f a.yaml", true},
      {"$ meshproof lint -f a.yaml", true},
      {"# meshproof verify -f a.yaml", true},
      {"oc get all -o yaml | meshproof lint -f -", true},
      {"$ A=b oc meshproof plan", true},
      {"eval \"$(meshproof completion bash)\"", true},
      {"build/release/meshproof man", true},
      {"sudo apt install ./meshproof_*.deb", false},
      {"apiVersion: meshproof.io/v1", false},
      {"meshproof explain · openshift-sdn", true},
      {"tests/web/tools.sh run pictures.mjs build/dev/meshproof", false},
  };
  for (const Row& row : rows) {
    INFO(row.line);
    CHECK(ShownBlock{{}, 1, {}, {}, {row.line}}.first_command().empty() != row.is_command);
  }
}
