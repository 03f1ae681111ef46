#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/source_locator.h"
#include "cli/source_url.h"
#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

const std::string kBookinfo = "scenarios/library/bookinfo-joins-networkpolicy/cluster.yaml";
const std::string kFires = "scenarios/library/rules/MP0104/fires.yaml";

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::vector<std::string> plan(std::vector<std::string> more) {
  more.insert(more.begin(), {"plan", "-f", kBookinfo, "--join", "bookinfo", "--quiet"});
  return more;
}

/// Those of the fingerprints that a text has, in their order.
std::vector<std::string> fingerprints_in(const std::string& text,
                                         const std::set<std::string>& known) {
  std::vector<std::string> found;
  std::ranges::copy_if(known, std::back_inserter(found),
                       [&](const std::string& each) { return has(text, each); });
  return found;
}

}  // namespace

TEST_CASE("what a baseline has is told and fails the run no more, in every form") {
  const TemporaryFolder folder;
  const std::string base = folder.path("base.sarif");
  const CliRun first = run_cli(plan({"-o", "sarif"}));
  REQUIRE(first.code == ExitCode::Violated);
  folder.write("base.sarif", first.out);
  const CliRun again = run_cli(plan({"--baseline", base}));
  CHECK(again.code == ExitCode::Success);
  CHECK(has(again.out, "KNOWN   builtin:continuity"));
  CHECK(has(again.out, "1 in the baseline"));
  CHECK(has(run_cli(plan({"--baseline", base, "-o", "json"})).out, "\"known\": true"));
  CHECK(has(run_cli(plan({"--baseline", base, "-o", "junit"})).out, "<skipped>in the baseline:"));
  CHECK(has(run_cli(plan({"--baseline", base, "-o", "markdown"})).out, "### ✅"));
}

TEST_CASE("a baseline of one cluster covers nothing in another") {
  const TemporaryFolder folder;
  const std::string base = folder.path("base.sarif");
  const auto fleet = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"plan", "--join", "bookinfo", "--quiet"});
    return run_cli(more);
  };
  const CliRun one = fleet({"--cluster", "a=" + kBookinfo, "-o", "sarif"});
  folder.write("base.sarif", one.out);
  CHECK(fleet({"--cluster", "a=" + kBookinfo, "--baseline", base}).code == ExitCode::Success);
  CHECK(fleet({"--cluster", "b=" + kBookinfo, "--baseline", base}).code == ExitCode::Violated);
}

TEST_CASE("findings of lint and departures of drift can be in a baseline") {
  const TemporaryFolder folder;
  for (const std::string command : {"lint", "drift"}) {
    std::vector<std::string> args{command, "-f", kFires, "--quiet", "--fail-on", "note"};
    REQUIRE(run_cli(args).code == ExitCode::Violated);
    args.insert(args.end(), {"-o", "sarif"});
    const std::string base = folder.write(command + ".sarif", run_cli(args).out);
    args.resize(args.size() - 2);
    args.insert(args.end(), {"--baseline", base});
    const CliRun known = run_cli(args);
    CHECK(known.code != ExitCode::Violated);
    CHECK(has(known.out, "(in the baseline)"));
  }
}

TEST_CASE("two results are not written to one file, and none to a file called -") {
  const TemporaryFolder folder;
  const std::string file = folder.path("a");
  const std::string other = folder.path("./a");
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{"--also", "sarif=" + file, "--also", "junit=" + other},
        std::vector<std::string>{"--also", "sarif=" + file, "--out", other},
        std::vector<std::string>{"--state-out", file, "--out", other}}) {
    const CliRun run = run_cli(plan(more));
    CHECK(run.code == ExitCode::InvalidInput);
    CHECK(has(run.err, "error[conflicting-options]: two results would be written to /"));
    CHECK(std::filesystem::is_empty(folder.path("")));
  }
  for (const char* option : {"--out", "--state-out"}) {
    const CliRun run = run_cli(plan({option, "-"}));
    CHECK(run.code == ExitCode::InvalidInput);
    CHECK(has(run.err, "error[conflicting-options]: '-' is where the result goes"));
  }
  const std::vector<std::string> lint{"lint", "-f", kFires, "--quiet"};
  std::vector<std::string> to_standard_output = lint;
  to_standard_output.insert(to_standard_output.end(), {"--out", "-"});
  CHECK(run_cli(to_standard_output).out == run_cli(lint).out);
  CHECK_FALSE(std::filesystem::exists("-"));
  CHECK(run_cli(plan({"--also", "sarif=/dev/null", "--also", "junit=/dev/null"})).code ==
        ExitCode::Violated);
  const CliRun dash = run_cli(plan({"--also", "sarif=-"}));
  CHECK(dash.code == ExitCode::InvalidInput);
  CHECK(has(dash.err, "standard output has the result of -o; name a file"));
}

