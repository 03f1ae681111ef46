#include "reports/report_formats.h"

#include <catch2/catch.hpp>

#include "reports/markup.h"
#include "reports/source_uri.h"

using namespace meshproof;

namespace {

Judgement judgement(std::string rule, Severity severity, Standing standing,
                    std::string message = "shop is open") {
  Judgement judgement;
  judgement.rule = std::move(rule);
  judgement.phase = "after";
  judgement.severity = severity;
  judgement.standing = standing;
  judgement.message = std::move(message);
  judgement.where = {"apps/shop.yaml", 12, 5, {}};
  judgement.fingerprint = "00112233aabbccdd";
  return judgement;
}

Report report(std::vector<Judgement> judgements) {
  Report report;
  report.command = "verify";
  report.version = "1.2.3";
  report.invocation = "meshproof verify -f shop.yaml";
  report.judgements = std::move(judgements);
  for (const Judgement& each : report.judgements) {
    report.rules.push_back({each.rule, each.rule, "a title", {}, "mend it", each.severity, {}});
  }
  return report;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string markdown(const Report& report) {
  return comment_markdown(std::span<const Report>(&report, 1));
}

}  // namespace

TEST_CASE("markup takes no text for markup") {
  CHECK(markup("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;");
  CHECK(markup("\x1b[31m") == "\\x1b[31m");
  CHECK(markup("a\u202eb") == "a\\u202eb");
}

TEST_CASE("source paths are URI references") {
  CHECK(source_uri("apps/a b#c.yaml") == "apps/a%20b%23c.yaml");
  CHECK(source_uri("/etc/x.yaml") == "file:///etc/x.yaml");
  CHECK(source_uri("tar.tgz!x/ü.yaml") == "tar.tgz!x/%C3%BC.yaml");
}

TEST_CASE("the address of a line is below that of the folder") {
  const std::string folder = "https://git.bank/o/r/-/blob/0a1b";
  CHECK(source_address(folder, {"apps/a b#c.yaml", 12, 5}) == folder + "/apps/a%20b%23c.yaml#L12");
  CHECK(source_address(folder, {"apps/ü?.yaml"}) == folder + "/apps/%C3%BC%3F.yaml");
}

TEST_CASE("GitHub's workflow commands: the gravest first, with their own escapes") {
  const Report one = report({judgement("B", Severity::Note, Standing::Failed),
                             judgement("A:1", Severity::Error, Standing::Failed, "100 % wrong"),
                             judgement("C", Severity::Error, Standing::Passed),
                             judgement("D", Severity::Warning, Standing::Undecided),
                             judgement("E", Severity::Error, Standing::Waived)});
  CHECK(github_annotations(std::span<const Report>(&one, 1)) ==
        "::error file=apps/shop.yaml,line=12,col=5,title=meshproof A%3A1::100 %25 wrong\n"
        "::warning file=apps/shop.yaml,line=12,col=5,title=meshproof D::not decided: shop is open\n"
        "::notice file=apps/shop.yaml,line=12,col=5,title=meshproof B::shop is open\n");
}

TEST_CASE("Code Quality tells equal fingerprints apart, as GitLab shows one of each") {
  const Report one = report({judgement("A", Severity::Error, Standing::Failed),
                             judgement("B", Severity::Error, Standing::Failed)});
  const std::string text = code_quality(std::span<const Report>(&one, 1));
  CHECK(has(text, "\"00112233aabbccdd\""));
  CHECK(has(text, "\"00112233aabbccdd-1\""));
}

TEST_CASE("JUnit: what lets the run fail is a failure, and nothing else is") {
  Report one = report({judgement("A", Severity::Error, Standing::Failed),
                       judgement("B", Severity::Warning, Standing::Failed),
                       judgement("C", Severity::Error, Standing::Undecided),
                       judgement("D", Severity::Error, Standing::Known),
                       judgement("E", Severity::Error, Standing::Passed)});
  const std::string text = junit(std::span<const Report>(&one, 1));
  CHECK(has(text, "tests=\"5\" failures=\"1\" errors=\"1\" skipped=\"1\""));
  one.fail_on = Severity::Warning;
  CHECK(has(junit(std::span<const Report>(&one, 1)), "failures=\"2\""));
  one.fail_on = std::nullopt;
  CHECK(has(junit(std::span<const Report>(&one, 1)), "failures=\"0\""));
}

TEST_CASE("JUnit: a name makes no line of its own, which a log might take for a command") {
  Judgement failed = judgement("A", Severity::Error, Standing::Failed);
  failed.where.path = "a\n::error::b.yaml";
  failed.flow.push_back({"c\n::error::d", {"e\n::error::f.yaml", 1, 1, {}}});
  const Report one = report({failed});
  const std::string text = junit(std::span<const Report>(&one, 1));
  CHECK(has(text, "a\\n::error::b.yaml:12\n  c\\n::error::d   e\\n::error::f.yaml:1<"));
  CHECK_FALSE(has(text, "\n::error"));
}

TEST_CASE("a report without a judgement is still a test that passed") {
  const Report one = report({});
  CHECK(has(junit(std::span<const Report>(&one, 1)), "tests=\"1\" failures=\"0\""));
  CHECK(has(markdown(one), "✅ meshproof: nothing found"));
}

TEST_CASE("SARIF leaves out the least grave results that GitHub would refuse, and says so") {
  std::vector<Judgement> many(25'000, judgement("A", Severity::Error, Standing::Failed));
  many.insert(many.begin(), judgement("LEAST", Severity::Note, Standing::Failed));
  Report one = report({judgement("A", Severity::Error, Standing::Failed)});
  one.judgements = std::move(many);
  const std::string text = sarif(std::span<const Report>(&one, 1));
  CHECK_FALSE(has(text, "\"LEAST\""));
  CHECK(has(text, "1 more results are left out, the least grave"));
}

TEST_CASE("a comment never names anybody, and nothing in it is markup") {
  const Report one = report(
      {judgement("A", Severity::Error, Standing::Failed, "@admin <script>x</script> #12 | `y`")});
  const std::string text = markdown(one);
  CHECK_FALSE(has(text, "@admin"));
  CHECK_FALSE(has(text, "<script>"));
  CHECK_FALSE(has(text, "#12"));
  CHECK(has(text, "→ mend it"));
}

TEST_CASE("a comment keeps below GitHub's limit and says that it does") {
  Report one = report({});
  one.change.emplace();
  one.change->sections.push_back({"Short", "short\n"});
  one.change->sections.push_back({"Long", std::string(70'000, 'x')});
  one.change->sections.push_back({"Last", "last\n"});
  const std::string text = markdown(one);
  CHECK(text.size() <= 65'536);
  CHECK(has(text, "More was found than a comment can hold"));
  CHECK(has(text, "<summary>Short</summary>"));
  CHECK_FALSE(has(text, "<summary>Long</summary>"));
  CHECK(has(text, "meshproof 1.2.3"));
  one.change->sections.erase(one.change->sections.begin() + 1);
  CHECK_FALSE(has(markdown(one), "More was found"));
}

TEST_CASE("a comment links the lines that have an address") {
  Report one = report({judgement("A", Severity::Error, Standing::Failed)});
  CHECK(has(markdown(one), "shop is open — `apps/shop.yaml:12` → mend it"));
  one.judgements[0].where.path = "a](b)|`.yaml";
  one.judgements[0].where.address = "https://git.bank/a%5D(b)%7C%60.yaml&copy;x#L12";
  CHECK(has(markdown(one),
            "shop is open — [`` a](b)\\|`.yaml:12 ``]"
            "(<https://git.bank/a%5D(b)%7C%60.yaml&amp;copy;x#L12>) → mend it"));
}

TEST_CASE("a comment gives up links, and then decisions, before it gets too long") {
  Report one =
      report(std::vector<Judgement>(25, judgement("A", Severity::Error, Standing::Failed)));
  for (Judgement& each : one.judgements) each.where.address = std::string(6'000, 'u');
  const std::string linked = markdown(one);
  CHECK(linked.size() <= 65'536);
  CHECK(has(linked, "1. error `A`: shop is open — [`apps/shop.yaml:12`](<uuu"));
  CHECK(has(linked, "20. error `A`: shop is open — `apps/shop.yaml:12` → mend it"));
  CHECK(has(linked, "\nand 5 more: `-o json`\n"));
  for (Judgement& each : one.judgements) each.message = std::string(6'000, 'm');
  const std::string cut = markdown(one);
  CHECK(cut.size() <= 65'536);
  CHECK_FALSE(has(cut, "](<"));
  CHECK(has(cut, "10. error `A`: mmm"));
  CHECK(has(cut, "\nand 15 more: `-o json`\n"));
}

TEST_CASE("a comment about several clusters has a row for each") {
  std::vector<Report> reports{report({}),
                              report({judgement("A", Severity::Error, Standing::Undecided)})};
  reports[0].cluster = "prod-eu-3";
  reports[1].cluster = "prod-us-1";
  const std::string text = comment_markdown(reports);
  CHECK(has(text, "### ❔ meshproof: 1 finding"));
  CHECK(has(text, "| prod-eu-3 |"));
  CHECK(has(text, "| prod-us-1 |"));
  CHECK(has(text, "**Decide before merging** (prod-us-1)"));
}

TEST_CASE("a fence is longer than any in the text") {
  Report one = report({});
  one.change.emplace();
  one.change->sections.push_back({"S", "a\n```\nb\n"});
  CHECK(has(markdown(one), "````text\na\n```\nb\n````\n"));
}
