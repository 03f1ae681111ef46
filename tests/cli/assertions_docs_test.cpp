#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

/// A fenced block of docs/ASSERTIONS.md: a command in its first line, and an assertions file in
/// which each assertion is followed by `# VERDICT`.
struct Example {
  std::string command;
  std::string yaml;
  std::map<std::string, std::string> verdicts;  ///< by id
};

/// `- {id: A-1, …}   # holds`
void add_verdict(const std::string& line, Example& example) {
  const std::size_t id = line.find("{id: ");
  const std::size_t comment = line.rfind("  # ");
  if (id == std::string::npos || comment == std::string::npos) return;
  const std::size_t begin = id + 5;
  example.verdicts[line.substr(begin, line.find(',', begin) - begin)] = line.substr(comment + 4);
}

std::vector<Example> examples_in(const std::string& file) {
  std::vector<Example> examples;
  std::istringstream lines(read_file(file));
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "```yaml") {
      inside = true;
      examples.emplace_back();
    } else if (line == "```") {
      inside = false;
    } else if (inside && examples.back().command.empty()) {
      examples.back().command = line;
    } else if (inside) {
      examples.back().yaml += line + "\n";
      add_verdict(line, examples.back());
    }
  }
  return examples;
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string word_of(const Tree& verdict) {
  const Tree* holds = verdict.find("holds");
  if (holds == nullptr || holds->is_null()) return "unknown";
  if (holds->text == "true") return "holds";
  if (verdict.find("waived")->text == "true") return "waived";
  return verdict.find("witness")->is_null() ? "empty" : "violated";
}

}  // namespace

TEST_CASE("the examples of the page about assertions have the verdicts that stand beside them") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  std::size_t verdicts = 0;
  for (const Example& example : examples_in("docs/ASSERTIONS.md")) {
    const std::string start = "# meshproof ";
    CAPTURE(example.command, example.yaml);
    REQUIRE(example.command.starts_with(start));
    REQUIRE_FALSE(example.verdicts.empty());
    const TemporaryFolder folder;
    std::vector<std::string> args = words_of(example.command.substr(start.size()));
    args.insert(args.end(), {"--assert", folder.write("assertions.yaml", example.yaml)});
    if (args.front() == "plan") args.insert(args.end(), {"--assert", "none"});
    args.insert(args.end(), {"-o", "json"});
    const CliRun run = run_cli(args);
    CAPTURE(run.err);
    std::map<std::string, std::string> seen;
    const Tree json = json_of(run);
    const Tree* list = json.find("verdicts");
    REQUIRE(list != nullptr);
    for (const Tree& verdict : list->items) {
      seen[std::string{verdict.string_at({"id"})}] = word_of(verdict);
    }
    CHECK(seen == example.verdicts);
    verdicts += seen.size();
  }
  CHECK(verdicts >= 20);
}

TEST_CASE("the page about assertions names every kind") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  const std::string page = read_file("docs/ASSERTIONS.md");
  for (const std::string_view kind : {"deny", "allow", "isolate", "only-via", "unchanged",
                                      "no-orphans", "no-privilege", "no-shadowed-rules"}) {
    CAPTURE(kind);
    CHECK(page.find("| `" + std::string{kind} + "` |") != std::string::npos);
    CHECK(page.find("must: " + std::string{kind}) != std::string::npos);
  }
}