TEST_CASE("a wrong baseline is told") {
  const CliRun run = run_cli(plan({"--baseline", kBookinfo}));
  CHECK(run.code == ExitCode::InvalidInput);
  CHECK(run.out.empty());
}

TEST_CASE("several clusters are one log, one comment and one table") {
  const std::vector<std::string> fleet{"plan",      "--cluster",      "a=" + kBookinfo,
                                       "--cluster", "b=" + kBookinfo, "--join",
                                       "bookinfo",  "--quiet",        "-o"};
  const auto as = [&](const std::string& format) {
    std::vector<std::string> args = fleet;
    args.push_back(format);
    const CliRun run = run_cli(args);
    CHECK(run.code == ExitCode::Violated);
    return run.out;
  };
  const std::string log = as("sarif");
  CHECK(has(log, "\"meshproof/plan/a/\""));
  CHECK(has(log, "\"meshproof/plan/b/\""));
  const std::string comment = as("markdown");
  CHECK(has(comment, "(2 of 2 clusters change)"));
  CHECK(has(comment, "| a |"));
  CHECK(has(comment, "| b |"));
  CHECK(has(as("csv"), "\nb,after,"));
  CHECK(has(as("junit"), "name=\"b: plan, after\""));
}

TEST_CASE("of several clusters one whose input is wrong is not missed") {
  const TemporaryFolder folder;
  const std::string wrong = folder.write("wrong.yaml", "kind: [");
  for (const std::string format : {"markdown", "sarif", "junit", "github", "csv", "codequality"}) {
    INFO(format);
    const CliRun run = run_cli({"lint", "--cluster", "a=" + kBookinfo, "--cluster", "b=" + wrong,
                                "--quiet", "-o", format});
    CHECK(run.code == ExitCode::InvalidInput);
    CHECK(has(run.out, "nothing was judged"));
  }
}

TEST_CASE("two commits are compared as the operator leaves them, and the result says so") {
  const TemporaryFolder folder;
  const std::string head =
      folder.write("head.yaml", replaced(read_file(MESHPROOF_SOURCE_DIR "/" + kBookinfo),
                                         "  - payments\n", "  - payments\n  - bookinfo\n"));
  const CliRun run = run_cli({"plan", "-f", kBookinfo, "--to", head, "--settle", "--quiet"});
  CHECK(run.code == ExitCode::Violated);
  CHECK(has(run.out, "spec.members: + bookinfo"));
  CHECK(has(run.out, "--settle: what is judged is as the operator leaves it"));
  CHECK_FALSE(has(run.out, "- NetworkPolicy"));
}

TEST_CASE("the command line of a report can be given to a shell") {
  const CliRun run =
      run_cli({"verify", "-f", kBookinfo, "--assert", "builtin:tenancy", "--quiet", "-o", "sarif"});
  CHECK(has(run.out, "meshproof verify -f " + kBookinfo + " --assert builtin:tenancy"));
}

TEST_CASE("findings point to what kustomize and helm were given") {
  const TemporaryFolder folder;
  folder.write("apps/web.yaml", "# a file\napiVersion: v1\nkind: Service\nmetadata: {name: web}\n");
  const std::string rendered =
      folder.write("rendered.yaml",
                   "apiVersion: v1\nkind: Service\nmetadata:\n  name: prod-web\n  annotations:\n"
                   "    config.kubernetes.io/origin: |\n      path: apps/web.yaml\nspec: {}\n"
                   "---\n# Source: chart/templates/db.yaml\napiVersion: v1\nkind: Service\n"
                   "metadata: {name: db}\n"
                   "---\napiVersion: v1\nkind: Service\nmetadata:\n  name: remote\n  annotations:\n"
                   "    config.kubernetes.io/origin: |\n      path: x.yaml\n      repo: other\n");
  Sources sources;
  const FileId file =
      sources.add(rendered, std::make_shared<const std::string>(read_file(rendered)));
  const SourceLocator locate(sources, folder.path());
  const SourceLine web = locate({file, 8, 1});
  CHECK(web.path == folder.path("apps/web.yaml"));
  CHECK(web.line == 2);
  CHECK(web.rendered == rendered + ":8");
  const SourceLine db = locate({file, 12, 1});
  CHECK(db.path == folder.path("chart/templates/db.yaml"));
  CHECK(db.line == 0);
  const SourceLine remote = locate({file, 16, 3});
  CHECK(remote.path == rendered);
  CHECK(remote.line == 16);
  CHECK(remote.rendered.empty());
}

