#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

struct Row {
  std::string name;
  std::vector<std::string> args;
  std::string err;
};

const std::string kError = "command line: error[";

}  // namespace

TEST_CASE("wrong usage of --cluster is told all at once, and nothing is read") {
  const Row row = GENERATE_COPY(values<Row>({
      {"names and inputs",
       {"reach", "--cluster", "prod", "--cluster", "=a", "--cluster", "b=", "--cluster", "c=x",
        "--cluster", "c=y", "--cluster", "c=z"},
       kError +
           "conflicting-options]: --cluster c is there twice: put the files of a cluster into one "
           "directory\n" +
           kError + "unknown-value]: --cluster '=a' is not NAME=INPUT\n" + kError +
           "unknown-value]: --cluster 'b=' is not NAME=INPUT\n" + kError +
           "unknown-value]: --cluster 'prod' is not NAME=INPUT\n4 errors\n"},
      {"beside -f, and with a format of one cluster",
       {"reach", "-f", "x", "--cluster", "a=y", "-o", "csv"},
       kError +
           "conflicting-options]: -f and --cluster exclude each other: which ones are the "
           "input\n" +
           kError +
           "conflicting-options]: -o csv is of one cluster, so it goes without --cluster\n"
           "2 errors\n"},
      {"a graph",
       {"paths", "--cluster", "a=y", "x", "y", "-o", "dot"},
       kError + "conflicting-options]: -o dot is of one cluster, so it goes without --cluster\n"},
      {"files that a plan writes for one cluster",
       {"plan", "--cluster", "a=y", "--join", "shop", "--out", "p", "--state-out", "s", "-o",
        "script"},
       kError +
           "conflicting-options]: --out writes the plan of one cluster, so it goes without "
           "--cluster\n" +
           kError +
           "conflicting-options]: --state-out writes the state of one cluster, so it goes "
           "without --cluster\n" +
           kError +
           "conflicting-options]: -o script is of one cluster, so it goes without "
           "--cluster\n3 errors\n"},
      {"a state that is wanted of one cluster",
       {"plan", "--cluster", "a=y", "--to", "z"},
       kError + "conflicting-options]: --to is the state of one cluster, so it goes without "
                "--cluster\n"},
      {"a state to compare one cluster with",
       {"diff", "--cluster", "a=y", "--to", "z"},
       kError + "conflicting-options]: --to is the state of one cluster, so it goes without "
                "--cluster\n"},
      {"standard input for two clusters",
       {"reach", "--cluster", "a=-", "--cluster", "b=-"},
       kError + "conflicting-options]: only one --cluster can read standard input\n"},
      {"standard input for each cluster",
       {"plan", "--cluster", "a=x", "--cluster", "b=y", "--change", "-", "--assert", "-"},
       kError +
           "conflicting-options]: --assert - would be read for each cluster: write it to a file "
           "first\n" +
           kError +
           "conflicting-options]: --change - would be read for each cluster: write it to a "
           "file first\n2 errors\n"},
      {"flows on standard input",
       {"probe", "--cluster", "a=x", "--cluster", "b=y", "--probes", "-"},
       kError + "conflicting-options]: --probes - would be read for each cluster: write it to a "
                "file first\n"},
      {"a command that reads no cluster",
       {"generate", "--cluster=a=x"},
       kError + "unknown-option]: generate has no option '--cluster=a=x'\n"},
      {"an end that is no cluster",
       {"explain", "--cluster", "a=x", "shop/web"},
       kError + "missing-option]: explain needs two ends: FROM TO; meshproof explain --help shows "
                "how\n"},
  }));
  DYNAMIC_SECTION(row.name) {
    const CliRun run = run_cli(row.args);
    CHECK(run.err == row.err);
    CHECK(run.out.empty());
    CHECK(run.code == ExitCode::InvalidInput);
  }
}

TEST_CASE("an input may have an equals sign in its name") {
  const TemporaryFolder folder;
  const std::string path =
      folder.write("a=b.yaml", "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n");
  const CliRun run = run_cli({"reach", "--cluster", "east=" + path, "--quiet"});
  CHECK(run.code == ExitCode::Success);
  CHECK_THAT(run.out, Catch::StartsWith("== cluster east\n"));
}
