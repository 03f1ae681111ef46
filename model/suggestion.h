#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/cluster.h"
#include "model/flow.h"
#include "model/tree.h"
#include "model/verdict.h"

/// Flows that a change cuts off, and the NetworkPolicies that keep them (SEMANTICS A).
namespace meshproof {

/// A flow that a change must not cut off, in ids of the state after it. Who names it (the command
/// line, evidence of use) need not look at any policy.
struct KeptFlow {
  std::string from;  ///< as it was named: `payments/api`
  std::string to;    ///< `svc:shop/orders`
  /// Everything that the words stand for; never empty.
  std::vector<FlowEnd> sources;
  std::vector<FlowEnd> destinations;
  /// Sources that were named as whole projects or as blocks of addresses, and not pod by pod.
  std::vector<NamespaceId> source_projects;
  std::vector<IpBlock> source_blocks;
  bool blocks_hold_pods = true;  ///< false: only what is outside of the cluster is meant
  /// Destinations that were named as whole projects.
  std::vector<NamespaceId> destination_projects;
  /// Of a Service its own port. Empty: every port of a Service; of pods every port that the change
  /// closes.
  std::optional<std::pair<Protocol, std::uint16_t>> port;
};

/// Labels that something must have, sorted by key; none: anything does.
using LabelPairs = std::vector<std::pair<std::string, std::string>>;

/// Who a rule admits, in words that a NetworkPolicy has: pods by labels of their project and their
/// own, or addresses.
struct KeptPeer {
  LabelPairs projects;
  LabelPairs pods;
  std::optional<IpBlock> block;
  bool block_holds_pods = true;

  bool operator==(const KeptPeer&) const;
};

/// What one policy is meant to add: flows of these pods of a project from (or to) the peer.
struct KeptRule {
  Direction direction = Direction::Ingress;
  std::string ns;
  LabelPairs pods;
  KeptPeer peer;
  PortSet ports;

  bool operator==(const KeptRule&) const = default;
};

/// A NetworkPolicy that is proposed.
struct SuggestedPolicy {
  std::string ns;
  std::string name;
  Direction direction = Direction::Ingress;
  Tree manifest;                   ///< ready to apply
  std::vector<std::size_t> flows;  ///< that it keeps: places in Suggestion::flows; sorted
};

/// What becomes of one flow.
struct KeptAnswer {
  enum class Status : std::uint8_t {
    Kept,        ///< the change cuts it off, and the policies keep it
    NotNeeded,   ///< the change does not cut it off
    NeverOpen,   ///< it was closed before the change
    Impossible,  ///< no NetworkPolicy opens it
    Undecided,
  };
  std::string from;
  std::string to;
  Status status = Status::Undecided;
  std::string reason;                ///< a sentence, for every status but Kept
  PortSet ports;                     ///< at the pods, of Kept those that the change closes
  std::vector<Reason> evidence;      ///< of one flow that is lost: why, in the state after
  std::vector<std::string> also;     ///< pods of the input beyond those named that the rules mean
  std::vector<std::string> remarks;  ///< sentences
};
/// `kept`, `not-needed`, `never-open`, `impossible`, `undecided`.
[[nodiscard]] std::string_view to_string(KeptAnswer::Status status);

/// The policies that keep flows, and what is proved of them.
struct Suggestion {
  std::vector<KeptAnswer> flows;  ///< in the order in which they were named
  std::vector<SuggestedPolicy> policies;
  std::vector<KeptRule> rules;    ///< what the policies are meant to say
  std::vector<Verdict> verdicts;  ///< empty where there is no policy
};

}  // namespace meshproof
