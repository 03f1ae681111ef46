#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

/// A fenced block that begins with `$ meshproof …`: the command, and all that stands below it.
struct Example {
  std::string file;
  std::string command;
  std::string output;
};

std::vector<Example> examples_in(const std::string& file) {
  std::vector<Example> examples;
  std::istringstream lines(read_file(file));
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("```", 0) == 0) {
      inside = false;
    } else if (line.rfind("$ meshproof ", 0) == 0) {
      examples.push_back({file, line.substr(12), {}});
      inside = true;
    } else if (inside) {
      examples.back().output += line + "\n";
    }
  }
  return examples;
}

std::vector<std::string> split(const std::string& text) {
  std::istringstream words(text);
  std::vector<std::string> result;
  for (std::string word; words >> word;) result.push_back(word);
  return result;
}

/// `…` in a line of its own stands for any lines.
bool matches(const std::string& expected, const std::string& seen) {
  const std::size_t gap = expected.find("…\n");
  const bool own_line = gap != std::string::npos && (gap == 0 || expected[gap - 1] == '\n');
  if (!own_line) return expected == seen;
  const std::string head = expected.substr(0, gap);
  if (seen.rfind(head, 0) != 0) return false;
  const std::string tail = expected.substr(gap + std::string("…\n").size());
  for (std::size_t at = head.size(); at <= seen.size(); ++at) {
    const bool at_line = at == 0 || seen[at - 1] == '\n';
    if (at_line && matches(tail, seen.substr(at))) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("the examples of the documents give what they show") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  std::vector<std::string> files{"README.md"};
  for (const auto& entry : std::filesystem::directory_iterator("docs")) {
    if (entry.path().extension() == ".md") files.push_back(entry.path().string());
  }
  std::size_t count = 0;
  for (const std::string& file : files) {
    for (const Example& example : examples_in(file)) {
      ++count;
      const CliRun run = run_cli(split(example.command));
      INFO(example.file << ": meshproof " << example.command);
      INFO("it prints:\n" << run.err << run.out);
      CHECK(matches(example.output, run.err + run.out));
    }
  }
  CHECK(count >= 3);
}
