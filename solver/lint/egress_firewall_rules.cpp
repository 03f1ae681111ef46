#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "solver/lint/policy_findings.h"
#include "solver/lint/witness.h"

namespace meshproof {
namespace {

constexpr std::uint32_t kGlobal = 0;
constexpr std::uint32_t kOutside = 0xCB007101;  // 203.0.113.1
constexpr std::uint16_t kHttps = 443;
constexpr std::string_view kJoin = "join:";

/// Finds out whom an EgressNetworkPolicy cuts off because a network id is shared.
class CutSearch {
 public:
  explicit CutSearch(const LintedState& state) : state_(state), cluster_(state.cluster()) {
    for (const NetNamespace& each : cluster_.net_namespaces) {
      sharers_[each.netid].push_back(each.name);
    }
    for (const Mesh& mesh : state.meshes()) {
      for (const std::string& member : mesh.roll_members) add_partners(member, mesh.ns);
    }
    for (const NetNamespace& each : cluster_.net_namespaces) {
      const std::string_view change = each.pending_change;
      if (change.starts_with(kJoin)) {
        add_partners(each.name, std::string{change.substr(kJoin.size())});
      }
    }
  }

  std::vector<LintFinding> run() {
    for (const EgressNetworkPolicy& policy : cluster_.egress_policies) {
      // SEMANTICS SDN-E1: one without rules is as good as none.
      if (!policy.rules.empty()) look_at(policy);
    }
    return std::move(findings_);
  }

 private:
  void add_partners(const std::string& member, const std::string& mesh) {
    if (member == mesh) return;
    partners_[member].insert(mesh);
    partners_[mesh].insert(member);
  }

  [[nodiscard]] std::optional<std::uint32_t> netid(const std::string& ns) const {
    const NamespaceId id = cluster_.find_namespace(ns);
    if (!id.is_valid() || !cluster_.at(id).net_namespace.is_valid()) return std::nullopt;
    return cluster_.at(cluster_.at(id).net_namespace).netid;
  }

  void look_at(const EgressNetworkPolicy& policy) {
    const std::string& ns = cluster_.at(policy.ns).name;
    const std::optional<std::uint32_t> own = netid(ns);
    if (own == kGlobal) return;  // SEMANTICS SDN-E3
    const auto sharers = own ? sharers_.find(*own) : sharers_.end();
    if (sharers != sharers_.end() && sharers->second.size() > 1) {
      add(policy,
          fmt::format("is in one of {} projects with NetID {} ({}): the SDN drops all that leaves "
                      "any of them",
                      sharers->second.size(), *own, list_some(sharers->second)),
          true);
      return;
    }
    const bool joins = cluster_.network.mode == SdnMode::Multitenant;
    const auto partners = partners_.find(ns);
    if (!joins || partners == partners_.end()) return;
    std::vector<std::string> names;
    for (const std::string& partner : partners->second) {
      if (netid(partner) != kGlobal) names.push_back(partner);
    }
    if (names.empty()) return;
    add(policy,
        fmt::format("will cut off its project and {} from all outside: a join to the mesh gives "
                    "them one NetID",
                    list_some(names)),
        false);
  }

  void add(const EgressNetworkPolicy& policy, std::string message, bool is_cut) {
    const std::string& ns = cluster_.at(policy.ns).name;
    LintFinding finding{nullptr,      fmt::format("EgressNetworkPolicy {}/{}", ns, policy.name),
                        ns,           std::move(message),
                        policy.place, {}};
    const PodId pod = some_pod(cluster_, policy.ns);
    if (is_cut && pod.is_valid()) {
      finding.witness = refused(state_, {pod, IpAddress::v4(kOutside), Protocol::Tcp, kHttps});
    }
    findings_.push_back(std::move(finding));
  }

  const LintedState& state_;
  const Cluster& cluster_;
  std::map<std::uint32_t, std::vector<std::string>> sharers_;  ///< namespaces by network id
  /// Whom a join will bring to one id with a namespace.
  std::map<std::string, std::set<std::string>> partners_;
  std::vector<LintFinding> findings_;
};

std::vector<LintFinding> shared_firewalls(const LintedState& state) {
  const Network& network = state.cluster().network;
  const bool counts = network.dialect == Dialect::OpenShiftSdn && network.unknown_because.empty() &&
                      network.mode != SdnMode::Subnet;
  return counts ? CutSearch{state}.run() : std::vector<LintFinding>{};
}

constexpr std::array kNeeds{std::string_view{"network.openshift.io/EgressNetworkPolicy"},
                            std::string_view{"network.openshift.io/NetNamespace"}};

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0407",
      .name = "egress-firewall-cuts-mesh",
      .group = RuleGroup::Policies,
      .severity = Severity::Error,
      .meaning =
          "The OpenShift SDN has room for one EgressNetworkPolicy for each NetID. If several "
          "projects share an id and one of them has such a policy, all traffic of all of them to "
          "outside of the cluster is dropped. In mode multitenant a member shares the id of its "
          "control plane and of all other members, so that one policy cuts off the whole mesh.",
      .source = "mission M7; sdn.md 5",
      .fix =
          "Delete the EgressNetworkPolicy before the project joins; restrict what leaves the mesh "
          "by an egress gateway.",
      .needs = kNeeds},
     shared_firewalls},
});

}  // namespace

std::span<const RuleRow> egress_firewall_rules() { return kRows; }

}  // namespace meshproof