TEST_CASE("columns count characters, and paths below the working directory are relative") {
  Sources sources;
  const std::string here = std::filesystem::current_path().string();
  const FileId file =
      sources.add(here + "/a/../b.yaml", std::make_shared<const std::string>("ümlaut: ünd\n"));
  const SourceLine line = SourceLocator(sources, ".")({file, 1, 10});
  CHECK(line.path == "b.yaml");
  CHECK(line.column == 9);
  CHECK_FALSE(SourceLocator(sources, ".")(Place{}).is_known());
}

TEST_CASE("every format tells the same judgements") {
  const std::string command = GENERATE("plan", "report", "verify", "lint", "drift");
  const bool has_change = command == "plan" || command == "report";
  const std::string file =
      has_change ? "scenarios/library/used-flows-cut-by-join/cluster.yaml" : kFires;
  std::vector<std::string> args{command, "-f", file, "--quiet"};
  if (command == "verify") args.insert(args.end(), {"--assert", "builtin:tenancy"});
  if (has_change) args.insert(args.end(), {"--join", "shop"});
  const auto in = [&](const std::string& format) {
    std::vector<std::string> words = args;
    words.insert(words.end(), {"-o", format});
    return run_cli(words).out;
  };
  std::set<std::string> all;
  std::set<std::string> not_passed;
  const auto json = nlohmann::json::parse(in("json"));
  for (const auto& each : json.at("judgements")) {
    all.insert(each.at("fingerprint"));
    if (each.at("standing") != "passed") not_passed.insert(each.at("fingerprint"));
  }
  INFO(command);
  REQUIRE_FALSE(all.empty());
  CHECK(fingerprints_in(in("csv"), all).size() == all.size());
  CHECK(fingerprints_in(in("sarif"), all) ==
        std::vector<std::string>(not_passed.begin(), not_passed.end()));
}

TEST_CASE("lines of files below the folder of the run have an address") {
  const std::string url = "https://git.bank/o/r/blob/0a1b";
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  CHECK(with_address({kBookinfo, 3}, url).address == url + "/" + kBookinfo + "#L3");
  CHECK(with_address({kBookinfo, 3}, "").address.empty());
  const TemporaryFolder folder;
  for (const std::string& path :
       {std::string{"-"}, std::string{"scenarios"}, std::string{"not/there.yaml"},
        "must-gather.tgz!" + kBookinfo, folder.write("outside.yaml", "a: b\n"),
        "../" + std::filesystem::current_path().filename().string() + "/" + kBookinfo}) {
    INFO(path);
    CHECK(with_address({path, 3}, url).address.empty());
  }
}

TEST_CASE("comments and pages link their lines to --source-url") {
  const std::string url = "https://git.bank/o/r/blob/0a1b";
  const std::string line = url + "/" + kBookinfo + "#L";
  const CliRun comment = run_cli(plan({"-o", "markdown", "--source-url", url + "//"}));
  CHECK(has(comment.out, "](<" + line));
  const CliRun page = run_cli({"report", "-f", kBookinfo, "--join", "bookinfo", "--quiet", "-o",
                               "html", "--source-url", url});
  CHECK(has(page.out, "<a rel=\"noreferrer\" href=\"" + line));
  CHECK_FALSE(has(run_cli(plan({"-o", "markdown"})).out, "]("));
}

TEST_CASE("only an address is taken for --source-url, and what is none is not told again") {
  for (const std::string_view url :
       {"javascript:alert(1)", "ftp://git.bank/o", "git.bank/o", "https://", "https:///o",
        "https://me:hunter2@git.bank/o", "https://git.bank/o?token=hunter2", "https://git.bank/o#x",
        "https://git.bank/a b", "https://git.bank/\">x", "https://git.bank/%zz",
        "https://git.bank/%4", "https://git.bank/ü", "$CI_PROJECT_URL/-/blob/x"}) {
    INFO(url);
    const CliRun run = run_cli(plan({"-o", "markdown", "--source-url", std::string{url}}));
    CHECK(run.code == ExitCode::InvalidInput);
    CHECK(run.out.empty());
    CHECK(has(run.err, "error[unknown-value]: --source-url is not the address of a folder"));
    CHECK_FALSE(has(run.err, "hunter2"));
  }
  const std::string longest = "https://git.bank/" + std::string(1983, 'x');
  CHECK(is_source_url(longest));
  CHECK_FALSE(is_source_url(longest + "x"));
  CHECK(is_source_url("http://[::1]:8080/a/-/blob/%C3%BC/(x)&y"));
}
