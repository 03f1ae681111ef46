// What apply shows and refuses, without a cluster.

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "backends/sha256.h"
#include "reports/execution_json.h"
#include "reports/json.h"
#include "scenarios/execution.h"
#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

/// A folder with the plan of a join, safe or as it is.
class Planned {
 public:
  explicit Planned(bool is_safe) {
    std::vector<std::string> args{"plan",   "-f",   "scenarios/library/safe-join/cluster.yaml",
                                  "--out",  plan(), "--quiet",
                                  "--join", "shop"};
    if (is_safe) args.emplace_back("--safe");
    const CliRun run = run_cli(args);
    INFO(run.err);
    REQUIRE(std::filesystem::exists(plan()));
  }

  [[nodiscard]] std::string plan() const { return folder_.path("plan.json"); }
  [[nodiscard]] const TemporaryFolder& folder() const { return folder_; }
  [[nodiscard]] CliRun apply(std::vector<std::string> more = {}) const {
    return apply_file(plan(), std::move(more));
  }
  /// The plan with some of its text replaced.
  [[nodiscard]] CliRun apply_edited(const std::string& from, const std::string& to) const {
    const std::string text = read_file(plan());
    REQUIRE(text.find(from) != std::string::npos);
    return apply_file(folder_.write("edited.json", replaced(text, from, to)), {});
  }
  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }

 private:
  [[nodiscard]] static CliRun apply_file(const std::string& path, std::vector<std::string> more) {
    std::vector<std::string> args{"apply", path};
    args.insert(args.end(), more.begin(), more.end());
    return run_cli(args);
  }

  TemporaryFolder folder_;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("plan --out writes how the plan is carried out, and the way back is its mirror") {
  const Planned planned(true);
  Sources sources;
  const auto execution = read_execution(planned.plan(), sha256, sources);
  REQUIRE(execution);
  CHECK(execution->order == "bridges");
  CHECK(execution->digest.size() == 64);
  CHECK(execution->digest == sha256(canonical_text(*execution)));
  CHECK(execution->objections.empty());
  REQUIRE(execution->inputs.size() == 1);
  CHECK(execution->inputs[0].sha256 ==
        sha256(read_file("scenarios/library/safe-join/cluster.yaml")));
  CHECK_FALSE(execution->basis.empty());
  REQUIRE(execution->stages.size() == 3);
  REQUIRE(execution->rollback.size() == 3);
  CHECK(execution->stages[0].writes[0].verb() == Verb::Create);
  CHECK(execution->stages[0].delay_seconds > 0);
  CHECK(execution->stages[1].members == std::vector<MemberEffect>{{"istio-system", "shop", true}});
  CHECK(execution->stages[2].writes[0].verb() == Verb::Delete);
  CHECK(execution->rollback[1].members ==
        std::vector<MemberEffect>{{"istio-system", "shop", false}});
  const auto roll_of = [](const ExecutionStage& stage) {
    for (const PlannedWrite& write : stage.writes) {
      if (write.key.kind == "ServiceMeshMemberRoll") return write;
    }
    return PlannedWrite{};
  };
  const PlannedWrite there = roll_of(execution->stages[1]);
  const PlannedWrite back = roll_of(execution->rollback[1]);
  REQUIRE(there.before);
  CHECK(there.before == back.after);
  CHECK(there.after == back.before);

  // What is read is what was written.
  const std::string again = planned.folder().write(
      "again.json", R"({"version": 1, "execution": )" + to_json(*execution).dump() + "}");
  const auto copy = read_execution(again, sha256, sources);
  REQUIRE(copy);
  CHECK(canonical_text(*copy) == canonical_text(*execution));
}

TEST_CASE("apply is a dry run that writes nothing") {
  const Planned planned(true);
  CliRun run = planned.apply();
  CHECK(run.code == ExitCode::Success);
  CHECK(has(run.out, "A dry run: nothing is written. Via roll, bridges order"));
  CHECK(has(run.out, "Stage 2 of 3\n  ~ ServiceMeshMemberRoll istio-system/default"));
  CHECK(has(run.out, "then 30 s for the network, which nothing shows"));
  CHECK(has(run.out, "Way back: 3 stages"));
  CHECK(planned.files() == std::vector<std::string>{"plan.json"});
  const CliRun objects = planned.apply({"--via", "objects", "--full"});
  CHECK(has(objects.out, "  + RoleBinding shop/prometheus-istio-system"));
  CHECK_FALSE(has(run.out, "  + RoleBinding"));
  CHECK(has(objects.out, "Back, stage 1 of 3"));

  const Tree json = json_of(planned.apply({"-o", "json"}));
  CHECK(json.integer_at({"version"}) == 1);
  CHECK(json.string_at({"result"}) == "dry-run");
  CHECK(json.string_at({"via"}) == "roll");
  CHECK(json.find_path({"execution", "stages"})->items.size() == 3);

  run = run_cli({"apply", planned.plan()}, {.width = 60});
  std::size_t from = 0;
  while (from < run.out.size()) {
    const std::size_t end = run.out.find('\n', from);
    INFO(run.out.substr(from, end - from));
    CHECK(end - from <= 60);
    from = end + 1;
  }
}

