#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "reports/text.h"
#include "scenarios/scenario.h"
#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

/// A result with `VERSION` where it tells that of the program, which no golden file knows.
std::string of_any_version(const std::string& text) {
  const std::string named = run_cli({"--version"}).out;
  const std::string name = "meshproof ";
  std::string version = named.substr(name.size());
  version.pop_back();
  std::string result = replaced(text, name + version, name + "VERSION");
  result = replaced(result, "\"program\": \"" + version + "\"", "\"program\": \"VERSION\"");
  // Of the driver of a SARIF log; others have versions too.
  const std::string driver = "\"name\": \"meshproof\",\n          \"version\": \"";
  return replaced(result, driver + version + "\"", driver + "VERSION\"");
}

/// Compares with a file below tests/golden, or writes it where UPDATE_GOLDEN is set.
void check_golden(const std::string& name, const std::string& result) {
  const std::string text = of_any_version(result);
  const std::string path = "tests/golden/" + name;
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  INFO(path << " differs; after an intended change: UPDATE_GOLDEN=1 ctest --preset dev -L golden");
  REQUIRE(std::filesystem::exists(path));
  CHECK(read_file(path) == text);
}

/// A page without what other files hold: its style, its script, their digests, and the picture.
std::string without_assets(std::string html) {
  const auto cut = [&](std::string_view begin, std::string_view end) {
    const std::size_t from = html.rfind(begin) + begin.size();
    html.erase(from, html.find(end, from) - from);
  };
  cut("<style>", "</style>");
  cut("<script>", "</script>");
  if (html.find("<svg") != std::string::npos) cut("<svg", "</svg>");
  for (std::size_t at = 0; (at = html.find("'sha256-", at)) != std::string::npos; ++at) {
    html.erase(at + 8, html.find('\'', at + 1) - at - 8);
  }
  return html;
}

/// The words of the scenario with its files named from the root.
std::vector<std::string> arguments_of(const Scenario& scenario) {
  std::vector<std::string> args = scenario.run;
  for (std::string& word : args) {
    const std::filesystem::path inside = std::filesystem::path(scenario.folder) / word;
    if (std::filesystem::is_regular_file(inside)) word = inside.string();
  }
  args.insert(args.end(), {"-f", scenario.folder + "/cluster.yaml"});
  return args;
}

/// The worked examples, without the incidents: those say themselves what must be shown.
std::vector<std::string> worked_examples() {
  std::vector<std::string> folders = find_scenarios("scenarios/library");
  std::erase_if(folders, [](const std::string& folder) {
    return folder.find("/incidents/") != std::string::npos;
  });
  return folders;
}

}  // namespace

TEST_CASE("the plan of every worked example is what it was, in every format", "[golden]") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  const std::vector<std::string> folders = worked_examples();
  REQUIRE(folders.size() >= 7);
  for (const std::string& folder : folders) {
    Sources sources;
    const auto scenario = read_scenario(folder, sources);
    REQUIRE(scenario.has_value());
    const std::string name = std::filesystem::path(folder).filename().string();
    for (const std::string format : {"table", "json", "script", "csv", "markdown", "sarif", "junit",
                                     "codequality", "github"}) {
      std::vector<std::string> args = arguments_of(*scenario);
      args.insert(args.end(), {"-o", format});
      const CliRun run = run_cli(args);
      INFO(name << " -o " << format);
      check_golden("plan/" + name + "." + format, run.out);
      if (format == "table") check_golden("plan/" + name + ".stderr", run.err);
    }
  }
}

TEST_CASE("the report of every worked example is what it was", "[golden]") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  ::setenv("SOURCE_DATE_EPOCH", "1790000000", 1);
  for (const std::string& folder : worked_examples()) {
    Sources sources;
    const auto scenario = read_scenario(folder, sources);
    REQUIRE(scenario.has_value());
    const std::string name = std::filesystem::path(folder).filename().string();
    std::vector<std::string> args = arguments_of(*scenario);
    args.front() = "report";
    for (const std::string format : {"table", "json", "dot", "svg", "html"}) {
      std::vector<std::string> words = args;
      words.insert(words.end(), {"--quiet", "-o", format});
      const std::string text = run_cli(words).out;
      check_golden("report/" + name + "." + format, format == "html" ? without_assets(text) : text);
    }
    for (const std::string command : {"lint", "drift"}) {
      const CliRun run =
          run_cli({command, "-f", folder + "/cluster.yaml", "--quiet", "-o", "sarif"});
      check_golden("report/" + name + "." + command + ".sarif", run.out);
    }
  }
  ::unsetenv("SOURCE_DATE_EPOCH");
}

