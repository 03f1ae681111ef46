#include "reports/verdict_report.h"

#include <catch2/catch.hpp>

using namespace meshproof;

namespace {

std::string lines(const Verdict& verdict, bool full = false) {
  return verdict_lines({verdict}, Sources{}, 100, full);
}

Verdict proved(std::size_t policies) {
  Holds holds{Universe::Unbounded, "any pod in any namespace"};
  for (std::size_t i = 1; i <= policies; ++i) {
    holds.rests_on.push_back({"NetworkPolicy shop/p" + std::to_string(i),
                              i == 1 ? "isolates all pods of shop" : "",
                              {}});
  }
  Verdict verdict{"ISO-1", "outsiders must not reach shop", Severity::Error, holds, {}};
  verdict.deciders = {Decider::Z3, Decider::Quotient};
  return verdict;
}

Verdict violated() {
  return {"ISO-2",
          "tools must not reach shop",
          Severity::Error,
          Violated{"tools/a", "shop/b", Protocol::Tcp, 80, {}, {}},
          {}};
}

const Waiver kWaiver{"E-1", "team-shop", "NET-12", "2026-12-31", {}};

}  // namespace

TEST_CASE("a proof names who decided and a few of the policies that it rests on") {
  CHECK(
      lines(proved(0)) ==
      "HOLDS   ISO-1: outsiders must not reach shop (unbounded: any pod in any namespace; decided "
      "by z3,\n"
      "        quotient)\n"
      "1/1 hold\n");
  CHECK(
      lines(proved(7)) ==
      "HOLDS   ISO-1: outsiders must not reach shop (unbounded: any pod in any namespace; decided "
      "by z3,\n"
      "        quotient)\n"
      "        rests on: NetworkPolicy shop/p1, NetworkPolicy shop/p2, NetworkPolicy shop/p3, "
      "NetworkPolicy\n"
      "          shop/p4, NetworkPolicy shop/p5 and 2 more\n"
      "1/1 hold\n");
}

TEST_CASE("the option --full shows every policy with what of it counts") {
  const std::string text = lines(proved(7), true);
  CHECK(text.find("        rests on: NetworkPolicy shop/p1, which isolates all pods of shop\n") !=
        std::string::npos);
  CHECK(text.find("        rests on: NetworkPolicy shop/p7\n") != std::string::npos);
  CHECK(text.find("more") == std::string::npos);
}

TEST_CASE("that evaluation decided what was enumerated goes without saying") {
  Verdict verdict = proved(0);
  verdict.finding = Holds{Universe::Enumerated, "1 pod × 2 pods"};
  verdict.deciders = {Decider::Evaluation};
  CHECK(lines(verdict) ==
        "HOLDS   ISO-1: outsiders must not reach shop (enumerated: 1 pod × 2 pods)\n1/1 hold\n");
  CHECK(lines(verdict, true).find("decided by evaluate") != std::string::npos);
}

TEST_CASE("the moment, the description and the exceptions stand where there are any") {
  Verdict verdict = violated();
  CHECK(lines(verdict) ==
        "FAIL    ISO-2: tools must not reach shop\n"
        "        for example tools/a → shop/b TCP 80\n"
        "0/1 hold · 1 violated\n");
  verdict.moment = Moment::Before;
  verdict.description = "tenants stay apart";
  verdict.waivers = {kWaiver};
  CHECK(lines(verdict) ==
        "FAIL    ISO-2: tools must not reach shop (before the change)\n"
        "        tenants stay apart\n"
        "        for example tools/a → shop/b TCP 80\n"
        "        beside what is covered by E-1: team-shop, NET-12, until 2026-12-31\n"
        "0/1 hold · 1 violated\n");
  verdict.moment = Moment::EveryStep;
  verdict.is_waived = true;
  CHECK(lines(verdict) ==
        "WAIVED  ISO-2: tools must not reach shop (at every step)\n"
        "        tenants stay apart\n"
        "        for example tools/a → shop/b TCP 80\n"
        "        waived by E-1: team-shop, NET-12, until 2026-12-31\n"
        "0/1 hold · 1 waived\n");
}

TEST_CASE("JSON says the moment, who decided, what it rests on and what is waived") {
  const Sources sources;
  Verification verification;
  verification.verdicts = {proved(1), violated()};
  verification.verdicts[1].waivers = {kWaiver};
  verification.verdicts[1].is_waived = true;
  const std::string json = verification_json(verification, {}, sources);
  const auto has = [&](const std::string& part) { return json.find(part) != std::string::npos; };
  CHECK(has("\"moment\": \"after\""));
  CHECK(has("\"deciders\": [\n        \"z3\",\n        \"quotient\"\n      ]"));
  CHECK(has("\"policy\": \"NetworkPolicy shop/p1\""));
  CHECK(has("\"because\": \"isolates all pods of shop\""));
  CHECK(has("\"waived\": true"));
  CHECK(has("\"exception\": \"E-1\""));
  CHECK(has("\"code\": \"waived\""));
}
