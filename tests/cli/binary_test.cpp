#include <cstdlib>
#include <filesystem>
#include <string>
#include <sys/wait.h>

#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

/// The exit code of a shell line; BIN and CLUSTER are set for it.
int shell(const std::string& line) {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  const std::string whole = "BIN='" MESHPROOF_BINARY
                            "'; CLUSTER=scenarios/library/bookinfo-joins-subnet/cluster.yaml; " +
                            line;
  const int status = std::system(whole.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("a full disk is exit 4 with a message") {
  const TemporaryFolder folder;
  const std::string err = folder.path("err");
  CHECK(shell("$BIN plan -f $CLUSTER --join bookinfo --quiet >/dev/full 2>" + err) == 4);
  CHECK(read_file(err) ==
        "standard output: error[output-failed]: the result could not be written: No space left on "
        "device\n");
  CHECK(shell("$BIN plan -f $CLUSTER --join bookinfo --quiet --out /dev/full >/dev/null 2>" +
              err) == 4);
  CHECK(read_file(err) ==
        "/dev/full: error[output-failed]: the file could not be written: No space left on "
        "device\n");
}

TEST_CASE("a reader that goes away is exit 4 with a message, not a signal") {
  const TemporaryFolder folder;
  const std::string err = folder.path("err");
  const std::string code = folder.path("code");
  CHECK(shell("( sleep 0.5; $BIN plan -f $CLUSTER --join bookinfo -o json --quiet 2>" + err +
              "; echo $? >" + code + " ) | true") == 0);
  CHECK(read_file(code) == "4\n");
  CHECK(read_file(err) ==
        "standard output: error[output-failed]: the result could not be written: Broken pipe\n");
}

TEST_CASE("what is written while it is made ends with exit 4 where it cannot be written") {
  const TemporaryFolder folder;
  const std::string err = folder.path("err");
  for (const std::string command :
       {"reach -o json", "reach -o csv", "reach -o dot", "reach -o wide", "reach",
        "reach --summary", "paths outside ns=payments", "diff --dialect-to ovn-kubernetes"}) {
    INFO(command);
    CHECK(shell("$BIN " + command + " -f $CLUSTER --quiet >/dev/full 2>" + err) == 4);
    CHECK(read_file(err) ==
          "standard output: error[output-failed]: the result could not be written: No space left "
          "on device\n");
    CHECK(shell("$BIN " + command + " -f $CLUSTER --quiet --out /dev/full 2>" + err) == 4);
  }
  const std::string code = folder.path("code");
  CHECK(shell("( sleep 0.5; $BIN reach -f $CLUSTER -o json --quiet 2>" + err + "; echo $? >" +
              code + " ) | true") == 0);
  CHECK(read_file(code) == "4\n");
}

TEST_CASE("graphs are ones that Graphviz can read") {
  if (shell("command -v dot >/dev/null") != 0) {
    WARN("Graphviz is not installed: nothing was tested");
    return;
  }
  const TemporaryFolder folder;
  const std::string graph = folder.path("graph.dot");
  for (const std::string command : {"reach", "paths outside ns=bookinfo"}) {
    CHECK(shell("$BIN " + command + " -f $CLUSTER -o dot --quiet >" + graph) == 0);
    CHECK(shell("dot -Tcanon " + graph + " >/dev/null 2>" + folder.path("err")) == 0);
    CHECK(read_file(folder.path("err")).empty());
  }
}

TEST_CASE("what is written to a file is what is written to standard output") {
  const TemporaryFolder folder;
  const std::string file = folder.path("reach.json");
  const std::string out = folder.path("out");
  CHECK(shell("$BIN reach -f $CLUSTER -o json --quiet --out " + file) == 0);
  CHECK(shell("$BIN reach -f $CLUSTER -o json --quiet >" + out) == 0);
  CHECK(read_file(file) == read_file(out));
  CHECK_FALSE(read_file(file).empty());
}

TEST_CASE("standard input is an input") {
  const TemporaryFolder folder;
  const std::string out = folder.path("out");
  const std::string direct = folder.path("direct");
  CHECK(shell("$BIN plan -f - --join bookinfo --assert none -o script --quiet <$CLUSTER >" + out) ==
        0);
  CHECK(shell("$BIN plan -f $CLUSTER --join bookinfo --assert none -o script --quiet >" + direct) ==
        0);
  CHECK_FALSE(read_file(out).empty());
  CHECK(read_file(out) == read_file(direct));
}

TEST_CASE("the script is one that a shell can read") {
  const TemporaryFolder folder;
  const std::string script = folder.path("plan.sh");
  CHECK(shell("$BIN plan -f $CLUSTER --join bookinfo --assert none -o script --quiet >" + script +
              " && sh -n " + script) == 0);
}

TEST_CASE("no half-written file stays where a file cannot be written") {
  const TemporaryFolder folder;
  CHECK(shell("$BIN plan -f $CLUSTER --join bookinfo --quiet --out " + folder.path("no/such/plan") +
              " >/dev/null 2>" + folder.path("err")) == 4);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path(""))) {
    files += entry.exists() ? 1u : 0u;
  }
  CHECK(files == 1);
}
