#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/cluster.h"
#include "model/diagnostic.h"
#include "model/object.h"
#include "model/outline.h"
#include "model/project/owners.h"
#include "model/snapshot.h"

namespace meshproof {

struct WorkloadKey {
  NamespaceId ns;
  std::string name;
  std::string kind;

  auto operator<=>(const WorkloadKey&) const = default;
};

/// A pod of a part of the objects, which knows no namespaces and workloads yet.
struct PodDraft {
  Pod pod;
  WorkloadKey workload;
};

/// The work in progress of project(): what is read, and what has come of it so far. Each
/// project_…() below fills its vectors of the cluster, in the order in which they stand here.
struct Projection {
  const ObjectStore& objects;
  Diagnostics& diagnostics;
  Cluster cluster = {};
  Owners owners = Owners{objects};
  /// The pod-network pods by address, of which each stands here once.
  std::vector<std::pair<IpAddress, PodId>> pod_by_address = {};
  std::vector<std::pair<const Object*, PodDraft>> read_pods = {};  ///< of one part of the objects
  /// What draft_pods() calls the workloads of the pods: `workload` of a pod is an index of this.
  std::vector<const WorkloadKey*> pod_workloads = {};
  std::map<WorkloadKey, WorkloadId> pod_workload_ids = {};  ///< their indices
  std::vector<Node> pod_nodes = {};  ///< that pods refer to, with the addresses that pods tell
  std::map<std::string, NodeId> pod_node_ids = {};             ///< their indices by name
  std::set<std::pair<std::string, std::string>> visited = {};  ///< group and kind
  const Snapshot* like = nullptr;                              ///< see project()
  std::set<ObjectKey> written = {};  ///< the keys in which the objects differ from it
};

using Visit = std::function<void(const Object& object, const Tree& tree)>;

/// Calls `take` for each object of a kind (default group) in key order, and find_misspelt_fields().
/// Each kind is visited once: its trees are read for this alone, side by side, and not held; of
/// large ones an outline is enough.
void visit(Projection& projection, std::string_view kind, const Visit& take,
           const Outline* outline = nullptr);
/// Those objects of a kind that have to be read: with `like`, the written ones.
[[nodiscard]] std::vector<const Object*> unread_of_kind(const Projection& projection,
                                                        std::string_view kind);
/// visit() of unread_of_kind() only.
void visit_unread(Projection& projection, std::string_view kind, const Visit& take);
/// The same in two steps: `read` makes what it can of the objects of a part in a Projection of the
/// part's own, which has nothing else, several parts at once; then `absorb` takes part after part,
/// in order. Diagnostics are taken over.
void visit_in_parts(
    Projection& projection, std::string_view kind, const Outline& outline,
    const std::function<void(const Object& object, const Tree& tree, Projection& part)>& read,
    const std::function<void(Projection& part)>& absorb);
/// The kinds that nobody has visited, for their misspelt fields.
void visit_others(Projection& projection);

void project_namespaces(Projection& projection);
/// Warns where a policy could see labels of a namespace that the input lacks (inputs.md, Coverage).
void warn_of_assumed_namespaces(Projection& projection);
/// NetNamespaces and EgressNetworkPolicies.
void project_sdn(Projection& projection);
/// Takes pods, workloads and nodes from `like`, in place of the next four. False, and nothing done,
/// if something was written that they come from.
[[nodiscard]] bool take_known_pods(Projection& projection);
/// Reads the pods, in the order of their objects; their `node` is an index of `pod_nodes`, their
/// `workload` one of `pod_workloads`.
void draft_pods(Projection& projection);
/// Also gives the pods the ids of their nodes.
void project_nodes(Projection& projection);
/// Also brings the pods into order, with those that templates stand for, and gives them the ids of
/// their workloads.
void project_workloads(Projection& projection);
/// Makes `pod_by_address`: of pods with one address a running one counts before a completed one.
void index_addresses(Projection& projection);
/// Gives nodes without a pod subnet the host prefix around their pods' addresses.
void assume_pod_subnets(Projection& projection);
void project_policies(Projection& projection);
void project_services(Projection& projection);
void project_unmodelled(Projection& projection);

/// Types and names in the mesh's own kinds, which the prediction reads from the trees: errors
/// `wrong-type`, `unknown-mode` and those of selectors, warnings `bad-member` and
/// `mesh-object-name`.
void check_mesh_kinds(Projection& projection);
/// Warns (`pruned-field`) of fields that are nearly spelled like one that is read.
void find_misspelt_fields(const Object& object, const Tree& tree, Diagnostics& diagnostics);

/// The namespace of a namespaced object. Without one: the error `missing-field`, and invalid.
[[nodiscard]] NamespaceId namespace_of(const Object& object, Projection& projection);

/// The labels of a metadata; values that are no strings are the error `wrong-type`.
[[nodiscard]] Labels read_labels(const Tree* metadata, Projection& projection);

/// A metav1.LabelSelector; empty when something in it is wrong (told in the diagnostics).
[[nodiscard]] std::optional<LabelSelector> read_selector(const Tree& selector,
                                                         Projection& projection);
/// The selector of a Service: labels that must all be there.
[[nodiscard]] std::optional<LabelSelector> read_label_map(const Tree& labels,
                                                          Projection& projection);

/// A Pod or the `metadata` and `spec` of a template: labels, ports, hostNetwork. Without
/// namespace, name, node and status.
[[nodiscard]] Pod read_pod_template(const Tree& pod, Projection& projection);
/// A protocol that names a transport; TCP when absent. Errors `wrong-type`, `bad-protocol`.
[[nodiscard]] std::optional<Protocol> read_protocol(const Tree& port, Projection& projection);
/// 1..65535, else the error `bad-port`.
[[nodiscard]] std::optional<std::uint16_t> read_port_number(const Tree& value, std::string_view key,
                                                            Projection& projection);

}  // namespace meshproof
