#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "solver/comparison.h"
#include "solver/engines/all_pairs/flow_limit.h"
#include "solver/engines/all_pairs/policy_forms.h"
#include "solver/reacher.h"

/// What can decide by which rules two networks judge a pair of ends. Only the files of
/// compare_networks() include this.
namespace meshproof {

/// All that reasons hang on at one end, but for who is at the other: the policies that select it,
/// by what they say, and what its project has of its own.
struct RuleFacts {
  enum class Kind : std::uint8_t { Alone, Node, Block, Pods };
  /// Of the end in one of the states.
  struct State {
    bool has_ipv4 = false;
    bool has_ipv6 = false;
    std::uint32_t vnid = 0;  ///< 0: its own; else one more than an id that hosts or others have too
    NamespaceId ns = {};     ///< if it has rules for hosts of its own

    auto operator<=>(const State&) const = default;
  };

  Kind kind = Kind::Alone;
  EndId alone = {};  ///< an end of which no other is known to be alike
  Direction direction = Direction::Ingress;
  std::array<State, 2> states = {};
  std::uint32_t port_names = 0;          ///< of a receiver, where they are looked up
  std::vector<PolicyFormId> forms = {};  ///< in the order of the policies
  std::vector<bool> exceeded = {};       ///< for each of them, in both states (SEMANTICS SDN-P8)

  auto operator<=>(const RuleFacts&) const = default;
};
using RuleFactsId = Id<RuleFacts>;

/// Two pairs of ends have the same reasons, names and places aside, if the facts of their ends are
/// equal and so is what each end is to the peers that the other's policies name; and if both pairs
/// are of one project or neither is, and both of a pod and its own node or neither.
class RuleFactsBook {
 public:
  /// Keeps all by reference. O(pods' policies × rules).
  RuleFactsBook(Reacher& before, Reacher& after, const std::vector<ComparedEnd>& ends);

  /// Of an end in the direction in which its own policies decide: Egress if it sends.
  [[nodiscard]] RuleFactsId of(EndId end, Direction direction) const {
    return facts_.at(static_cast<std::size_t>(direction))[end.value];
  }
  /// No other end is known to have the same; whatever it meets is a case by itself.
  [[nodiscard]] bool stand_alone(RuleFactsId facts) const {
    return by_number_[facts.value]->kind == RuleFacts::Kind::Alone;
  }
  /// For each peer that policies of these facts name: is it the other end, certainly or perhaps?
  /// `within`: for ends of one project, where selectors of pods alone count too. For ends that do
  /// not stand alone.
  /// O(peers × log classes).
  [[nodiscard]] std::vector<bool> marks(RuleFactsId facts, EndId other, bool within);

 private:
  struct Peers {
    std::array<std::vector<PeerId>, 2> everywhere;  ///< by state
    std::vector<const LabelSelector*> own;          ///< of pods of the same project
  };

  [[nodiscard]] RuleFacts facts_of(EndId id, Direction direction);
  [[nodiscard]] bool stands_alone(const ComparedEnd& end) const;
  void find_columns();
  void add_policies(PodId pod, RuleFacts& facts);
  [[nodiscard]] std::uint32_t number_of_ports(PodId pod);
  [[nodiscard]] const Peers& peers_of(RuleFactsId facts);

  std::array<Reacher*, 2> states_;
  const std::vector<ComparedEnd>& ends_;
  PolicyForms forms_;
  std::array<FlowLimit, 2> limits_;
  bool looks_names_up_;  ///< of ports
  std::map<std::vector<std::tuple<std::string, Protocol, std::uint16_t>>, std::uint32_t> ports_;
  std::map<RuleFacts, RuleFactsId> numbers_;
  std::vector<const RuleFacts*> by_number_;
  std::array<std::vector<RuleFactsId>, 2> facts_;  ///< by direction and end
  /// By direction of the other end's policies, and state: where each end stands among their peers.
  std::array<std::array<std::vector<Column>, 2>, 2> columns_;
  std::map<RuleFactsId, Peers> peers_;
};

}  // namespace meshproof
