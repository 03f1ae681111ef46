#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/args.h"
#include "cli/command.h"
#include "cli/examples.h"
#include "cli/option_list.h"
#include "cli/run.h"
#include "reports/text.h"
#include "tests/cli/run_cli.h"
#include "tests/cli/shell.h"

using namespace meshproof;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

CliRun help_of(std::string_view command, const Screen& screen = {}) {
  std::istringstream stream{std::string(command)};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  words.emplace_back("--help");
  return run_cli(words, screen);
}

/// The words of a command in a shell line.
std::vector<std::string> own_words(const std::string& line, std::string_view command) {
  const std::size_t at = line.find("meshproof " + std::string(command));
  REQUIRE(at != std::string::npos);
  std::istringstream stream(line.substr(line.find(' ', at)));
  std::vector<std::string> words;
  for (std::string word; stream >> word && word != "|";) words.push_back(word);
  if (!words.empty() && words.back().ends_with(")\"")) {
    words.back().resize(words.back().size() - 2);
  }
  return words;
}

/// True for a line that would reach a cluster, which a test without one can only parse.
bool reaches_cluster(const Invocation& invocation) {
  const Options& options = invocation.options;
  const std::string_view name = invocation.command->name;
  return options.is_live() || options.backend != Backend::DryRun || name == "plan wait" ||
         (name == "snapshot" && !options.print_oc);
}

/// The files whose names the examples use.
void write_placeholders(const TemporaryFolder& folder) {
  const std::string library = MESHPROOF_SOURCE_DIR "/scenarios/library/";
  const std::string cluster = read_file(library + "used-flows-cut-by-join/cluster.yaml");
  for (const std::string name : {"cluster.yaml", "manifests/all.yaml", "before/all.yaml"}) {
    folder.write(name, cluster);
  }
  folder.write("after/all.yaml", replaced(cluster, "members: []", "members: [shop]"));
  folder.write("flows.json", read_file(library + "used-flows-cut-by-join/flows.json"));
  folder.write("roll.yaml",
               "apiVersion: maistra.io/v1\nkind: ServiceMeshMemberRoll\n"
               "metadata: {name: default, namespace: istio-system}\nspec: {members: [shop]}\n");
  folder.write("assertions.yaml",
               "apiVersion: meshproof.io/v1\nkind: Assertions\nassertions:\n"
               "- {id: ORDERS, must: allow, from: {ns: payments}, "
               "to: {ns: shop}, ports: [tcp/8443]}\n");
  folder.write("probes.yaml", "- {src: shop/web-1, dst: 'svc:shop/orders', port: 8443}\n");
  folder.write("baseline.sarif", "{\"version\": \"2.1.0\", \"runs\": []}");
  folder.write("scenarios/README", "");
  std::filesystem::copy(library + "route-stops-on-join", folder.path("scenarios/own"),
                        std::filesystem::copy_options::recursive);
}

}  // namespace

TEST_CASE("every command has two to four examples, and every example a command") {
  std::size_t count = 0;
  for (const Command& command : commands()) {
    INFO(command.name);
    const std::vector<Example> examples = examples_of(command);
    count += examples.size();
    CHECK(examples.size() >= 2);
    CHECK(examples.size() <= 4);
    const std::string help = help_of(command.name).out;
    for (const Example& example : examples) {
      CHECK(help.find(example.line) != std::string::npos);
      CHECK(example.line.find("meshproof " + std::string(command.name)) != std::string::npos);
    }
  }
  CHECK(count >= 30);
}

TEST_CASE("every example of the help does what it says, on files of the names that it uses") {
  const TemporaryFolder folder;
  write_placeholders(folder);
  std::size_t runs = 0;
  for (const Command& command : commands()) {
    for (const Example& example : examples_of(command)) {
      INFO(example.line);
      const std::string line =
          replaced(std::string(example.line), "/usr/share/meshproof/library", "scenarios/own");
      const auto parsed = parse_args(own_words(line, command.name));
      REQUIRE(parsed.has_value());
      const auto* invocation = std::get_if<Invocation>(&*parsed);
      REQUIRE(invocation != nullptr);
      CHECK(invocation->command->name == command.name);
      if (reaches_cluster(*invocation)) continue;
      // What reads the manual page may be missing; the page is looked at elsewhere.
      const std::string alone = replaced(replaced(line, "| man -l -", ""), "scenarios/ ", "");
      const ShellRun run =
          run_shell(folder.path(), "HOME=" + folder.path() +
                                       "; mkdir -p .zfunc .config/fish/completions "
                                       ".local/share/man/man1\n" +
                                       replaced(alone, "eval \"$(meshproof completion bash)\"",
                                                "meshproof completion bash"));
      ++runs;
      INFO("it prints:\n" << run.out << run.err);
      // An answer, whatever it is.
      CHECK((run.code == 0 || run.code == 1 || run.code == 3));
      CHECK_THAT(run.err, !Catch::Contains("error["));
    }
  }
  CHECK(runs >= 25);
}

