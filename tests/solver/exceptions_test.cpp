#include "solver/exceptions.h"

#include <catch2/catch.hpp>

#include "solver/verify.h"
#include "tests/support/yaml.h"

namespace meshproof {

namespace {

/// Two pods of tools, one of other and one of shop; nothing is closed.
constexpr std::string_view kCluster = R"(
apiVersion: v1
kind: Namespace
metadata: {name: mesh}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {maistra.io/member-of: mesh}}
---
apiVersion: v1
kind: Namespace
metadata: {name: tools}
---
apiVersion: v1
kind: Namespace
metadata: {name: other}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.6}
---
apiVersion: v1
kind: Pod
metadata: {name: probe, namespace: tools, labels: {app: probe}}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.7}
---
apiVersion: v1
kind: Pod
metadata: {name: scan, namespace: tools, labels: {app: scan}}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.8}
---
apiVersion: v1
kind: Pod
metadata: {name: job, namespace: other}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.9}
)";

Group in(const std::string& ns, const std::string& app = "") {
  Group group;
  group.name = app.empty() ? ns : app;
  group.namespace_names = {ns};
  if (!app.empty()) group.pod_selector = SelectorText{{{"app", "In", {app}}}};
  return group;
}

Assertion deny(Group from, Group to) {
  Assertion result;
  result.id = "ISO";
  result.from = std::move(from);
  result.to = std::move(to);
  return result;
}

Exception exception(std::string id, std::optional<Group> from = {}, std::optional<Group> to = {}) {
  Exception result;
  result.id = std::move(id);
  result.assertion = "ISO";
  result.owner = "team-" + result.id;
  result.ticket = "T-1";
  result.expires = "2026-12-31";
  result.from = std::move(from);
  result.to = std::move(to);
  return result;
}

struct Judged {
  Verdict verdict;
  std::vector<std::string> unused;
};

Judged judge(Assertion assertion, std::vector<Exception> exceptions) {
  const Assertions asked{{std::move(assertion)}, {}, std::move(exceptions)};
  const std::vector<Verdict> verdicts = verify(snapshot_from(kCluster), asked);
  Judged judged{verdicts.front(), {}};
  for (const Diagnostic& each : unused_exceptions(asked.exceptions, verdicts)) {
    CHECK(each.code == "unused-exception");
    CHECK(each.severity == Severity::Note);
    judged.unused.push_back(each.message);
  }
  return judged;
}

