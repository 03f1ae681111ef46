#pragma once

#include <array>
#include <utility>
#include <vector>

#include "model/cluster.h"
#include "solver/engines/all_pairs/flow_limit.h"
#include "solver/engines/all_pairs/peer_sets.h"
#include "solver/engines/all_pairs/policy_forms.h"
#include "solver/engines/all_pairs/port_sets.h"

namespace meshproof {

/// Some peers, and the ports on which they are admitted.
struct RowTerm {
  PeerId peer;
  PortsId ports;

  auto operator<=>(const RowTerm&) const = default;
};

/// What all policies of one direction together admit at a pod: the union of its terms. Sorted, each
/// term once. Not isolated: everybody on all ports.
using Row = std::vector<RowTerm>;

/// What the rules of policies admit, as terms of rows. What policies of one form have in common is
/// found once. Keeps what it is given by reference, and policies.
class PolicyTerms {
 public:
  PolicyTerms(const Cluster& cluster, PeerSets& peers, PortSets& ports, FlowLimit& limit);

  /// By direction.
  struct Terms {
    std::array<Row, 2> rows;
    /// Ports by name wait for who gives the name (SEMANTICS P11).
    std::array<std::vector<std::pair<PeerId, PolicyPort>>, 2> named;
  };
  /// Puts what the policy admits into `terms`: nothing if it is too large. Gives the selectors of
  /// namespaces by which it may become so or cease to be (SEMANTICS SDN-P8). O(rules).
  const std::vector<SelectorId>& find(const NetworkPolicy& policy, Terms& terms);

 private:
  struct Rule {
    const PolicyRule* text = nullptr;
    Direction direction = Direction::Ingress;
    PortsId ports;  ///< without those by name
  };
  struct Form {
    bool is_known = false;
    Terms everywhere;                           ///< of peers that are the same in every namespace
    std::vector<std::pair<PeerKey, Rule>> own;  ///< of others, that lack their namespace
    std::vector<SelectorId> sizing;
  };
  [[nodiscard]] const Form& form_of(PolicyFormId id);
  void read(const PolicyRule& rule, Direction direction, Form& form);
  void add(PeerId peer, const Rule& rule, Terms& terms);

  Dialect dialect_;
  PeerSets& peers_;
  PortSets& ports_;
  FlowLimit& limit_;
  PolicyForms forms_;
  std::vector<Form> by_form_;
};

}  // namespace meshproof
