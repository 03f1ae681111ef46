#include "cli/manual_page.h"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

#include "cli/command.h"
#include "cli/examples.h"
#include "tests/cli/run_cli.h"
#include "tests/cli/shell.h"

using namespace meshproof;

TEST_CASE("text of the manual page is shown letter by letter") {
  CHECK(roff_text(".TH is no request") == "\\&.TH is no request");
  CHECK(roff_text("'quoted'") == "\\(aqquoted\\(aq");
  CHECK(roff_text("C:\\new --all") == "C:\\enew \\-\\-all");
  CHECK(roff_text("NS… → ~/x^`") == "NS... \\[u2192] \\(ti/x\\(ha\\(ga");
  CHECK(roff_text("a.b\n.c") == "a.b\n\\&.c");
}

TEST_CASE("the manual page has every command, in ASCII") {
  const CliRun run = run_cli({"man"});
  CHECK(run.code == ExitCode::Success);
  CHECK(run.err.empty());
  CHECK(run.out == manual_page());
  CHECK(std::ranges::all_of(
      run.out, [](char each) { return each == '\n' || (each >= ' ' && each <= '~'); }));
  CHECK_THAT(run.out, Catch::StartsWith(".TH MESHPROOF 1 \"\" \"meshproof "));
  for (const Command& command : commands()) {
    CHECK_THAT(run.out, Catch::Contains(".SS meshproof " + roff_text(command.name) + "\n"));
    for (const Example& example : examples_of(command)) {
      CHECK_THAT(run.out, Catch::Contains("\n" + roff_text(example.line) + "\n"));
    }
  }
}

TEST_CASE(
    "groff formats the manual page without a warning, and shows the lines to copy as they are") {
  if (!has_program("groff")) {
    WARN("groff is not installed: the manual page was not formatted");
    return;
  }
  for (const std::string device : {"ascii", "utf8"}) {
    const ShellRun run = run_shell(".", "meshproof man | groff -man -ww -P -cbou -T" + device);
    CHECK(run.code == 0);
    CHECK(run.err.empty());
    CHECK_THAT(run.out, Catch::Contains("meshproof plan -f cluster.yaml --join shop\n"));
    CHECK_THAT(run.out, Catch::Contains("eval \"$(meshproof completion bash)\"\n"));
  }
}
