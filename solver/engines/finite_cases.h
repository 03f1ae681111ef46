#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/cluster.h"
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

/// A pod of a project, or (ns invalid) an address outside.
struct SourceCase {
  NamespaceId ns;
  Labels labels;
  std::size_t address = 0;  ///< index into FiniteCases::addresses
};

struct TargetCase {
  Labels labels;
  std::size_t address = 0;
};

struct PortCase {
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
};

struct FiniteCases {
  std::vector<AddressCase> addresses;
  std::vector<SourceCase> sources;
  std::vector<TargetCase> targets;
  std::vector<PortCase> ports;
  /// Names of ports that rules ask for: each subset of them is what the target may call the port.
  std::vector<std::string> port_names;
  /// How many flows there are to ask about; none if they are more than a number can hold.
  [[nodiscard]] std::optional<std::uint64_t> count() const;
};

/// What the cases are made for.
struct CasesAsked {
  NamespaceId destination;
  /// Existing projects whose pods count as sources. Never the destination.
  std::function<bool(NamespaceId)> is_source;
  /// Labels that a project to come may have.
  MayHave may_have;
  /// Selectors that the statement itself looks at, beside those of policies.
  std::vector<const LabelSelector*> of_projects;
  std::vector<const LabelSelector*> of_targets;
};

/// Makes the cases. `cluster` has of the pods only the completed ones with addresses; projects to
/// come are appended to it. `stray` are addresses of pods outside of the cluster networks. Nothing
/// if label sets alone are more than `limit`. O(projects × selectors of peers + cases).
[[nodiscard]] std::optional<FiniteCases> finite_cases(Cluster& cluster,
                                                      const std::vector<IpAddress>& stray,
                                                      const CasesAsked& asked, std::size_t limit);

/// The parts of it. Only finite_cases.cpp calls them.
struct BearingPolicies {
  std::vector<const NetworkPolicy*> ingress;  ///< of the destination
  std::vector<const NetworkPolicy*> egress;   ///< of sources that are looked at one by one
};
[[nodiscard]] std::vector<AddressCase> cases_of_addresses(const Cluster& cluster,
                                                          const std::vector<IpAddress>& stray,
                                                          const BearingPolicies& bearing);
[[nodiscard]] std::vector<PortCase> cases_of_ports(const Cluster& cluster,
                                                   const BearingPolicies& bearing);

}  // namespace meshproof
