#include <cstdlib>
#include <filesystem>
#include <string>
#include <sys/wait.h>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/today.h"
#include "model/coverage.h"
#include "model/object.h"
#include "scenarios/document.h"
#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

const std::string kBookinfo = "scenarios/library/bookinfo-joins-networkpolicy/cluster.yaml";

/// The bookinfo cluster as `meshproof snapshot` writes one, collected now.
std::string snapshot_of(const TemporaryFolder& folder) {
  const std::string state = folder.path("state.json");
  const std::string touch =
      folder.write("touch.yaml",
                   "apiVersion: v1\nkind: Namespace\n"
                   "metadata: {name: storefront, labels: {looked-at: 'true'}}\n");
  const CliRun run = run_cli({"plan", "-f", kBookinfo, "--change", touch, "--quiet", "--assert",
                              "none", "--state-out", state});
  INFO(run.err);
  REQUIRE(run.code == ExitCode::Success);
  std::string ledger;
  for (const std::string_view kind : known_kinds()) {
    ledger += (ledger.empty() ? "" : ", ") +
              ("{\"kind\": \"" + group_and_kind(default_group(kind), kind)) +
              "\", \"collected\": \"listed\", \"objects\": 0, \"namespaces\": {}, \"source\": 0}";
  }
  return replaced(read_file(state), "\"items\":",
                  "\"coverage\": {\"sources\": [{\"name\": \"prod\", \"form\": \"snapshot\", "
                  "\"time\": \"" +
                      rfc3339_now() + "\"}], \"ledger\": [" + ledger +
                      "]},\n"
                      "\"items\":");
}

/// A folder as docs/ci means a checkout, with the programs that its shell parts call.
class Checkout {
 public:
  Checkout() {
    for (const std::string name : {"gate.sh", "comment-github.sh"}) {
      program("meshproof/" + name, read_file(MESHPROOF_SOURCE_DIR "/docs/ci/" + name));
    }
    const std::string taken = folder_.write("meshproof/snapshot.json.gz", snapshot_of(folder_));
    const std::string roll =
        "apiVersion: maistra.io/v1\nkind: ServiceMeshMemberRoll\n"
        "metadata: {name: default, namespace: istio-system}\n"
        "spec: {members: [payments, bookinfo]}\n";
    folder_.write("edit/change.yaml", roll);
    folder_.write("rendered.yaml", roll);
    program("bin/meshproof", "#!/bin/sh\n[ \"$1\" != snapshot ] || exec cp " + taken +
                                 " \"$3\"\nexec " MESHPROOF_BINARY " \"$@\"\n");
    program("bin/kustomize", "#!/bin/sh\nexec cat rendered.yaml\n");
    program("bin/apt-get", "#!/bin/sh\n");
    program("bin/gh", "#!/bin/sh\necho \"$@\" >>gh.log\n");
  }

