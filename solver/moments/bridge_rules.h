#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/cluster.h"
#include "model/prediction.h"
#include "solver/moments/label_words.h"

/// What two states both admit, in words of NetworkPolicies. Only the files of bridges() include
/// this.
namespace meshproof {

struct BridgePort {
  Protocol protocol = Protocol::Tcp;
  std::optional<PortRange> range;
  std::string name;

  auto operator<=>(const BridgePort&) const = default;
};

/// Who a rule of a bridge admits: everybody, addresses, or pods of projects that are named one by
/// one or by labels that no step of the change writes.
struct BridgePeer {
  bool everybody = false;
  std::optional<IpBlock> block;
  bool by_names = true;
  LabelWords projects;             ///< unless by_names
  std::set<std::string> names;     ///< of the projects that are meant; by labels: those of today
  std::optional<LabelWords> pods;  ///< nothing: no rule that it stands for has a podSelector
};

/// Empty ports: all of all protocols.
struct BridgeRule {
  std::vector<BridgePort> ports;
  BridgePeer peer;
};

/// Which labels of which projects and which policies the steps of a change write.
struct WrittenRules {
  std::map<std::string, std::set<std::string>> label_keys;  ///< by project
  std::set<std::string> all_keys;
  std::set<ObjectKey> policies;

  [[nodiscard]] bool writes(const LabelWords& words) const;
  /// True if what the words say of the project cannot change on the way.
  [[nodiscard]] bool leaves(const LabelWords& words, const std::string& project) const;
};

/// O(steps × labels).
[[nodiscard]] WrittenRules written_rules(const ObjectStore& before, const std::vector<Step>& steps);

/// A peer of a rule as one state reads it.
struct ReadPeer {
  bool everybody = false;
  std::optional<IpBlock> block;
  LabelWords projects;
  std::set<std::string> names;  ///< of the projects that it selects in that state
  std::optional<LabelWords> pods;
  std::vector<BridgePort> ports;
  bool is_kept = false;  ///< of a policy that no step writes
};

/// The peers of a policy's rules in a direction. O(peers × namespaces).
[[nodiscard]] std::vector<ReadPeer> read_peers(const Cluster& state, const NetworkPolicy& policy,
                                               Direction direction);

/// What both peers admit and no policy that is kept admits in every moment.
struct CommonRule {
  std::optional<BridgeRule> rule;
  bool is_exact = true;  ///< false: they may have more in common that cannot be said so
};
[[nodiscard]] CommonRule common_rule(const ReadPeer& before, const ReadPeer& after,
                                     const WrittenRules& written);

}  // namespace meshproof
