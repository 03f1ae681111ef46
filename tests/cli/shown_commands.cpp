#include "tests/cli/shown_commands.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <regex>
#include <sstream>
#include <string_view>

#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"
#include "tests/cli/shell.h"
#include "tests/support/temporary_folder.h"

namespace meshproof {
namespace {

constexpr std::string_view kIndent = "    ";
constexpr std::string_view kPrompt = "$ ";

std::vector<ShownCommand> commands_of(const ShownBlock& block) {
  std::vector<ShownCommand> commands;
  bool goes_on = false;
  for (std::size_t i = 0; i < block.lines.size(); ++i) {
    const std::string& line = block.lines[i];
    const bool begins = line.starts_with(kPrompt);
    if (begins) commands.push_back({block.line + i, line.substr(kPrompt.size()), {}});
    INFO(block.file << ":" << block.line + i << ": " << line);
    REQUIRE_FALSE(commands.empty());
    if (goes_on) commands.back().words += "\n" + line;
    if (!begins && !goes_on) commands.back().output += line + "\n";
    goes_on = (begins || goes_on) && line.ends_with('\\');
  }
  for (ShownCommand& command : commands) {
    command.words.resize(std::min(command.words.find(" # "), command.words.size()));
    command.words.resize(command.words.find_last_not_of(' ') + 1);
  }
  return commands;
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

/// What a document says in a YAML block below `NAME`: is written there.
void write_files(const std::vector<ShownBlock>& blocks, const TemporaryFolder& folder) {
  const std::regex named("`([A-Za-z0-9./-]+)`:$");
  for (const ShownBlock& block : blocks) {
    std::smatch name;
    if (block.mark != "yaml" || !std::regex_search(block.above, name, named)) continue;
    std::string text;
    for (const std::string& line : block.lines) text += line + "\n";
    (void)folder.write(name[1].str(), text);
  }
}

/// The exit codes of judgements: whatever else there is says that the command does not work.
bool is_result(int code) { return code == 0 || code == 1 || code == 3; }

/// Documents also show programs of others, which may be missing here, but not in a pipeline.
bool lacks_program(const ShownCommand& command, const ShellRun& run) {
  constexpr int kNotFound = 127;
  const char* ci = std::getenv("CI");
  const bool must_run = ci != nullptr && std::string_view{ci} == "true";
  return run.code == kNotFound && !must_run && !command.words.starts_with("meshproof ");
}

}  // namespace

std::string ShownBlock::first_command() const {
  const std::regex command(
      R"((^|[|;&(`] *)(\$ |# |oc |kubectl |\w+=\S* )*(\S*/)?meshproof +[a-z-]+( |$))");
  const auto found = std::ranges::find_if(
      lines, [&](const std::string& each) { return std::regex_search(each, command); });
  return found == lines.end() ? std::string{} : *found;
}

std::vector<std::string> shown_documents() {
  std::vector<std::string> files{"CONTRIBUTING.md", "README.md"};
  for (const auto& entry : std::filesystem::directory_iterator(MESHPROOF_SOURCE_DIR "/docs")) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".md")) files.push_back("docs/" + name);
  }
  std::ranges::sort(files);
  return files;
}

std::vector<ShownBlock> blocks_in(const std::string& file) {
  std::vector<ShownBlock> blocks;
  std::istringstream lines(read_file(MESHPROOF_SOURCE_DIR "/" + file));
  bool is_fenced = false;
  bool is_indented = false;
  std::string above;
  std::string before;
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line); before = line) {
    ++number;
    if (line.starts_with("```")) {
      is_fenced = !is_fenced;
      is_indented = false;
      if (is_fenced) blocks.push_back({file, number + 1, line.substr(3), above, {}});
    } else if (is_fenced) {
      blocks.back().lines.push_back(line);
    } else if (line.starts_with(kIndent) && (is_indented || before.empty())) {
      if (!is_indented) blocks.push_back({file, number, "indented", above, {}});
      is_indented = true;
      blocks.back().lines.push_back(line.substr(kIndent.size()));
    } else {
      is_indented = false;
      if (!line.empty()) above = line;
    }
  }
  return blocks;
}

std::vector<ShownCommand> shown_commands(const std::string& file, const std::string& mark) {
  std::vector<ShownCommand> commands;
  for (const ShownBlock& block : blocks_in(file)) {
    if (block.mark == mark) std::ranges::move(commands_of(block), std::back_inserter(commands));
  }
  return commands;
}

std::size_t run_shown(const std::string& file, const std::string& mark,
                      const std::string& environment) {
  const TemporaryFolder folder;
  for (const std::string name : {"docs", "scenarios"}) {
    std::filesystem::create_symlink(std::string(MESHPROOF_SOURCE_DIR "/") + name,
                                    folder.path(name));
  }
  write_files(blocks_in(file), folder);
  const std::vector<ShownCommand> commands = shown_commands(file, mark);
  for (const ShownCommand& command : commands) {
    const ShellRun run = run_shell(
        folder.path(), "export HOME='" + folder.path() + "'\n" + environment + command.words);
    INFO(file << ":" << command.line << ": " << command.words);
    INFO("it prints:\n" << run.err << run.out);
    if (lacks_program(command, run)) {
      WARN(command.words << ": its program is not installed: it was not tried");
      continue;
    }
    CHECK(is_result(run.code));
    if (!command.output.empty()) CHECK(matches(command.output, run.err + run.out));
  }
  return commands.size();
}

}  // namespace meshproof