TEST_CASE("every option of every command has a heading, and what stands for its value") {
  for (const Command& command : commands()) {
    for (const CommandOption& option : options_of(command)) {
      INFO(command.name << ' ' << option.names.back());
      CHECK(find_option_row(command, option.names.back()) != nullptr);
      CHECK(option.value.empty() != option.takes_value);
      CHECK_FALSE(option.description.empty());
    }
  }
}

TEST_CASE("help shows the options below headings, as the user calls the program") {
  std::ostringstream out;
  std::ostringstream err;
  CHECK(run({"verify", "--help"}, out, err, {}, called_program("/usr/bin/kubectl-meshproof")) ==
        ExitCode::Success);
  const std::string help = out.str();
  CHECK_THAT(help, Catch::StartsWith("Usage: kubectl meshproof verify -f INPUT… --assert FILE…\n"
                                     "assertions against one state\n\nExamples:\n  # "));
  CHECK_THAT(help, Catch::Contains("\n  kubectl meshproof verify -f cluster.yaml --assert "
                                   "builtin:tenancy\n"));
  CHECK_THAT(help, Catch::Contains("\nInput:\n  -f INPUT…                 a file, a directory"));
  CHECK_THAT(help, Catch::Contains("\n  --operator-version VERSION\n"
                                   "                            of the mesh operator: "));
  const std::size_t verdicts = help.find("\nVerdicts:\n");
  REQUIRE(verdicts != std::string::npos);
  CHECK(help.find("\n  --fail-on SEVERITY", verdicts) != std::string::npos);
  CHECK(help.find("\nOutput:\n", verdicts) != std::string::npos);
  CHECK(help.find("\n  -h, --help", verdicts) != std::string::npos);
  CHECK(called_program("oc-meshproof") == "oc meshproof");
  CHECK(called_program("./build/dev/meshproof") == "meshproof");
}

TEST_CASE("help fits the terminal") {
  for (const std::size_t width : {std::size_t{60}, std::size_t{160}}) {
    std::size_t widest = 0;
    for (const Command& command : commands()) {
      std::set<std::string> examples;
      for (const Example& each : examples_of(command)) {
        examples.insert("  " + std::string(each.line));
      }
      for (const std::string& line : lines_of(help_of(command.name, {.width = width}).out)) {
        if (examples.contains(line)) continue;  // a line to copy is not broken
        INFO(line);
        CHECK(display_width(line) <= width);
        widest = std::max(widest, display_width(line));
      }
    }
    CHECK(widest > width - 10);
  }
}

TEST_CASE("help is asked for in front, too, and of commands of two words") {
  CHECK(run_cli({"help", "lint"}).out == help_of("lint").out);
  CHECK(run_cli({"help"}).out == run_cli({"--help"}).out);
  CHECK(run_cli({"scenario", "--help"}).out == help_of("scenario run").out);
  CHECK(run_cli({"help", "plan", "wait"}).out == help_of("plan wait").out);
  CHECK_THAT(run_cli({"help", "lnt"}).err, Catch::Contains("did you mean 'lint'?"));
}

TEST_CASE(
    "every closed set is the one that the parser takes, and a slip is told with the right word") {
  const std::string f = "scenarios/library/bookinfo-leaves/cluster.yaml";
  std::size_t sets = 0;
  for (const Command& command : commands()) {
    for (const CommandOption& option : options_of(command)) {
      const std::string& name = option.names.front();
      const bool is_open = option.completed != Completed::Nothing || name == "--operator-version" ||
                           name == "--absent-kind";
      if (option.words.empty() || is_open) continue;
      ++sets;
      std::istringstream stream{std::string(command.name)};
      std::vector<std::string> line;
      for (std::string word; stream >> word;) line.push_back(word);
      line.push_back(name);
      for (const std::string& word : option.words) {
        line.push_back(word);
        INFO(command.name << ' ' << name << ' ' << word);
        CHECK_THAT(run_cli(line).err, !Catch::Contains(name + " '" + word + "'"));
        line.back() = word + word.back();
        CHECK_THAT(run_cli(line).err, Catch::Contains(name + " '" + line.back() + "'"));
        if (word.size() > 3) {
          // Codes of rules are so alike that another one may be as near.
          const bool is_code = word.starts_with("MP0");
          CHECK_THAT(run_cli(line).err,
                     Catch::Contains("did you mean '" + (is_code ? "MP0" : word + "'?")));
        }
        line.pop_back();
      }
    }
  }
  CHECK(sets > 40);
}

TEST_CASE("a slip in a kind is told, and a kind that is not known needs its group") {
  const std::vector<std::string> line{"drift", "-f", "scenarios/library/safe-join/cluster.yaml",
                                      "--quiet", "--absent-kind"};
  const auto with = [&](const std::string& word) {
    std::vector<std::string> args = line;
    args.push_back(word);
    return run_cli(args);
  };
  CHECK(with("Routs").err ==
        "command line: error[unknown-value]: --absent-kind 'Routs' is no kind that has a bare "
        "name; did you mean 'Route'?\n");
  CHECK(with("Widget").code == ExitCode::InvalidInput);
  CHECK(with("Kiali").code == ExitCode::Success);
  CHECK(with("example.com/Widget").code == ExitCode::Success);
  CHECK(with("Kiali,Route").code == ExitCode::Success);
}
