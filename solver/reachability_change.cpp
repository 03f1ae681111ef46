#include <memory>
#include <optional>
#include <utility>

#include "solver/changed_rules.h"
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
  if (const auto changed = changed_rules(before, after)) {
    return found_by(std::make_shared<Comparison>(before, after, *changed));
  }
  if (is_under_another_network(before, after)) {
    return found_by(std::make_shared<Comparison>(before, after, OtherNetwork{}));
  }
  return found_by(std::make_shared<Comparison>(before, after, std::nullopt));
}

ReachabilityChange compare(const Snapshot& before, const Snapshot& after) {
  if (const auto changed = changed_rules(before.cluster, after.cluster)) {
    return found_by(std::make_shared<Comparison>(before.cluster, after.cluster, *changed));
  }
  if (is_under_another_network(before.cluster, after.cluster)) {
    return found_by(std::make_shared<Comparison>(before.cluster, after.cluster, OtherNetwork{}));
  }
  return found_by(
      std::make_shared<Comparison>(before.cluster, after.cluster, touched_between(before, after)));
}

}  // namespace meshproof
