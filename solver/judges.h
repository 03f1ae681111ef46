#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "model/flow.h"
#include "model/migration.h"
#include "model/port_set.h"
#include "solver/checks/port_samples.h"
#include "solver/comparison.h"

/// What two networks say of the same flows. Only the files of compare_networks() include this.
namespace meshproof {

/// Some ports of a pair of pods, nodes or addresses that two networks decide differently.
struct Verdicts {
  PortSet ports;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;  ///< that was asked
  Decision before;
  Decision after;
};

/// Whether it is a gain, and the rules by which the networks before and after decided in this
/// direction.
using CauseKey = std::tuple<bool, std::string, std::string, Direction>;

/// By the reasons that tell one network from another, as far as there are such.
[[nodiscard]] CauseKey key_of(const Verdicts& verdicts, bool is_gain);

/// Asks both networks about the flows of a pair of ends. Keeps the comparison by reference.
class Judges {
 public:
  /// O(pods + Services).
  explicit Judges(Comparison& comparison);

  /// Each of these ports once, where one network denies and the other allows, until `take` says
  /// false.
  void visit(const ComparedEnd& src, const ComparedEnd& dst, PortSet ports, bool is_gain,
             const std::function<bool(Verdicts)>& take);
  /// One flow of a connection that the cause has; without reasons if it has none.
  [[nodiscard]] MigratedFlow judge(const MigrationCause& cause, const Connection& connection);

 private:
  using Starts = std::map<Protocol, std::set<std::uint16_t>>;

  [[nodiscard]] Starts starts_between(const Asked& src, const Asked& dst);
  bool visit_pair(const Asked& src, const Asked& dst, PortSet& ports, bool is_gain,
                  const std::function<bool(Verdicts)>& take);

  const Comparison& comparison_;
  Reacher& before_;
  Reacher& after_;
  PortSamples samples_before_;
  PortSamples samples_after_;
};

}  // namespace meshproof
