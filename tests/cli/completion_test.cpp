#include "cli/completion/completion.h"

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/command.h"
#include "cli/option_list.h"
#include "tests/cli/run_cli.h"
#include "tests/cli/shell.h"

using namespace meshproof;

namespace {

using Words = std::vector<std::string>;

Words sorted_lines(const std::string& text) {
  std::istringstream stream(text);
  Words words;
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) words.push_back(line);
  }
  std::ranges::sort(words);
  return words;
}

Words sorted(Words words) {
  std::ranges::sort(words);
  return words;
}

bool contains(const Words& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

/// A folder with a file and a folder of known names, and the scripts.
class Shells {
 public:
  Shells() {
    folder_.write("input.yaml", "");
    folder_.write("inner/some.yaml", "");
    for (const std::string& shell : shell_names()) {
      folder_.write("scripts/" + shell, completion_script(shell));
    }
    folder_.write("fpath/_meshproof", completion_script("zsh"));
    folder_.write("bash.sh",
                  "source scripts/bash\nCOMP_WORDBREAKS=$' \\t\\n\"\\'><=;|&(:'\nCOMP_LINE=$1\n"
                  "COMP_POINT=${#COMP_LINE}\n_meshproof\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n");
    folder_.write("capture.zsh", read_file(MESHPROOF_SOURCE_DIR "/tests/cli/capture.zsh"));
  }

  /// What the shell offers behind a line.
  [[nodiscard]] Words offered(const std::string& shell, const std::string& line) const {
    std::string command = "bash --norc bash.sh '" + line + "'";
    if (shell == "fish") {
      command = "HOME=$PWD fish --no-config -c 'source scripts/fish; complete -C \"" + line +
                "\"' | cut -f 1";
    }
    if (shell == "zsh") command = "zsh -f capture.zsh '" + line + "'";
    const ShellRun run = run_shell(folder_.path(), command);
    INFO(shell << ": " << line);
    CHECK(run.err.empty());
    CHECK(run.code == 0);
    return sorted_lines(run.out);
  }

 private:
  TemporaryFolder folder_;
};

/// False, and said, where a shell is not there.
bool has_shell(const std::string& shell) {
  if (has_program(shell)) return true;
  WARN(shell << " is not installed: its completion was not tested");
  return false;
}

const Command& command_of(std::string_view name) {
  return *std::ranges::find(commands(), name, &Command::name);
}

}  // namespace

TEST_CASE("completion offers what the parser takes") {
  const std::string shell = GENERATE(as<std::string>{}, "bash", "zsh", "fish");
  if (!has_shell(shell)) return;
  const Shells shells;
  INFO(shell);

  const Words first = shells.offered(shell, "meshproof ");
  for (const std::string word : {"plan", "scenario", "completion", "man"}) {
    CHECK(contains(first, word));
  }
  CHECK_FALSE(contains(first, "wait"));
  CHECK(shells.offered(shell, "meshproof expl") == Words{"explain"});
  CHECK(contains(shells.offered(shell, "meshproof plan w"), "wait"));
  CHECK(shells.offered(shell, "meshproof scenario ") == Words{"run"});

  Words options;
  for (const CommandOption& each : options_of(command_of("plan wait"))) {
    for (const std::string& name : each.names) {
      if (name.starts_with("--")) options.push_back(name);
    }
  }
  CHECK(shells.offered(shell, "meshproof plan wait --") == sorted(options));
  CHECK(shells.offered(shell, "meshproof plan --sa") == Words{"--safe"});

  CHECK(shells.offered(shell, "meshproof reach -o ") ==
        sorted({"table", "wide", "json", "csv", "dot", "svg"}));
  CHECK(shells.offered(shell, "meshproof plan -f x.yaml --sdn m") == Words{"multitenant"});
  CHECK(shells.offered(shell, "meshproof apply plan.json --backend ") ==
        sorted({"dry-run", "kube", "oc"}));
  CHECK(shells.offered(shell, "meshproof lint --only orphaned-o") == Words{"orphaned-object"});
  CHECK(shells.offered(shell, "meshproof completion ") == sorted({"bash", "fish", "zsh"}));
  CHECK(shells.offered(shell, "meshproof plan --quiet --join ").empty());
}

TEST_CASE(
    "bash completes words with a colon or an equals sign in them, and leaves files to readline") {
  if (!has_shell("bash")) return;
  const Shells shells;
  CHECK(shells.offered("bash", "meshproof plan --assert builtin:te") == Words{"tenancy"});
  CHECK(shells.offered("bash", "meshproof plan --sdn=mul") == Words{"multitenant"});
  CHECK(shells.offered("bash", "meshproof plan -f a.yaml b.yaml inp").empty());
  CHECK(shells.offered("bash", "meshproof lint --only MP0101 orphaned-o") ==
        Words{"orphaned-object"});
  CHECK(shells.offered("bash", "meshproof plan --sdn subnet su").empty());
}

TEST_CASE("zsh and fish complete names of files where a file is meant") {
  const std::string shell = GENERATE(as<std::string>{}, "zsh", "fish");
  if (!has_shell(shell)) return;
  const Shells shells;
  INFO(shell);
  for (const std::string line : {"meshproof plan -f inp", "meshproof plan -f a.yaml inp",
                                 "meshproof lint --out inp", "meshproof apply inp"}) {
    INFO(line);
    CHECK(shells.offered(shell, line) == Words{"input.yaml"});
  }
  CHECK(shells.offered(shell, "meshproof plan --mesh inp").empty());
}

TEST_CASE("kubectl and oc are told what bash completes, and whether files are meant") {
  if (!has_shell("bash")) return;
  const TemporaryFolder folder;
  const auto told = [&](const std::string& words) {
    const ShellRun run = run_shell(
        folder.path(), MESHPROOF_SOURCE_DIR "/cli/completion/kubectl_complete-meshproof " + words);
    INFO(words);
    CHECK(run.err.empty());
    CHECK(run.code == 0);
    return run.out;
  };
  CHECK(told("expl") == "explain\n:4\n");
  CHECK(told("plan --sa") == "--safe\n:4\n");
  CHECK(told("plan -f 'a b.yaml' --sdn ''") == "subnet\nmultitenant\nnetworkpolicy\n:4\n");
  CHECK(told("plan --sdn=mul") == "--sdn=multitenant\n:4\n");
  CHECK(told("plan --assert builtin:te") == "builtin:tenancy\n:4\n");
  CHECK(told("plan --mesh x") == ":4\n");
  CHECK(told("plan -f inp") == ":0\n");
  CHECK(told("plan --smt2 d") == ":16\n");
  CHECK(contains(sorted_lines(told("''")), "report"));
}

TEST_CASE("completion is of one shell that is known") {
  CHECK(run_cli({"completion"}).err ==
        "command line: error[missing-option]: completion needs one shell: bash, zsh, fish\n");
  CHECK(run_cli({"completion", "bsh"}).err ==
        "command line: error[unknown-value]: SHELL 'bsh' is not one of bash, zsh, fish; did you "
        "mean 'bash'?\n");
  CHECK(run_cli({"completion", "fish"}).out == completion_script("fish"));
}
