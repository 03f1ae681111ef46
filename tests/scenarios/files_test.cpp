#include "scenarios/files.h"

#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <catch2/catch.hpp>

#include "scenarios/object_list.h"
#include "scenarios/read.h"
#include "tests/scenarios/told.h"

using namespace meshproof;

namespace {

using Lines = std::vector<std::string>;

std::string ns(const std::string& name) {
  return "{apiVersion: v1, kind: Namespace, metadata: {name: " + name + "}}\n";
}

struct Outcome {
  std::size_t objects = 0;
  std::size_t skipped = 0;
  Lines errors;
  Lines warnings;
};

Outcome read(const std::vector<std::string>& paths, const std::string& folder) {
  Sources sources;
  Diagnostics found;
  const Input input = read_inputs(paths, {}, sources, found);
  const auto shortened = [&](const Diagnostics& diagnostics) {
    Lines lines = lines_of(diagnostics, sources);
    for (auto& line : lines) line = without(line, folder);
    return lines;
  };
  Diagnostics warnings;
  const Diagnostics errors = split_errors(std::move(found), warnings);
  return {input.objects.size(), input.coverage.skipped_documents, shortened(errors),
          shortened(warnings)};
}

}  // namespace

TEST_CASE("a directory stands for the manifests below it") {
  const TemporaryFolder folder;
  (void)folder.write("b/deep/x.yml", ns("x"));
  (void)folder.write("a.yaml", ns("a"));
  (void)folder.write("c.json", R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"c"}})");
  (void)folder.write("notes.txt", "NOTES: no manifest");
  (void)folder.write(".git/x.yaml", ": broken");
  (void)folder.write("values.yaml", "replicas: 2\n");
  (void)folder.write(".github/workflows/ci.yaml", "on: push\njobs: {}\n");
  const Outcome outcome = read({folder.path()}, folder.path());
  CHECK(outcome.errors.empty());
  CHECK(outcome.warnings.empty());
  CHECK(outcome.objects == 3);
  CHECK(outcome.skipped == 2);
}

TEST_CASE("a document of a directory that is nearly an object is told") {
  const TemporaryFolder folder;
  (void)folder.write("a.yaml", ns("a"));
  (void)folder.write("policy.yaml", "metadata: {labels: {}}\nspec: {podSelector: {}}\n");
  (void)folder.write("roll.yaml", "Kind: X\nmetadata: {name: default}\nspec: {members: [a]}\n");
  (void)folder.write("values.yaml", "metadata: {name: chart}\n");
  const Outcome outcome = read({folder.path()}, folder.path());
  CHECK(outcome.errors == Lines{"/roll.yaml:1:1: error[missing-kind]: this object has no kind: "
                                "\"Kind\" is spelled kind"});
  CHECK(outcome.warnings ==
        Lines{"/policy.yaml:1:1: warning[skipped-document]: no apiVersion and kind: this is no "
              "object, and is left out",
              "/values.yaml:1:1: warning[skipped-document]: no apiVersion and kind: this is no "
              "object, and is left out"});
  CHECK(outcome.skipped == 2);
}

TEST_CASE("a kustomization in a directory is an error that names the command") {
  const TemporaryFolder folder;
  (void)folder.write("base/kustomization.yaml", "resources: [a.yaml]\n");
  (void)folder.write("base/a.yaml", ns("a"));
  CHECK(read({folder.path()}, folder.path()).errors ==
        Lines{"/base/kustomization.yaml:1:1: error[kustomization]: a kustomization is not a "
              "manifest: give the output of oc kustomize /base"});
}

TEST_CASE("links that lead in circles are followed once") {
  const TemporaryFolder folder;
  (void)folder.write("a/x.yaml", ns("x"));
  std::filesystem::create_directory_symlink(folder.path(), folder.path() + "/a/back");
  std::filesystem::create_symlink(folder.path() + "/a/x.yaml", folder.path() + "/same.yaml");
  const Outcome outcome = read({folder.path()}, folder.path());
  CHECK(outcome.errors.empty());
  CHECK(outcome.objects == 1);
}

TEST_CASE("files that cannot be read do not hide the errors of the others") {
  const TemporaryFolder folder;
  (void)folder.write("broken.yaml", "a: [\n");
  REQUIRE(::mkfifo((folder.path() + "/pipe.yaml").c_str(), 0600) == 0);
  std::filesystem::create_symlink("nowhere", folder.path() + "/gone.yaml");
  CHECK(read({folder.path() + "/missing.yaml", folder.path(), "/dev/zero"}, folder.path()).errors ==
        Lines{"/broken.yaml:2:1: error[yaml-syntax]: this [ is never closed",
              "/gone.yaml: error[cannot-read]: cannot be read: No such file or directory",
              "/missing.yaml: error[cannot-read]: cannot be read: No such file or directory",
              "/pipe.yaml: error[not-a-file]: a FIFO inside of a directory is not read",
              "/dev/zero: error[not-a-file]: a device is not read"});
}

TEST_CASE("a file that is too large is refused before it is read") {
  const TemporaryFolder folder;
  const std::string path = folder.write("dump.json", "{");
  std::filesystem::resize_file(path, (std::uintmax_t{2} << 30U) + 1);
  CHECK(read({path}, folder.path()).errors ==
        Lines{"/dump.json: error[too-large]: larger than 2 GB, the most that is read of one file: "
              "split it"});
}

TEST_CASE("standard input can be named once") {
  Diagnostics found;
  CHECK(find_files({"-", "-"}, found).size() == 1);
  CHECK(lines_of(found, Sources{}) ==
        Lines{"-: error[stdin-twice]: standard input can be read only once"});
}
