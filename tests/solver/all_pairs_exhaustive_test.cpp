#include <array>
#include <iostream>
#include <optional>

#include <catch2/catch.hpp>

#include "tests/solver/all_pairs_agreement.h"
#include "tests/solver/small_clusters.h"

/// Every small cluster: 2 projects × 2 pods × 2 label values, up to 2 policies of up to 1 rule.
namespace meshproof {
namespace {

struct Tally {
  std::size_t cases = 0;
  Agreement agreement;
};

/// Every `step`th case.
Tally compare_small_clusters(const Setting& setting, unsigned step) {
  Tally tally;
  std::size_t number = 0;
  for (unsigned labels = 0; labels < 16; ++labels) {
    SmallClusters clusters(setting, labels);
    for (std::uint32_t first = 0; first <= clusters.count(); ++first) {
      for (std::uint32_t second = first; second <= clusters.count(); ++second) {
        if (number++ % step != 0) continue;
        const Agreement one =
            compare_all_pairs(clusters.with(first, second), {"203.0.113.7"}, {80, 81});
        ++tally.cases;
        tally.agreement.flows += one.flows;
        tally.agreement.open += one.open;
        tally.agreement.unknown += one.unknown;
        if (one.difference.empty()) continue;
        tally.agreement.difference = "labels " + std::to_string(labels) + ", policies " +
                                     std::to_string(first) + " and " + std::to_string(second) +
                                     ": " + one.difference;
        return tally;
      }
    }
  }
  return tally;
}

void check(const Setting& setting, const Tally& tally) {
  CHECK(tally.agreement.difference == "");
  CHECK(tally.agreement.open > 0);
  CHECK(tally.agreement.open < tally.agreement.flows);
  std::cout << setting.name << ": " << tally.cases << " clusters, " << tally.agreement.flows
            << " flows, " << tally.agreement.open << " of them open\n";
}

}  // namespace

TEST_CASE("the all-pairs engine agrees with evaluate on a sample of the small clusters",
          "[agreement]") {
  for (const Setting& setting : kSettings) {
    DYNAMIC_SECTION(setting.name) {
      const Tally tally = compare_small_clusters(setting, 1999);
      check(setting, tally);
      CHECK(tally.cases > 100);
    }
  }
}

TEST_CASE("the all-pairs engine agrees with evaluate on every small cluster", "[agreement][slow]") {
  for (const Setting& setting : kSettings) {
    DYNAMIC_SECTION(setting.name) {
      const Tally tally = compare_small_clusters(setting, 1);
      check(setting, tally);
      CHECK(tally.cases > 100000);
    }
  }
}

}  // namespace meshproof
