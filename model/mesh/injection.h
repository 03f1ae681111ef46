#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/mesh/injection_rules.h"
#include "model/mesh/injector.h"
#include "model/mesh/multus_annotation.h"
#include "model/mesh/redirection.h"
#include "model/mesh/sidecar.h"
#include "model/prediction.h"
#include "model/result.h"
#include "model/snapshot.h"

namespace meshproof {

/// The Multus annotation of a workload's next pods (operator.md 5.3; mission M11).
struct PodNetworks {
  std::string before;  ///< the template's; empty if it has none
  std::string after;   ///< the pod's
  NetworksChange change = NetworksChange::None;
  std::string network;            ///< of the mesh's CNI plugin; empty if the pod needs none
  std::vector<std::string> lost;  ///< networks of `before` that the pod does not get
  bool was_readable = true;       ///< Multus takes `before`; otherwise no pod starts anyway
  bool is_readable = true;        ///< and `after`
  /// The mesh's network is not in `after`: nothing redirects the pod's traffic.
  bool bypasses = false;
  /// There is no NetworkAttachmentDefinition of that name in the project, although the input has
  /// such objects: pods do not start.
  bool lacks_attachment = false;
  /// Of the annotation; unknown if there is none.
  Place place = {};
};

/// What `networks` means for the pods, one sentence; empty if all is well.
[[nodiscard]] std::string networks_problem(const PodNetworks& networks);

/// A pod that is not as one that is made now would be.
struct MisfittingPod {
  std::string name;
  PodMisfit misfit = PodMisfit::LacksSidecar;
  Place place;
};

/// One workload: what its next pod will be, and how those that run depart from it.
struct WorkloadInjection {
  std::string ns;
  std::string kind;
  std::string name;
  Place place;
  InjectionDecision decision;
  UpstreamInjection upstream;
  InjectionWish wish;
  /// Of a workload's own metadata, where the annotation does nothing and the template has none
  /// (5.2): where; none otherwise.
  std::optional<Place> misplaced_wish = {};
  std::string mesh;           ///< control-plane namespace that decides; empty if there is none
  std::string control_plane;  ///< its name
  std::string version;        ///< `v2.5`
  PodNetworks networks;
  std::vector<HeldPrivilege> privileges;          ///< of the template (M12)
  std::vector<RedirectingContainer> redirecting;  ///< of the template (M12)
  bool host_network = false;
  /// The input has pods of it, but no template: the decision is told from one of them, as far as it
  /// has not been injected itself.
  bool from_pod = false;
  std::size_t pods = 0;                ///< that run or are about to
  std::size_t sidecars = 0;            ///< of them, with one
  std::vector<MisfittingPod> misfits;  ///< by name

  /// Upstream would inject what this mesh does not.
  [[nodiscard]] bool only_upstream() const { return upstream.injected && !decision.injected; }
  /// It asks for a sidecar, and gets none.
  [[nodiscard]] bool is_refused() const {
    return wish.by != InjectionWish::By::Nothing && !decision.injected;
  }
  [[nodiscard]] std::size_t count(PodMisfit misfit) const;
};

struct Injections {
  std::vector<WorkloadInjection> workloads;  ///< by namespace, name and kind
  std::vector<Injector> injectors;           ///< of every control plane, by namespace

  /// Null if there is none.
  [[nodiscard]] const Injector* find_injector(std::string_view mesh) const;
};

/// Every workload of a state, or of the namespaces that are given: whether the pod that is made
/// next is injected, what its annotation becomes, and whether the pods that run fit. A namespace
/// without an object of its own is taken to have no labels. The state is one in which meshes are
/// installed: pods of a control plane that is only declared are judged as if it were. Without
/// `with_pods` those that run are left alone: their counts stay 0. O(workloads and pods of these
/// namespaces). Error `unknown-operator-version`.
[[nodiscard]] Result<Injections> find_injections(const Snapshot& state,
                                                 const PredictOptions& options,
                                                 const std::set<std::string>* namespaces = nullptr,
                                                 bool with_pods = true);

}  // namespace meshproof
