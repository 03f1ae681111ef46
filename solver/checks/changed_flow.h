#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/cluster.h"
#include "model/flow.h"
#include "model/reachability.h"
#include "model/snapshot.h"
#include "model/verdict.h"
#include "solver/checks/groups.h"
#include "solver/checks/port_samples.h"
#include "solver/evaluate.h"

/// Single flows behind the connections that compare() finds. Only the check of `unchanged` includes
/// this.
namespace meshproof {

/// Pods, a node or an address, as one end of flows in two states.
struct ChangedEnd {
  std::string name;  ///< `shop/web-1`, `Node/node-a`, `203.0.113.9`
  std::optional<FlowEnd> before;
  std::optional<FlowEnd> after;
  NodeId node_before;  ///< of a node; the ends are then no addresses of anybody
  NodeId node_after;
};

/// Finds flows that one state has and the other has not. Keeps both by reference.
class ChangedFlows {
 public:
  /// Only flows on these ports are looked for. O(pods + Services + blocks of policies).
  ChangedFlows(const Cluster& before, const Cluster& after, const PortSet& ports);

  /// The running pods of a workload in either state by name, or the node or the address.
  [[nodiscard]] std::vector<ChangedEnd> members(const EndpointName& end) const;

  /// A flow between two different ends that `after` has and `before` has not (`is_gain`), or the
  /// other way round, on one of the ports. Nothing if there is none that evaluate() is sure of. Of
  /// pods that no rule can tell apart one pair is asked.
  [[nodiscard]] std::optional<Violated> find(const std::vector<ChangedEnd>& sources,
                                             const std::vector<ChangedEnd>& destinations,
                                             const PortSet& ports, bool is_gain);

 private:
  struct State {
    explicit State(const Cluster& the_cluster, const PortSet& ports)
        : cluster(the_cluster),
          evaluator(the_cluster, PendingPods::WillRun),
          groups(the_cluster),
          samples(the_cluster, ports) {}

    [[nodiscard]] std::string signature(const std::optional<FlowEnd>& end, NodeId node) const;
    [[nodiscard]] std::optional<Decision> decide(const std::optional<FlowEnd>& src, NodeId src_node,
                                                 const std::optional<FlowEnd>& dst, NodeId dst_node,
                                                 PortSample sample) const;

    const Cluster& cluster;
    Evaluator evaluator;
    GroupResolver groups;
    PortSamples samples;
  };

  [[nodiscard]] std::vector<ChangedEnd> distinct(const std::vector<ChangedEnd>& ends) const;
  [[nodiscard]] std::vector<PortSample> declared(const ChangedEnd& dst) const;
  [[nodiscard]] std::vector<PortSample> samples(const ChangedEnd& src, const ChangedEnd& dst);
  [[nodiscard]] std::optional<Violated> judge(const ChangedEnd& src, const ChangedEnd& dst,
                                              PortSample sample, bool is_gain) const;

  State before_;
  State after_;
  std::map<std::string, IpAddress> outside_;  ///< by block, one of its addresses
};

}  // namespace meshproof
