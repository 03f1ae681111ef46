#include <memory>
#include <optional>
#include <utility>

#include "solver/comparison.h"
#include "solver/touched.h"

namespace meshproof {
namespace {

/// Where a bound is known beside which the states are alike.
std::optional<Touched> touched_between(const Snapshot& before, const Snapshot& after) {
  auto namespaces = touched_namespaces(before, after);
  if (!namespaces) return std::nullopt;
  const bool hosts =
      touches_hosts(before.cluster, *namespaces) || touches_hosts(after.cluster, *namespaces);
  return Touched{std::move(*namespaces), hosts};
}

}  // namespace

ReachabilityChange compare(const Cluster& before, const Cluster& after) {
  auto comparison = comparison_by_class(before, after);
  if (!comparison) comparison = std::make_shared<Comparison>(before, after, std::nullopt);
  return found_by(comparison);
}

ReachabilityChange compare(const Snapshot& before, const Snapshot& after) {
  auto comparison = comparison_by_class(before.cluster, after.cluster);
  if (!comparison) {
    comparison =
        std::make_shared<Comparison>(before.cluster, after.cluster, touched_between(before, after));
  }
  return found_by(comparison);
}

}  // namespace meshproof
