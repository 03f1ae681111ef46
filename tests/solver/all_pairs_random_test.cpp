#include <rapidcheck/catch.h>

#include "tests/solver/all_pairs_agreement.h"
#include "tests/solver/evaluate_case.h"
#include "tests/solver/random_oddities.h"

namespace meshproof {

TEST_CASE("the all-pairs engine agrees with evaluate on random clusters", "[agreement]") {
  std::size_t open = 0;
  std::size_t unknown = 0;
  rc::prop("the all-pairs engine agrees with evaluate on random clusters", [&] {
    const Choose choose = [](unsigned count) { return *rc::gen::inRange(0U, count); };
    const std::string manifests = random_oddities(choose);
    const Cluster cluster = common_cluster(manifests, random_network(choose));
    const Agreement agreement =
        compare_all_pairs(cluster, {"203.0.113.7", "203.0.113.200", "224.0.0.9", "2001:db8::9"},
                          {1, 53, 80, 81, 4000, 4788, 4789, 4790, 8080, 22623, 65535});
    RC_LOG(manifests + "\nin " + std::string(to_string(cluster.network.dialect)) + "/" +
           std::string(to_string(cluster.network.mode)) + ": " + agreement.difference);
    RC_ASSERT(agreement.difference == "");
    RC_ASSERT(compare_summary(cluster) == "");
    open += agreement.open;
    unknown += agreement.unknown;
  });
  // All answers must have come up, or the property says little.
  CHECK(open > 0);
  CHECK(unknown > 0);
}

}  // namespace meshproof