TEST_CASE("reach, paths and migrations of the worked examples are what they were", "[golden]") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  struct Row {
    std::string name;
    std::vector<std::string> args;
  };
  const std::vector<Row> rows{{"reach", {"reach"}},
                              {"from-outside", {"reach", "--from", "outside", "--port", "8080"}},
                              {"summary", {"reach", "--summary"}},
                              {"to-ovn", {"diff", "--dialect-to", "ovn-kubernetes"}}};
  for (const std::string& folder : worked_examples()) {
    const std::string name = std::filesystem::path(folder).filename().string();
    for (const Row& row : rows) {
      for (const std::string format : {"table", "json"}) {
        std::vector<std::string> args = row.args;
        args.insert(args.end(), {"-f", folder + "/cluster.yaml", "--quiet", "-o", format});
        check_golden("reach/" + name + "." + row.name + "." + format, run_cli(args).out);
      }
    }
    for (const std::string format : {"csv", "dot", "svg", "wide"}) {
      const CliRun run =
          run_cli({"reach", "-f", folder + "/cluster.yaml", "--quiet", "-o", format});
      check_golden("reach/" + name + ".reach." + format, run.out);
    }
  }
  const std::string bookinfo = "scenarios/library/bookinfo-joins-networkpolicy/cluster.yaml";
  for (const std::string format : {"table", "json", "dot", "svg"}) {
    const CliRun run =
        run_cli({"paths", "-f", bookinfo, "--quiet", "-o", format, "outside", "databases/mysql"});
    check_golden("reach/bookinfo-joins-networkpolicy.paths." + format, run.out);
  }
}

TEST_CASE("M6: what is suggested to keep flows of a worked example is what it was", "[golden]") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  for (const std::string format : {"table", "json", "yaml"}) {
    const CliRun run =
        run_cli({"suggest", "-f", "scenarios/library/bookinfo-joins-networkpolicy/cluster.yaml",
                 "--join", "bookinfo", "--quiet", "-o", format, "--keep",
                 "storefront/web=svc:bookinfo/productpage:9080", "--keep",
                 "openshift-ingress/router-default=bookinfo/productpage-v1:9080", "--keep",
                 "payments/checkout=bookinfo/details-v1:9080"});
    check_golden("suggest/bookinfo-joins-networkpolicy." + format, run.out);
  }
}

TEST_CASE("tables keep to a narrow terminal, but for words that cannot be broken") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  const std::size_t width = GENERATE(60u, 80u);
  for (const std::string& folder : find_scenarios("scenarios/library")) {
    Sources sources;
    const auto scenario = read_scenario(folder, sources);
    REQUIRE(scenario.has_value());
    const CliRun run = run_cli(arguments_of(*scenario), {.width = width});
    REQUIRE_FALSE(run.out.empty());
    std::istringstream lines(run.out);
    for (std::string line; std::getline(lines, line);) {
      const std::string text = line.substr(std::min(line.find_first_not_of(" -+"), line.size()));
      INFO(line);
      CHECK((display_width(line) <= width || text.find(' ') == std::string::npos));
    }
  }
}

TEST_CASE("every worked example meets its expectations") {
  const CliRun run = run_cli({"scenario", "run", "scenarios/library"});
  INFO(run.out << run.err);
  CHECK(run.code == ExitCode::Success);
  CHECK(run.out.find(" scenarios, 0 failed\n") != std::string::npos);
}

TEST_CASE("errors of several files are told at once", "[golden]") {
  const CliRun run = run_cli({"plan", "-f", "tests/golden/errors/input", "--change",
                              "tests/golden/errors/missing.yaml", "--assert",
                              "tests/golden/errors/assertions.yaml"});
  CHECK(run.code == ExitCode::InvalidInput);
  CHECK(run.out.empty());
  check_golden("errors/expected.txt", run.err);
}
