#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/cluster.h"
#include "model/port_set.h"
#include "model/snapshot.h"
#include "model/verdict.h"
#include "solver/checks/groups.h"
#include "solver/evaluate.h"
#include "solver/exposures.h"

/// What lets the outside in without its own address (SEMANTICS Q10). Only the check of `deny`
/// includes this.
namespace meshproof {

/// What was found of the ways in.
struct EntryTally {
  std::optional<Violated> violated;
  std::string unknown;       ///< the first way in that could not be decided
  std::size_t services = 0;  ///< that open a port of the nodes to pods that are meant
  std::size_t routes = 0;    ///< Routes and Ingresses that lead to such
};

/// Asks about every way in to the pods that are meant. Refers to what it is given.
class OutsideEntries {
 public:
  OutsideEntries(const Snapshot& snapshot, const Evaluator& evaluator, const GroupResolver& groups,
                 const PortSet& ports)
      : snapshot_(snapshot), evaluator_(evaluator), groups_(groups), ports_(ports) {}

  /// Services of type NodePort or LoadBalancer, and those with external addresses.
  void look_at_services(const std::vector<PodId>& meant, EntryTally& tally) const;
  /// Routes and Ingresses, as the routers of the input serve them.
  void look_at_routes(const std::vector<PodId>& meant, EntryTally& tally) const;

 private:
  struct Target {
    PodId pod;
    PodPort port;
  };
  [[nodiscard]] std::vector<Target> targets(
      const std::vector<PodId>& pods, const std::vector<PodId>& meant,
      const std::function<std::vector<PodPort>(const Pod&)>& ports_of) const;
  void ask_from_nodes(const Service& service, const Target& target, EntryTally& tally) const;
  void tell(const Decision& decision, const std::string& src, const Target& target,
            const Reason& entry, EntryTally& tally) const;

  const Snapshot& snapshot_;
  const Evaluator& evaluator_;
  const GroupResolver& groups_;
  const PortSet& ports_;
};

}  // namespace meshproof
