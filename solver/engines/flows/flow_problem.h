#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "model/cluster.h"
#include "solver/engines/address_atoms.h"
#include "solver/engines/label_domain.h"
#include "solver/engines/problem.h"

namespace meshproof {

/// Existing namespaces that the policies cannot tell apart, as sources of a flow.
struct SourceGroup {
  std::vector<std::uint32_t> labels;  ///< LabelDomains::project
  bool global = false;                ///< SDN: VNID 0
  NamespaceId own;                    ///< a group of its own: egress policies, or it changes
  NamespaceId example;                ///< one of them
  bool stands_for_hosts = false;      ///< SDN-P4: no selector means its pods by their VNID
  bool is_destination = false;        ///< the destination's own namespace

  [[nodiscard]] auto key() const {
    return std::tie(labels, global, own, stands_for_hosts, is_destination);
  }
};

/// Ports that no policy can tell apart.
struct PortAtom {
  Protocol protocol = Protocol::Tcp;
  PortRange range;
};

/// What the variables of one flow mean: from any pod or address outside to any pod of one
/// namespace, on any port.
struct FlowVariables {
  NamespaceId destination;  ///< invalid: a namespace that does not exist yet
  Variable source;          ///< groups, then a future namespace, then outside
  std::vector<SourceGroup> groups;
  LabelVariables future_namespace;       ///< the source's
  LabelVariables destination_namespace;  ///< of a future destination; else without keys
  LabelVariables source_pod;
  LabelVariables destination_pod;
  std::vector<AddressAtom> addresses;
  Variable source_address;
  Variable destination_address;
  std::vector<PortAtom> ports;
  Variable port;
  std::vector<std::pair<std::string, Variable>> port_names;
  std::vector<PolicyId> parts;  ///< by label (Problem::assume): whose isolation it is
  std::vector<Variable> own;    ///< of the claim: what it asks for beside the flow
  Formula admitted;             ///< of the claim: which of two answers a solution stands for

  [[nodiscard]] std::uint32_t future() const { return static_cast<std::uint32_t>(groups.size()); }
  [[nodiscard]] std::uint32_t outside() const { return future() + 1; }
};

/// One flow and what is asked about it. A solution breaks what is claimed.
struct FlowProblem {
  Problem problem;
  FlowVariables flow;
};

using LabelText = std::vector<std::pair<std::string, std::string>>;

/// A flow between ends that may not exist yet. Labels are the fewest that do it.
struct Counterexample {
  enum class Source : std::uint8_t { ExistingNamespace, FutureNamespace, Outside };
  Source source = Source::Outside;
  std::string source_namespace;       ///< of a pod
  LabelText source_namespace_labels;  ///< of a future namespace, its name label left out
  LabelText source_labels;
  std::optional<IpAddress> source_address;  ///< always there for Outside
  std::string destination_namespace;
  bool makes_destination_namespace = false;  ///< it does not exist yet
  LabelText destination_namespace_labels;    ///< then; its name label left out
  LabelText destination_labels;
  std::optional<IpAddress> destination_address;
  /// Names that the destination pod gives to `port`.
  std::vector<std::string> port_names;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
  std::vector<std::uint32_t> own;  ///< values of FlowVariables::own
  /// Pods of the input that do as well as hypothetical ones; invalid where there are none.
  PodId existing_source;
  PodId existing_destination;
};

}  // namespace meshproof
