#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/cluster.h"
#include "model/flow.h"
#include "model/object.h"
#include "model/port_set.h"
#include "model/reachability.h"
#include "model/source.h"

namespace meshproof {

/// What shows that somebody uses a flow, strongest first (SEMANTICS E1). It ranks and never proves,
/// and that there is none proves nothing.
enum class UseEvidence : std::uint8_t {
  ObservedFlow,
  Route,
  Ingress,
  Monitor,
  Webhook,
  ApiService,
  Environment,
  OwnPolicy,
};

/// `observed-flow`, `route`, `ingress`, `monitor`, `webhook`, `api-service`, `environment`,
/// `own-policy`.
[[nodiscard]] std::string_view to_string(UseEvidence evidence);

/// One piece of evidence.
struct UseSign {
  UseEvidence evidence = UseEvidence::ObservedFlow;
  ObjectKey object;   ///< that shows it; empty for an observed flow
  std::string words;  ///< `Route shop/web "shop.apps.bank"`, `env ORDERS_URL`
  Place place;
  std::uint64_t flows = 0;  ///< of observed flows: how many
};

/// Pods, shared by uses that mean the same ones; sorted, each once, completed ones left out.
using SharedPods = std::shared_ptr<const std::vector<PodId>>;

/// A pod that is used, and on which ports.
struct UseTarget {
  PodId pod;
  PortSet ports;
};

/// One flow that somebody uses, as far as a state shows it: from any of the sources to any of the
/// targets. Ids are those of the state's cluster.
struct Use {
  std::vector<UseSign> signs;  ///< strongest first, at least one
  /// What the source is called: `router openshift-ingress`; empty: by its workloads.
  std::string source;
  SharedPods pods;         ///< that use it; null: none
  NamespaceId apart = {};  ///< a project whose pods are not meant, although they are among them
  std::vector<NodeId> nodes;
  std::vector<IpBlock> blocks;     ///< of addresses outside of the cluster
  std::vector<UseTarget> targets;  ///< by pod, each once; a pod does not use itself

  [[nodiscard]] bool has_source() const {
    return (pods != nullptr && !pods->empty()) || !nodes.empty() || !blocks.empty();
  }
};

/// The uses that one state shows; see find_uses().
struct Uses {
  std::vector<Use> uses;  ///< by their strongest signs
  /// What is used by somebody who does not stand in the input, so that nothing can be said of it,
  /// in sentences.
  std::vector<std::string> unjudged;
  /// Observed flows with an end that the input does not have.
  std::size_t unknown_flows = 0;
};

/// Part of a use by the ends that reports name.
struct UsedConnection {
  EndpointName src;
  EndpointName dst;
  PortSet ports;
};

/// A use whose flow is not the same in two states.
struct ChangedUse {
  std::vector<UseSign> signs;               ///< strongest first
  std::string source;                       ///< as of the use
  std::vector<UsedConnection> connections;  ///< those that changed, by their ends
};

/// What a change does to what is used.
struct UseChanges {
  std::size_t found = 0;  ///< uses that the state before shows
  std::vector<ChangedUse> lost;
  std::vector<ChangedUse> gained;
};

}  // namespace meshproof
