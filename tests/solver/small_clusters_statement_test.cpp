#include <array>

#include <catch2/catch.hpp>

#include "solver/checks/flow_proof.h"
#include "solver/checks/statement_maker.h"
#include "solver/engines/flows/statement_claim.h"
#include "solver/engines/quotient.h"
#include "tests/solver/small_clusters.h"

/// Unbounded statements on the small clusters: the solver against the finite cases.
namespace meshproof {
namespace {

Group group(const std::string& ns, bool is_unbounded) {
  Group group;
  group.name = ns.empty() ? "anybody" : ns;
  if (!ns.empty()) group.namespace_names = {ns};
  group.unbounded = is_unbounded;
  return group;
}

Assertion statement(AssertionKind kind, Group from, Group to) {
  Assertion one;
  one.id = "A-1";
  one.kind = kind;
  one.from = std::move(from);
  one.to = std::move(to);
  return one;
}

/// Exceptions, pods of the input and projects to come at either end.
std::array<Assertion, 6> statements() {
  using enum AssertionKind;
  std::array all{statement(Deny, group("", true), group("a", true)),
                 statement(Allow, group("", true), group("a", true)),
                 statement(Deny, group("b", false), group("a", true)),
                 statement(Allow, group("a", true), group("b", false)),
                 statement(Deny, group("a", true), group("", true)),
                 statement(Deny, group("", true), group("a", true))};
  all[4].except_to = group("a", true);
  all[5].except_from = group("b", true);
  all[5].except_to = group("", true);
  all[5].except_to->pod_selector = SelectorText{{{"app", "In", {"x"}}}};
  all[5].ports = PortSet::of(Protocol::Tcp, {80, 80});
  return all;
}

struct Tally {
  std::size_t held = 0;
  std::size_t broken = 0;
};

/// What the two say of each other about one state; empty if they agree.
std::string disagreement(const Cluster& cluster, const Assertion& asked, Tally& tally) {
  Snapshot snapshot{{}, {}, cluster};
  StatementMaker maker(snapshot.cluster);
  const FlowStatement made = maker.make(asked, asked.from, asked.to);
  FlowProof proof(snapshot, {});
  QuotientDecider decider(snapshot.cluster);
  const StatementClaim claim(snapshot.cluster, made);
  for (const NamespaceId destination : maker.destinations(made)) {
    const FlowProof::Answer answer = proof.prove(claim, destination, {}, [&] {
      return decider.decide({made, destination});
    });
    if (!answer.disagreement.empty()) return answer.disagreement;
    if (!answer.decided_once.empty()) return "not decided: " + answer.decided_once;
    (answer.is_proved() ? tally.held : tally.broken) += 1;
  }
  return {};
}

/// Every `step`th cluster of each network that policies protect.
void compare(unsigned step) {
  const auto asked = statements();
  for (const Setting& setting : kSettings) {
    if (setting.mode != SdnMode::NetworkPolicy) continue;
    std::array<Tally, std::tuple_size_v<decltype(asked)>> tallies;
    std::size_t number = 0;
    for (unsigned labels = 0; labels < 16; ++labels) {
      SmallClusters clusters(setting, labels);
      for (std::uint32_t first = 0; first <= clusters.count(); ++first) {
        for (std::uint32_t second = first; second <= clusters.count(); ++second) {
          if (number++ % step != 0) continue;
          const std::size_t which = number / step % asked.size();
          INFO(setting.name << ", labels " << labels << ", policies " << first << " and " << second
                            << ", statement " << which);
          CHECK(disagreement(clusters.with(first, second), asked[which], tallies[which]).empty());
        }
      }
    }
    for (std::size_t i = 0; i < asked.size(); ++i) {
      INFO(setting.name << ", statement " << i << ": " << tallies[i].held << " hold, "
                        << tallies[i].broken << " are broken");
      CHECK(tallies[i].held + tallies[i].broken > 0);
    }
    CHECK(tallies[0].held > 0);
    CHECK(tallies[0].broken > 0);
  }
}

}  // namespace

TEST_CASE("solver and finite cases agree on statements about a sample of the small clusters",
          "[agreement]") {
  compare(1999);
}

TEST_CASE("solver and finite cases agree on statements about many of the small clusters",
          "[agreement][slow]") {
  compare(41);
}

}  // namespace meshproof
