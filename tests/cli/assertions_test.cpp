#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

const std::string kShop = "docs/examples/shop.yaml";
const std::string kHead = "apiVersion: meshproof.io/v1\nkind: Assertions\n";
const std::string kOpen = "{id: ISO-1, must: deny, from: {ns: tools}, to: {ns: shop}}";

CliRun verify_with(const std::string& text, std::vector<std::string> more = {}) {
  const TemporaryFolder folder;
  std::vector<std::string> args{"verify", "-f", kShop, "--assert",
                                folder.write("a.yaml", kHead + text)};
  args.insert(args.end(), more.begin(), more.end());
  CliRun run = run_cli(args);
  run.err = replaced(run.err, folder.path(""), "");
  run.out = replaced(run.out, folder.path(""), "");
  return run;
}

std::string exception(const std::string& more, const std::string& expires = "2099-12-31") {
  return "exceptions: [{id: E-1, assertion: ISO-1, owner: team-shop, ticket: NET-12, expires: " +
         expires + more + "}]\n";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("bad input of assertions has its code and its exit code") {
  struct Row {
    std::string text;
    std::string told;
    ExitCode code;
  };
  const auto row = GENERATE_COPY(values<Row>({
      {"assertions:\n- " + kOpen + "\n- {id: R, must: allow, from: {ns: tools}, to: {ns: shop}}\n",
       "a.yaml:5:3: error[contradicting-assertions]: R allows what ISO-1 denies",
       ExitCode::InvalidInput},
      {"assertions:\n- {id: A, must: deny, from: {ns: tools}, to: {ns: shop}, ports: "
       "[tcp/99999]}\n",
       "a.yaml:4:66: error[bad-port]", ExitCode::InvalidInput},
      {"assertions:\n- {id: A, must: deny, from: {ns: [tools, shpo]}, to: {ns: pay}}\n",
       "a.yaml:4:42: warning[unknown-project]: there is no project shpo in the input; did you mean "
       "shop?",
       ExitCode::Success},
      {"assertions:\n- {id: A, must: deny, from: {ns: shpo}, to: {ns: pay}}\n",
       "a.yaml:4:34: warning[unknown-project]", ExitCode::Violated},
      {"assertions:\n- {id: A, must: deny, from: {ns: tools}, to: {mesh: istio-sytem}}\n",
       "a.yaml:4:53: warning[unknown-mesh]: there is no mesh istio-sytem in the input",
       ExitCode::Violated},
      {"assertions:\n- " + kOpen + "\n" + exception("", "2020-01-01"),
       "a.yaml:5:14: warning[expired-exception]: the exception E-1 of ISO-1 has expired on "
       "2020-01-01",
       ExitCode::Violated},
      {"assertions:\n- " + kOpen + "\n" + exception(", to: {ns: pay}"),
       "a.yaml:5:14: note[unused-exception]", ExitCode::Violated},
  }));
  CAPTURE(row.text);
  const CliRun run = verify_with(row.text);
  CAPTURE(run.err, run.out);
  CHECK(has(run.err, row.told));
  CHECK(run.code == row.code);
}

TEST_CASE("names that the input lacks fail a run that is strict") {
  const std::string text =
      "assertions:\n- {id: A, must: deny, from: {ns: [tools, shpo]}, to: {ns: pay}}\n";
  CHECK(verify_with(text, {"--strict"}).code == ExitCode::InvalidInput);
}

TEST_CASE("a waived verdict does not fail, and is shown and counted with who answers for it") {
  const std::string text = "assertions:\n- " + kOpen + "\n" + exception("");
  const CliRun table = verify_with(text);
  CHECK(table.code == ExitCode::Success);
  CHECK(has(table.out, "WAIVED  ISO-1: "));
  CHECK(has(table.out, "for example tools/probe → shop/gateway"));
  CHECK(has(table.out, "waived by E-1: team-shop, NET-12, until 2099-12-31"));
  CHECK(has(table.out, "0/1 hold · 1 waived\n"));
  const CliRun json = verify_with(text, {"-o", "json"});
  const Tree tree = json_of(json);
  const Tree& verdict = tree.find("verdicts")->items.at(0);
  CHECK(verdict.find("holds")->text == "false");
  CHECK(verdict.find("waived")->text == "true");
  CHECK(verdict.find("waivers")->items.at(0).string_at({"exception"}) == "E-1");
  CHECK(verdict.find("waivers")->items.at(0).string_at({"ticket"}) == "NET-12");
  CHECK(tree.find("findings")->items.at(0).string_at({"code"}) == "waived");
}

TEST_CASE("what exceptions do not cover stays a violation, and shows them") {
  const CliRun run =
      verify_with("assertions:\n- {id: ISO-1, must: deny, from: {ns: shop}, to: {ns: pay}}\n" +
                  exception(", from: {app: web}"));
  CHECK(run.code == ExitCode::Violated);
  CHECK(has(run.out, "FAIL    ISO-1: "));
  CHECK(has(run.out, "for example shop/gateway → pay/api"));
  CHECK(has(run.out, "beside what is covered by E-1: team-shop, NET-12, until 2099-12-31"));
}

TEST_CASE("the day of --today decides what has expired") {
  const std::string text = "assertions:\n- " + kOpen + "\n" + exception("", "2026-12-31");
  CHECK(verify_with(text, {"--today", "2026-12-31"}).code == ExitCode::Success);
  CHECK(verify_with(text, {"--today", "2027-01-01"}).code == ExitCode::Violated);
  const CliRun bad = verify_with(text, {"--today", "2026-02-30"});
  CHECK(bad.code == ExitCode::InvalidInput);
  CHECK(has(bad.err, "--today '2026-02-30' is no day of the calendar, YYYY-MM-DD"));
}

TEST_CASE("plan tells the moment of a verdict that is not about the state after") {
  const TemporaryFolder folder;
  const std::string file = folder.write(
      "a.yaml", kHead +
                    "assertions:\n- {id: W, must: deny, from: {ns: shop}, to: {ns: pay}, when: "
                    "[before, after], description: pay is for nobody}\n");
  const std::vector<std::string> args{
      "plan",     "-f", kShop,      "--change", "docs/examples/close-pay.yaml",
      "--assert", file, "--assert", "none"};
  const CliRun run = run_cli(args);
  CHECK(run.code == ExitCode::Violated);
  CHECK(has(run.out, "(before the change)"));
  CHECK(has(run.out, "        pay is for nobody\n"));
  CHECK(has(run.out, "1/2 hold · 1 violated\n"));
}