  /// The exit code of a shell part, run in the checkout.
  [[nodiscard]] int run(const std::string& script, const std::string& variables = {}) const {
    const std::string file = folder_.write("script.sh", script);
    const std::string line = "cd " + folder_.path() + " && PATH=" + folder_.path("bin") +
                             ":$PATH " + variables + " sh -e " + file + " >out.log 2>err.log";
    const int status = std::system(line.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  [[nodiscard]] std::string text(const std::string& name) const {
    return read_file(folder_.path(name));
  }
  [[nodiscard]] bool has(const std::string& name) const {
    return std::filesystem::exists(folder_.path(name));
  }
  [[nodiscard]] std::string path(const std::string& name) const { return folder_.path(name); }

 private:
  void program(const std::string& name, const std::string& text) const {
    std::filesystem::permissions(folder_.write(name, text), std::filesystem::perms::owner_all);
  }

  TemporaryFolder folder_;
};

/// The environment of a step or a container as a shell has it in front of a command.
std::string variables_of(const Tree* environment) {
  std::string line;
  if (environment == nullptr) return line;
  const auto add = [&](std::string_view name, std::string_view value) {
    line += std::string{name} + "='" + std::string{value} + "' ";
  };
  for (const TreeField& field : environment->fields) add(field.key, field.value.text);
  for (const Tree& each : environment->items) {
    add(each.string_at({"name"}), each.string_at({"value"}));
  }
  return line;
}

std::vector<Tree> documents_of(const std::string& name) {
  std::vector<Tree> trees;
  const std::string text = read_file(MESHPROOF_SOURCE_DIR "/docs/ci/" + name);
  for (Document& document : parse_documents(text, {})) trees.push_back(std::move(document.tree));
  return trees;
}

Tree example(const std::string& name) { return documents_of(name).front(); }

const std::string kInputs =
    "SNAPSHOT=meshproof/snapshot.json.gz RENDER='kustomize build overlays/prod'";

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the gate judges an edit and leaves every result behind") {
  const Checkout checkout;
  CHECK(checkout.run("meshproof/gate.sh", kInputs) == 1);
  INFO(checkout.text("err.log"));
  for (const std::string name :
       {"report.html", "meshproof.sarif", "junit.xml", "comment.md", "code-quality.json"}) {
    INFO(name);
    CHECK(checkout.has("meshproof-results/" + name));
  }
  CHECK(has(checkout.text("meshproof-results/comment.md"), "adding bookinfo to istio"));
  // What failed now is known the next time.
  std::filesystem::copy_file(checkout.path("meshproof-results/meshproof.sarif"),
                             checkout.path("meshproof/baseline.sarif"));
  CHECK(checkout.run("meshproof/gate.sh", kInputs + " BASELINE=meshproof/baseline.sarif") == 0);
}

TEST_CASE("the gate refuses a snapshot that is too old, or does not say how old it is") {
  const Checkout checkout;
  CHECK(checkout.run("sleep 2; meshproof/gate.sh", kInputs + " MAX_AGE=1s") == 2);
  CHECK(has(checkout.text("err.log"), "error[input-too-old]"));
  CHECK_FALSE(checkout.has("meshproof-results/report.html"));
  const CliRun run = run_cli({"lint", "-f", kBookinfo, "--max-age", "1h"});
  CHECK(run.code == ExitCode::InvalidInput);
  CHECK(has(run.err, "error[input-age-unknown]"));
  CHECK(run_cli({"lint", "-f", kBookinfo, "--max-age", "soon"}).code == ExitCode::InvalidInput);
}

TEST_CASE("the shell parts of the GitHub workflow run") {
  const Checkout checkout;
  const Tree workflow = example("github-actions.yaml");
  const Tree* steps = workflow.find_path({"jobs", "gate", "steps"});
  REQUIRE(steps != nullptr);
  std::size_t ran = 0;
  for (const Tree& step : steps->items) {
    const std::string script{step.string_at({"run"})};
    if (script.empty()) continue;
    ++ran;
    std::string variables = variables_of(step.find("env")) + " GITHUB_REPOSITORY=o/r";
    variables = replaced(variables, "meshproof/baseline.sarif", "");
    variables = replaced(variables, "${{ github.server_url }}", "https://git.bank");
    variables = replaced(variables, "${{ github.repository }}", "o/r");
    variables = replaced(variables, "${{ github.sha }}", "0a1b");
    INFO(script);
    const int code = checkout.run(script, variables);
    INFO(checkout.text("err.log"));
    CHECK(code == (step.string_at({"id"}) == "judge" ? 1 : 0));
  }
  CHECK(ran == 3);
  CHECK(has(checkout.text("gh.log"), "--method POST repos/o/r/issues/"));
  const std::string comment = checkout.text("meshproof-results/comment.md");
  CHECK(has(comment, "--source-url https://git.bank/o/r/blob/0a1b "));
}

TEST_CASE("the shell parts of the GitLab job run") {
  const Checkout checkout;
  const Tree file = example("gitlab-ci.yml");
  const Tree* job = file.find("meshproof");
  REQUIRE(job != nullptr);
  std::string variables =
      replaced(variables_of(job->find("variables")), "meshproof/baseline.sarif", "");
  variables = replaced(variables, "$CI_PROJECT_URL", "https://git.bank/o/r");
  variables = replaced(variables, "$CI_COMMIT_SHA", "0a1b");
  for (const Tree& line : job->find("before_script")->items) {
    CHECK(checkout.run(line.text, variables) == 0);
  }
  CHECK(checkout.run(job->find("script")->items.at(0).text, variables) == 1);
  CHECK(checkout.has(std::string{job->string_at({"artifacts", "reports", "codequality"})}));
  CHECK(checkout.has(std::string{job->string_at({"artifacts", "reports", "junit"})}));
  const std::string comment = checkout.text("meshproof-results/comment.md");
  CHECK(has(comment, "--source-url https://git.bank/o/r/-/blob/0a1b "));
}

TEST_CASE("the script of the Tekton task runs, and tells its verdict") {
  const Checkout checkout;
  const Tree task = example("tekton-task.yaml");
  const Tree& step = task.find_path({"spec", "steps"})->items.at(0);
  std::string variables = variables_of(step.find("env"));
  variables = replaced(variables, "$(params.render)", "kustomize build overlays/prod");
  variables = replaced(variables, "$(params.source-url)", "");
  variables = replaced(variables, "$(results.verdict.path)", checkout.path("verdict"));
  CHECK(checkout.run(std::string{step.string_at({"script"})}, variables) == 1);
  CHECK(checkout.text("verdict") == "1");
}

TEST_CASE("the script of the job that takes snapshots runs") {
  const Checkout checkout;
  const std::vector<Tree> objects = documents_of("snapshot-cronjob.yaml");
  const Tree* pod =
      objects.back().find_path({"spec", "jobTemplate", "spec", "template", "spec", "containers"});
  REQUIRE(pod != nullptr);
  const std::string script =
      replaced(pod->items.at(0).find("args")->items.at(0).text, "/snapshot/", checkout.path(""));
  CHECK(checkout.run(script) == 0);
  CHECK(checkout.text("snapshot.json.gz") == checkout.text("meshproof/snapshot.json.gz"));
}

TEST_CASE("the scripts of the Argo CD hooks run") {
  const Checkout checkout;
  std::size_t ran = 0;
  for (const Tree& job : documents_of("argocd-hooks.yaml")) {
    const Tree& container = job.find_path({"spec", "template", "spec", "containers"})->items.at(0);
    std::string script = container.find("args")->items.at(0).text;
    script = replaced(replaced(script, "/edit/", checkout.path("edit/")), "/scratch/",
                      checkout.path(""));
    ++ran;
    const bool is_before = has(script, "meshproof snapshot");
    // Without a cluster the second one gets as far as its plan, which is not there.
    CHECK(checkout.run(script) == (is_before ? 1 : 2));
    if (!is_before) CHECK(has(checkout.text("err.log"), "plan.json: error[cannot-read]"));
  }
  CHECK(ran == 2);
}