TEST_CASE("the script of a plan writes stage by stage and waits in between") {
  const Planned planned(true);
  const CliRun run = planned.apply({"-o", "script"});
  REQUIRE(run.code == ExitCode::Success);
  const TemporaryFolder& folder = planned.folder();
  const std::string script = folder.write("plan.sh", run.out);
  REQUIRE(std::system(("sh -n '" + script + "'").c_str()) == 0);
  const std::string oc = folder.write("bin/oc", R"(#!/bin/sh
echo "$1 $2" >> "$LOG"
case "$*" in
*configuredMembers*) printf '["payments","shop"]' ;;
*jsonpath*) printf istio-system ;;
esac
cat > /dev/null 2>&1 < /dev/null
)");
  const std::string sleep = folder.write("bin/sleep", "#!/bin/sh\necho \"sleep $1\" >> \"$LOG\"\n");
  for (const std::string& program : {oc, sleep}) {
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  }
  const std::string command = "PATH='" + folder.path("bin") +
                              "':\"$PATH\" NETWORK_SECONDS=7 LOG='" + folder.path("log") +
                              "' sh '" + script + "' < /dev/null";
  REQUIRE(std::system(command.c_str()) == 0);
  const std::string log = read_file(folder.path("log"));
  CHECK(log.rfind("apply -f\napply -f\nsleep 7\npatch servicemeshmemberroll/default\n"
                  "get namespace/shop\n",
                  0) == 0);
  const std::size_t member = log.find("get servicemeshmemberroll/default\nsleep 7\ndelete ");
  CHECK(member != std::string::npos);
  CHECK(has(log.substr(log.find("delete")), "get networkpolicy/bridge-"));
}

TEST_CASE("usage of apply that makes no sense is told, all of it") {
  const Planned planned(false);
  CliRun run = planned.apply({"another.json"});
  CHECK(run.code == ExitCode::InvalidInput);
  CHECK(has(run.err, "error[missing-option]: apply needs one plan"));
  run =
      planned.apply({"--backend", "kubee", "--timeout", "soon", "--network-delay", "-o", "table"});
  CHECK(run.code == ExitCode::InvalidInput);
  run = planned.apply({"--backend", "kubee", "--timeout", "soon", "--network-delay", "86401",
                       "--via", "rol", "--on-failure", "panic", "--resume", "--rollback"});
  CHECK(run.code == ExitCode::InvalidInput);
  CHECK(has(run.err, "--backend 'kubee' is not one of dry-run, oc, kube; did you mean 'kube'?"));
  CHECK(has(run.err, "--via 'rol' is not one of roll, objects; did you mean 'roll'?"));
  CHECK(has(run.err, "--on-failure 'panic' is not one of rollback, stop"));
  CHECK(has(run.err, "--timeout 'soon' is not a number of seconds, from 0 to 86400"));
  CHECK(has(run.err, "--network-delay '86401' is not a number of seconds"));
  CHECK(has(run.err, "--resume goes on and --rollback takes back: which one?"));
  CHECK(has(planned.apply({"--resume"}).err, "a dry run writes nothing"));
  CHECK(has(planned.apply({"--backend", "kube", "-o", "script"}).err,
            "-o script belongs to --backend dry-run"));
  CHECK(run_cli({"plan", "wait"}).code == ExitCode::InvalidInput);
}

TEST_CASE("a file that is no plan of ours is not carried out") {
  const Planned planned(false);
  CliRun run = run_cli({"apply", "scenarios/library/safe-join/cluster.yaml"});
  CHECK(run.code == ExitCode::InvalidInput);
  CHECK(has(run.err, "error[not-a-plan]: this is no file that `meshproof plan --out` wrote"));
  run = planned.apply_edited("\"version\": 1", "\"version\": 2");
  CHECK(run.code == ExitCode::InvalidInput);
  CHECK(has(run.err, "error[plan-version]: this program carries out plans of version 1"));
  CHECK(run_cli({"plan", "wait", planned.folder().path("edited.json")}).code ==
        ExitCode::InvalidInput);
  CHECK(has(run_cli({"apply", planned.folder().path("none.json")}).err, "error[cannot-read]"));
}

