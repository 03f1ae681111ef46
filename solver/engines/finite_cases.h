#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/cluster.h"
#include "model/flow.h"
#include "model/port_set.h"
#include "solver/engines/label_cases.h"

/// The finitely many cases to which SEMANTICS T7, T8 and T9 bring everybody who could reach a
/// project: written without a look at the encoding (flows/flow_encoder.h), so that the two find
/// each other's mistakes.
namespace meshproof {

/// Addresses that no rule can tell apart: up to two examples, for both ends may need one.
struct AddressCase {
  std::vector<IpAddress> pods;     ///< that a pod can have
  std::vector<IpAddress> outside;  ///< that can lie outside of the cluster; maybe the same
  [[nodiscard]] bool is_v4() const {
    return (pods.empty() ? outside.front() : pods.front()).is_v4();
  }
};

/// A pod, or (ns invalid) an address outside.
struct EndCase {
  NamespaceId ns;
  Labels labels;
  std::size_t address = 0;  ///< index into FiniteCases::addresses
  PodId given;              ///< the pod of the input that it is; invalid: one that could be
  std::optional<IpAddress> own_address;  ///< of a given pod that has one
  std::vector<bool> marks = {};          ///< what the statement makes of it (CasesAsked)
};

struct PortCase {
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
};

struct FiniteCases {
  std::vector<AddressCase> addresses;
  std::vector<EndCase> sources;
  std::vector<EndCase> targets;
  std::vector<PortCase> ports;
  /// Names of ports that rules ask for: each subset of them is what a target that is not given may
  /// call the port.
  std::vector<std::string> port_names;
  /// How many flows there are to ask about; none if they are more than a number can hold.
  [[nodiscard]] std::optional<std::uint64_t> count() const;
};

/// A pod of the input that is an end of its own right.
struct GivenPod {
  PodId id;
  const Pod* pod = nullptr;
  std::vector<bool> marks = {};  ///< what of the statement tells it from pods with its labels
};

/// Who an end of the statement may be.
struct EndsAsked {
  /// Selectors about pods and about their projects that the statement itself looks at.
  std::vector<const LabelSelector*> of_pods;
  std::vector<const LabelSelector*> of_projects;
  /// These pods of the input alone; none: any pod that could be.
  std::optional<std::vector<GivenPod>> given;
  /// Whether the statement speaks of pods of a project to come with these labels.
  std::function<bool(const Labels&)> may_be_to_come;
};

/// What the cases are made for.
struct CasesAsked {
  NamespaceId destination;  ///< invalid: a project to come
  EndsAsked from;
  EndsAsked to;
  /// Existing projects whose pods count as sources.
  std::function<bool(NamespaceId)> is_source;
  /// What the statement itself says of a project; empty: nothing but by selectors.
  std::function<std::vector<bool>(NamespaceId)> project_marks;
  /// Labels that a project to come may have.
  MayHave may_have;
  std::vector<IpBlock> blocks;     ///< that the statement names
  PortSet ports = PortSet::all();  ///< that it speaks of
  /// Whoever reaches more breaks it, if one does who reaches less.
  bool is_broken_by_reaching = true;
};

/// Makes the cases. `cluster` has of the pods only the completed ones with addresses; projects to
/// come are appended to it. `stray` are addresses of pods outside of the cluster networks. Nothing
/// if label sets alone are more than `limit`. O(projects × selectors of peers + given pods ×
/// selectors + cases).
[[nodiscard]] std::optional<FiniteCases> finite_cases(Cluster& cluster,
                                                      const std::vector<IpAddress>& stray,
                                                      const CasesAsked& asked, std::size_t limit);

/// The parts of it. Only finite_cases.cpp calls them.
struct BearingPolicies {
  std::vector<const NetworkPolicy*> ingress;  ///< of the destination
  std::vector<const NetworkPolicy*> egress;   ///< of sources that are looked at one by one
};
struct AddressesFound {
  std::vector<AddressCase> cases;
  std::map<IpAddress, std::size_t> of_given;  ///< of given pods: which case
};
[[nodiscard]] AddressesFound cases_of_addresses(const Cluster& cluster,
                                                const std::vector<IpAddress>& stray,
                                                const CasesAsked& asked,
                                                const BearingPolicies& bearing);
/// `names` of ports that rules ask for.
[[nodiscard]] std::vector<PortCase> cases_of_ports(const Cluster& cluster, const CasesAsked& asked,
                                                   const BearingPolicies& bearing,
                                                   const std::vector<std::string>& names);

}  // namespace meshproof