std::vector<std::string> waivers_of(const Verdict& verdict) {
  std::vector<std::string> ids;
  for (const Waiver& each : verdict.waivers) ids.push_back(each.exception);
  return ids;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("an exception without ends covers all of a violation, which is shown all the same") {
  const Judged judged = judge(deny(in("tools"), in("shop")), {exception("E-1")});
  CHECK(judged.verdict.is_waived);
  CHECK_FALSE(judged.verdict.fails());
  CHECK_FALSE(judged.verdict.holds());
  CHECK(std::get<Violated>(judged.verdict.finding).count == 2);
  REQUIRE(judged.verdict.waivers.size() == 1);
  CHECK(judged.verdict.waivers.front().owner == "team-E-1");
  CHECK(judged.verdict.waivers.front().ticket == "T-1");
  CHECK(judged.verdict.waivers.front().expires == "2026-12-31");
  CHECK(judged.unused.empty());
}

TEST_CASE("exceptions with ends take their flows out, and the rest stays a violation") {
  const Judged judged =
      judge(deny(in("tools"), in("shop")), {exception("E-1", in("tools", "probe"))});
  CHECK_FALSE(judged.verdict.is_waived);
  CHECK(judged.verdict.fails());
  CHECK(std::get<Violated>(judged.verdict.finding).src == "tools/scan");
  CHECK(std::get<Violated>(judged.verdict.finding).count == 1);
  CHECK(waivers_of(judged.verdict) == Ids{"E-1"});
  CHECK(judged.unused.empty());
}

TEST_CASE("several exceptions may cover a violation only together") {
  const Judged judged =
      judge(deny(in("tools"), in("shop")),
            {exception("E-1", in("tools", "probe"), in("shop")), exception("E-2", in("other")),
             exception("E-3", {}, in("shop", "web")), exception("E-4", in("tools", "scan"))});
  CHECK(judged.verdict.is_waived);
  CHECK(waivers_of(judged.verdict) == Ids{"E-1", "E-3"});
  CHECK(std::get<Violated>(judged.verdict.finding).src == "tools/probe");
  CHECK(judged.unused == Ids{"the exception E-2 is not needed: nothing that it covers breaks ISO",
                             "the exception E-4 is not needed: nothing that it covers breaks ISO"});
}

TEST_CASE("exceptions stand beside what the statement itself leaves out") {
  Assertion assertion = deny(in("tools"), in("shop"));
  assertion.except_from = in("tools", "scan");
  const Judged judged = judge(assertion, {exception("E-1", in("tools", "probe"))});
  CHECK(judged.verdict.is_waived);
  CHECK(judged.verdict.statement == "tools must not reach shop, except from scan");
}

TEST_CASE("isolation and allow have exceptions by their ends, too") {
  Assertion isolate;
  isolate.id = "ISO";
  isolate.kind = AssertionKind::Isolate;
  isolate.between = {in("tools"), in("shop")};
  CHECK_FALSE(judge(isolate, {exception("E-1", in("tools"))}).verdict.is_waived);
  CHECK(judge(isolate, {exception("E-1", in("tools")), exception("E-2", in("shop"))})
            .verdict.is_waived);

  Assertion allow = deny(in("tools"), in("shop"));
  allow.kind = AssertionKind::Allow;
  const Judged judged = judge(allow, {exception("E-1", in("tools"))});
  CHECK(judged.verdict.holds());
  CHECK_FALSE(judged.verdict.is_waived);
  CHECK(judged.unused.size() == 1);
}

TEST_CASE("an exception covers neither a statement about nothing nor another one") {
  const Judged empty = judge(deny(in("nowhere"), in("shop")), {exception("E-1")});
  CHECK(empty.verdict.fails());
  CHECK(empty.verdict.waivers.empty());
  Exception foreign = exception("E-1");
  foreign.assertion = "ISO-2";
  const Judged other = judge(deny(in("tools"), in("shop")), {foreign});
  CHECK(other.verdict.fails());
  CHECK(other.unused.empty());
}

TEST_CASE("an exception of a built-in statement covers it whole, or for one mesh") {
  const Snapshot snapshot = snapshot_from(kCluster);
  const auto tenancy = [&](std::optional<std::string> mesh) {
    Exception one = exception("E-1");
    one.assertion = "builtin:tenancy";
    if (mesh) {
      one.to = Group{};
      one.to->mesh = mesh;
    }
    const std::vector<Verdict> verdicts = verify(snapshot, {{}, {"builtin:tenancy"}, {one}});
    REQUIRE(std::holds_alternative<Violated>(verdicts.front().finding));
    return verdicts.front();
  };
  CHECK(tenancy(std::nullopt).is_waived);
  CHECK(tenancy("mesh").is_waived);
  CHECK(tenancy("mesh-b").fails());
}

TEST_CASE("a change is judged in the moments that an assertion names") {
  const Snapshot before = snapshot_from(kCluster);
  const Snapshot after = snapshot_from(std::string(kCluster) + R"(
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress]}
)");
  Assertion assertion = deny(in("tools"), in("shop"));
  assertion.when = {Moment::Before, Moment::EveryStep, Moment::After};
  const std::vector<Verdict> verdicts = verify_change(before, after, {{assertion}, {}});
  REQUIRE(verdicts.size() == 3);
  CHECK(verdicts[0].moment == Moment::Before);
  CHECK(verdicts[0].fails());
  CHECK(verdicts[1].moment == Moment::EveryStep);
  CHECK_FALSE(verdicts[1].holds());
  CHECK(verdicts[2].moment == Moment::After);
  CHECK(verdicts[2].holds());
  CHECK(verify_change(before, after, {{deny(in("tools"), in("shop"))}, {}}).size() == 1);
}

TEST_CASE("a statement about a change says nothing about one state, which is a note") {
  Assertion assertion;
  assertion.id = "DIFF";
  assertion.kind = AssertionKind::Unchanged;
  const Verdict verdict = verify(snapshot_from(kCluster), {{assertion}, {}}).front();
  CHECK(verdict.severity == Severity::Note);
  CHECK(std::get<Vacuous>(verdict.finding).reason ==
        "it is about a change, and this is one state: plan judges it");
}

}  // namespace meshproof