TEST_CASE("a plan that was edited since it was proved is not carried out") {
  const Planned planned(false);
  const CliRun run = planned.apply_edited("\"delaySeconds\": 0", "\"delaySeconds\": 1");
  CHECK(run.code == ExitCode::InvalidInput);
  CHECK(has(run.err, "error[plan-edited]: the digest is not that of the plan"));
  CHECK(run.out.empty());
}

TEST_CASE("all that is wrong with a plan's fields is told at once") {
  const Planned planned(false);
  const std::string path = planned.folder().write("bad.json", R"({"version": 1, "execution": {
"program": 1, "digest": "", "cluster": {"name": "", "clusterId": ""}, "server": "", "time": "",
"operatorRelease": "", "inputs": [], "order": "operator", "objections": [7],
"stages": [{"members": [], "delaySeconds": -1, "writes": [{"by": "nobody", "apiVersion": "v1",
"kind": "Namespace", "namespace": "", "name": "a", "project": "", "reason": "", "before": null,
"after": null}]}], "basisKinds": [], "basis": []}})");
  const CliRun run = run_cli({"apply", path});
  CHECK(run.code == ExitCode::InvalidInput);
  CHECK(has(run.err, "error[wrong-type]: program is "));
  CHECK(has(run.err, "error[missing-field]: kubeSystemUid is missing"));
  CHECK(has(run.err, "error[wrong-type]: objections are strings"));
  CHECK(has(run.err, "error[bad-word]: nobody is called 'nobody'"));
  CHECK(has(run.err, "error[missing-field]: a write has an object before or after it"));
  CHECK(has(run.err, "error[wrong-type]: delaySeconds is a number of seconds"));
  CHECK(has(run.err, "error[missing-field]: rollback is missing"));
}

TEST_CASE("what speaks against a plan keeps it from being carried out, until it is accepted") {
  const TemporaryFolder folder;
  const std::string plan = folder.path("plan.json");
  const CliRun planned =
      run_cli({"plan", "-f", "scenarios/library/bookinfo-joins-networkpolicy/cluster.yaml",
               "--join", "bookinfo", "--quiet", "--out", plan});
  REQUIRE(planned.code == ExitCode::Violated);
  CHECK(has(run_cli({"apply", plan}).out, "! builtin:continuity does not hold\n"));
  std::vector<std::string> args{"apply",        plan,
                                "--backend",    "kube",
                                "--kubeconfig", folder.write("kubeconfig", "kind: Config\n")};
  CliRun run = run_cli(args);
  CHECK(run.code == ExitCode::Violated);
  CHECK(has(run.err, "error[plan-objection]: builtin:continuity does not hold"));
  args.emplace_back("--accept-objections");
  run = run_cli(args);
  CHECK(run.code == ExitCode::OutputFailed);
  CHECK_FALSE(has(run.err, "plan-objection"));
  CHECK_FALSE(std::filesystem::exists(plan + ".journal"));
}

TEST_CASE("without a cluster nothing is written, no journal either") {
  const Planned planned(true);
  const std::string kubeconfig = planned.folder().write("kubeconfig", R"(
apiVersion: v1
kind: Config
current-context: here
contexts: [{name: here, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
users: [{name: u, user: {}}]
)");
  const auto apply = [&](std::vector<std::string> more) {
    std::vector<std::string> args{"--backend", "kube"};
    args.insert(args.end(), more.begin(), more.end());
    const CliRun run = planned.apply(args);
    INFO(run.err);
    CHECK(run.code == ExitCode::OutputFailed);
    CHECK(run.out.empty());
    CHECK_FALSE(std::filesystem::exists(planned.plan() + ".journal"));
    return run.err;
  };
  CHECK(has(apply({"--kubeconfig", planned.folder().write("broken", "clusters: [")}), "error["));
  CHECK(has(apply({"--kubeconfig", planned.folder().path("none")}), "error["));
  CHECK(has(apply({"--kubeconfig", kubeconfig, "--context", "ther"}), "ther"));
  CHECK(has(apply({"--kubeconfig", kubeconfig}), "error[cluster-unreachable]"));
  CHECK(has(apply({"--kubeconfig", kubeconfig, "--resume"}), "error[cluster-unreachable]"));
}
