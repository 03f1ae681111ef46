#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/solver/all_pairs_agreement.h"
#include "tests/solver/evaluate_case.h"
#include "tests/solver/random_oddities.h"

/// The bytes choose a small cluster; the all-pairs engine and evaluate() must agree on every flow.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace meshproof;
  const std::uint8_t* const end = bytes + size;
  const Choose choose = [&](unsigned count) {
    return bytes == end ? 0U : static_cast<unsigned>(*bytes++) % count;
  };
  const NetworkOptions network = random_network(choose);
  const std::string manifests = random_oddities(choose);
  const Cluster cluster = common_cluster(manifests, network);
  const Agreement agreement = compare_all_pairs(
      cluster, {"203.0.113.7", "224.0.0.9", "2001:db8::9"}, {53, 80, 81, 4789, 8080, 22623});
  const std::string summary = compare_summary(cluster);
  if (agreement.difference.empty() && summary.empty()) return 0;
  std::fprintf(stderr, "%s\n%s\n%s\n", manifests.c_str(), agreement.difference.c_str(),
               summary.c_str());
  std::abort();
}
