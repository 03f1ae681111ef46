#include "cli/isolation.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "cli/input_digests.h"
#include "cli/reporting.h"
#include "cli/today.h"
#include "model/mesh/mesh.h"
#include "reports/text.h"
#include "scenarios/controls.h"
#include "solver/namespace_matrix.h"
#include "solver/reachability.h"

namespace meshproof {
namespace {

std::vector<ReportedMember> members_of(const Mesh& mesh) {
  const std::set<std::string> labelled(mesh.labelled.begin(), mesh.labelled.end());
  const std::set<std::string> wished(mesh.roll_members.begin(), mesh.roll_members.end());
  std::set<std::string> names = labelled;
  names.insert(wished.begin(), wished.end());
  std::vector<ReportedMember> members;
  for (const std::string& name : names) {
    const bool is_pattern = name.find('*') != std::string::npos;
    const std::string standing = is_pattern                 ? "a pattern of the roll"
                                 : !labelled.contains(name) ? "on the roll, not yet a member"
                                 : !wished.contains(name)   ? "a member that the roll does not name"
                                                            : "member";
    members.push_back({name.empty() ? "\"\"" : name, standing});
  }
  return members;
}

std::vector<ReportedMesh> meshes_of(const Snapshot& snapshot, const Locate& locate) {
  std::vector<ReportedMesh> meshes;
  for (const Mesh& mesh : find_meshes(snapshot.objects)) {
    meshes.push_back({mesh.ns, mesh.name, mesh.version, locate(mesh.roll_place), members_of(mesh)});
  }
  return meshes;
}

/// Of a cluster that a page can draw workload by workload.
std::optional<Reachability> workloads_of(const Cluster& cluster) {
  constexpr std::size_t kMostWorkloads = 25;
  if (cluster.workloads.size() > kMostWorkloads) return std::nullopt;
  Reachability found = reach(cluster);
  const auto is_node = [](const auto& each) {
    return each.src.kind == "Node" || each.dst.kind == "Node";
  };
  std::erase_if(found.connections, is_node);
  std::erase_if(found.undecided, is_node);
  return found;
}

/// Each project belongs to one: a control plane's, a mesh's members, or none.
ReportedMatrix matrix_of(const Snapshot& snapshot) {
  ReportedMatrix reported;
  reported.matrix = namespace_matrix(snapshot.cluster);
  std::map<std::string, std::string> groups;
  for (const Mesh& mesh : find_meshes(snapshot.objects)) {
    for (const std::string& member : mesh.labelled) {
      groups.try_emplace(member, "members of " + mesh.ns);
    }
    groups[mesh.ns] = "control plane " + mesh.ns;
  }
  std::vector<std::string> names;
  for (const MatrixEnd& end : reported.matrix.ends) {
    const auto known = groups.find(end.name);
    names.push_back(end.is_outside          ? "outside the cluster"
                    : known != groups.end() ? known->second
                                            : "projects in no mesh");
  }
  const std::set<std::string> distinct(names.begin(), names.end());
  reported.groups.assign(distinct.begin(), distinct.end());
  for (const std::string& name : names) {
    const auto at = std::ranges::lower_bound(reported.groups, name);
    reported.group_of.push_back(static_cast<std::uint32_t>(at - reported.groups.begin()));
  }
  reported.workloads = workloads_of(snapshot.cluster);
  return reported;
}

std::vector<ReportedException> register_of(const Audited& audited, const Locate& locate) {
  std::vector<ReportedException> entries;
  for (const Exception& exception : audited.assertions.exceptions) {
    const auto covered = std::ranges::count_if(audited.verdicts, [&](const Verdict& verdict) {
      return std::ranges::find(verdict.waivers, exception.id, &Waiver::exception) !=
             verdict.waivers.end();
    });
    entries.push_back({exception, locate(exception.place), static_cast<std::size_t>(covered)});
  }
  return entries;
}

/// What policies of layers 3 and 4 cannot show, with what of it this input has.
std::vector<std::string> residual_risks(const Snapshot& snapshot) {
  const Cluster& cluster = snapshot.cluster;
  const auto host_pods = static_cast<std::size_t>(std::ranges::count_if(
      cluster.pods, [](const Pod& pod) { return pod.host_network && !pod.is_completed(); }));
  const auto layer_7 = static_cast<std::size_t>(
      std::ranges::count_if(cluster.unmodelled, &UnmodelledObject::only_denies));
  constexpr std::string_view kEstablished =
      "connections that are established live on: a policy that is written closes new ones only, "
      "and "
      "some networks cut none that stand";
  constexpr std::string_view kPeople =
      "who may change policies, rolls and labels: rights of people are not judged, those of "
      "control "
      "planes are (rules MP02xx)";
  return {
      std::string{kEstablished},
      fmt::format("traffic of hosts: {} of the input use the network of their node; no policy "
                  "protects them, and nodes and kubelets reach the pods that run on them",
                  counted(host_pods, "pod")),
      fmt::format("layer 7: what two ends that reach each other may ask of each other is not "
                  "judged; {} of the input can only deny more",
                  counted(layer_7, "AuthorizationPolicy or PeerAuthentication",
                          "AuthorizationPolicies and PeerAuthentications")),
      std::string{kPeople},
      "what lies outside of the cluster: firewalls, load balancers and other clusters before it",
      "time: this is the state of the input; what was changed since is not in it"};
}

std::vector<std::string> engines_of(const std::vector<Verdict>& verdicts) {
  std::set<Decider> deciders{Decider::AllPairs, Decider::Evaluation};
  for (const Verdict& verdict : verdicts) {
    deciders.insert(verdict.deciders.begin(), verdict.deciders.end());
  }
  std::vector<std::string> names;
  for (const Decider each : deciders) names.emplace_back(to_string(each));
  return names;
}

}  // namespace

IsolationReport isolation_of(Session& session, const Audited& audited, Report report) {
  const Snapshot& judged = audited.after == nullptr ? audited.before : *audited.after;
  IsolationReport isolation;
  isolation.report = std::move(report);
  isolation.generated = rfc3339_now();
  isolation.locate = locator_of(session);
  session.timing.enter("matrix");
  isolation.before = matrix_of(audited.before);
  if (audited.after != nullptr) isolation.after = matrix_of(*audited.after);
  session.timing.enter("report");
  const Options& options = session.options;
  isolation.inputs = input_digests(options.inputs);
  for (const std::vector<std::string>& more :
       {options.assertions, options.target,
        options.change_file.empty() ? std::vector<std::string>{}
                                    : std::vector<std::string>{options.change_file}}) {
    std::vector<std::string> files = more;
    std::erase_if(files, [](const std::string& word) {
      return word.starts_with("builtin:") || word == kNoDefaults;
    });
    std::ranges::move(input_digests(files), std::back_inserter(isolation.inputs));
  }
  isolation.meshes = meshes_of(judged, isolation.locate);
  isolation.exceptions = register_of(audited, isolation.locate);
  for (const Diagnostic& each : session.diagnostics) {
    if (each.code == "expired-exception") isolation.expired_exceptions.push_back(each.message);
  }
  isolation.residual_risks = residual_risks(judged);
  isolation.engines = engines_of(audited.verdicts);
  isolation.controls = own_controls(session.sources);
  return isolation;
}

}  // namespace meshproof
