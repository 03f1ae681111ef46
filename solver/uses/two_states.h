#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/cluster.h"
#include "model/flow.h"
#include "model/use.h"
#include "solver/checks/groups.h"
#include "solver/checks/port_samples.h"
#include "solver/evaluate.h"
#include "solver/reach_ends.h"

/// How judge_uses() asks two states about the flows of uses. Only its files include this.
namespace meshproof {

/// A pod, node or address, by the ids of the state before.
struct UseMember {
  FlowEnd end;
  NodeId node;  ///< of a node, which a Flow cannot name

  bool operator==(const UseMember&) const = default;
};

/// Ends of a use that no rule of either state can tell apart.
struct UseClass {
  std::vector<UseMember> members;   ///< the first two
  std::size_t count = 0;            ///< how many there are
  std::vector<EndpointName> names;  ///< of all of them, each once

  [[nodiscard]] std::size_t size() const { return count; }
};

struct UseTargetClass {
  UseClass pods;
  PortSet ports;
};

/// One port, which speaks for all up to the last one.
struct UsedFlow {
  UseMember src;
  UseMember dst;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
  std::uint16_t last = 0;

  [[nodiscard]] PortSet ports() const { return PortSet::of(protocol, {port, last}); }
};

/// Two states that are asked about the same flows, or one state alone: then what is open counts as
/// having been open, and what is closed too. Refers to the clusters.
class TwoStates {
 public:
  explicit TwoStates(const Cluster& state) : TwoStates(state, state, true) {}
  TwoStates(const Cluster& before, const Cluster& after) : TwoStates(before, after, false) {}

  using Projects = std::set<std::string, std::less<>>;

  /// Of its pods. O(1) once they have been classified.
  [[nodiscard]] const std::vector<UseClass>& pod_sources_of(const Use& use);
  /// All of them; of pods only those of these projects, if some are given.
  [[nodiscard]] std::vector<UseClass> sources_of(const Use& use,
                                                 const Projects* projects = nullptr);
  [[nodiscard]] std::vector<UseTargetClass> targets_of(const Use& use);
  /// A member of each that is not the same pod; nothing if there is none.
  [[nodiscard]] static std::optional<std::pair<UseMember, UseMember>> different_members(
      const UseClass& src, const UseClass& dst);
  /// One flow for each range of the ports that no rule of either state can tell apart.
  [[nodiscard]] std::vector<UsedFlow> flows_between(const UseMember& src, const UseMember& dst,
                                                    const PortSet& ports);
  /// What the states say, before and after. What is gone is reached by nobody; a source that is
  /// gone misses nothing, and is told as before.
  [[nodiscard]] std::pair<Decision, Decision> decide(const UsedFlow& flow);
  [[nodiscard]] std::string name_of(const UseMember& member) const;

 private:
  TwoStates(const Cluster& before, const Cluster& after, bool is_one_state);

  /// The same pod after the change, or another one of its workload. Invalid if there is none.
  [[nodiscard]] PodId after_change(PodId pod);
  [[nodiscard]] std::optional<UseMember> after_change(const UseMember& member);
  [[nodiscard]] const std::string& signature(PodId pod, bool by_node);
  void add_member(UseClass& one, const UseMember& member, const EndpointName& name) const;
  void add_blocks(const IpBlock& block, std::vector<UseClass>& classes);
  [[nodiscard]] EndpointName block_of(const IpAddress& address) const;
  [[nodiscard]] bool has_host(const Use& use) const;
  [[nodiscard]] PortSamples& samples(const PortSet& ports, bool of_after);
  [[nodiscard]] static Decision ask(const Evaluator& evaluator, const UsedFlow& flow);

  const Cluster& before_;
  const Cluster& after_;
  const bool is_one_state_;
  Evaluator evaluator_before_;
  std::optional<Evaluator> evaluator_after_;
  std::optional<GroupResolver> classes_before_;
  std::optional<GroupResolver> classes_after_;
  std::vector<OutsideBlock> blocks_;  ///< as reports name what lies outside
  std::map<std::pair<PodId, bool>, std::string> signatures_;
  std::map<EndpointName, PodId> workloads_after_;  ///< a running pod of each; made when needed
  std::map<std::pair<const std::vector<PodId>*, bool>, std::vector<UseClass>> shared_;
  std::map<Cidr, std::vector<OutsideBlock>> parts_;  ///< what rules can tell apart in each
  std::map<std::pair<PortSet, bool>, PortSamples> samples_;
};

}  // namespace meshproof
