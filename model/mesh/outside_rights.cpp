#include "model/mesh/outside_rights.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "model/mesh/charts.h"
#include "model/mesh/control_plane.h"
#include "model/mesh/mesh.h"

namespace meshproof {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kAccountsOf = "system:serviceaccounts:";
constexpr std::string_view kAccount = "system:serviceaccount:";

/// Whom the proxies of addons ask about their callers, which images may be pulled, and how a pod of
/// the account itself may run.
constexpr std::array kHarmlessRoles = {"system:auth-delegator"sv, "system:image-puller"sv};

bool is_harmless(std::string_view role) {
  return role.starts_with("system:openshift:scc:") ||
         std::ranges::find(kHarmlessRoles, role) != kHarmlessRoles.end();
}

/// The project of the service accounts that a binding's subject stands for; empty if it stands for
/// others.
std::string project_of(const Tree& subject, const std::string& binding_ns) {
  const auto kind = subject.string_at({"kind"});
  std::string_view name = subject.string_at({"name"});
  if (kind == "ServiceAccount") {
    const auto ns = subject.string_at({"namespace"});
    return ns.empty() ? binding_ns : std::string{ns};
  }
  if (kind == "Group" && name.starts_with(kAccountsOf)) {
    return std::string{name.substr(kAccountsOf.size())};
  }
  if (kind != "User" || !name.starts_with(kAccount)) return "";
  name.remove_prefix(kAccount.size());
  return std::string{name.substr(0, name.find(':'))};
}

std::string spelled(const Tree& subject, const std::string& ns) {
  const std::string kind{subject.string_at({"kind"})};
  const std::string name{subject.string_at({"name"})};
  return kind == "ServiceAccount" ? kind + ' ' + ns + '/' + name : kind + ' ' + name;
}

/// Whether the control plane's own charts account for the binding. What they made for a
/// cluster-wide one and make no more they do not.
bool is_of_charts(const ControlPlane& plane, const Object& binding) {
  if (binding.has_label(kMemberOfLabel)) return true;
  if (!binding.has_label(kOwnerLabel)) return false;
  const ChartFate fate = chart_fate(plane, binding.key);
  if (fate == ChartFate::Dropped) return !binding.key.ns.empty();
  return fate == ChartFate::Made ||
         binding.label("app.kubernetes.io/managed-by") == "maistra-istio-operator";
}

}  // namespace

std::vector<OutsideRights> rights_outside(
    const World& world, const std::set<std::pair<std::string, std::string>>& members) {
  std::vector<OutsideRights> found;
  for (const auto kind : {"ClusterRoleBinding", "RoleBinding"}) {
    for (const Object* binding : world.objects().of_kind(kind)) {
      const Tree* subjects = binding->tree->find("subjects");
      if (subjects == nullptr || is_harmless(binding->tree->string_at({"roleRef", "name"}))) {
        continue;
      }
      const std::string& ns = binding->key.ns;
      for (const Tree& subject : subjects->items) {
        const std::string mesh = project_of(subject, ns);
        if (mesh.empty() || ns == mesh || members.contains({ns, mesh})) continue;
        const auto planes = world.objects().of_kind("ServiceMeshControlPlane", mesh);
        if (planes.empty()) continue;
        const ControlPlane plane = read_control_plane(*planes.front(), world.version());
        if (plane.cluster_wide || is_of_charts(plane, *binding)) continue;
        found.push_back({binding, mesh, spelled(subject, mesh)});
        break;
      }
    }
  }
  return found;
}

}  // namespace meshproof
