#include "solver/engines/finite_cases.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace meshproof {
namespace {

constexpr std::string_view kNameKey = "kubernetes.io/metadata.name";
/// With more, a target has more ways to name its ports than anybody would wait for.
constexpr std::size_t kMostNames = 16;

class CaseMaker {
 public:
  CaseMaker(Cluster& cluster, const CasesAsked& asked, std::size_t limit)
      : cluster_(cluster), asked_(asked), limit_(limit) {}

  std::optional<FiniteCases> make(const std::vector<IpAddress>& stray) {
    for (const PolicyId id : cluster_.at(asked_.destination).policies) {
      bearing_.ingress.push_back(&cluster_.at(id));
    }
    if (!find_projects()) return std::nullopt;
    cases_.addresses = cases_of_addresses(cluster_, stray, bearing_);
    if (!find_sources() || !find_targets()) return std::nullopt;
    cases_.ports = cases_of_ports(cluster_, bearing_);
    find_port_names();
    return std::move(cases_);
  }

 private:
  [[nodiscard]] bool is_sdn() const { return cluster_.network.dialect == Dialect::OpenShiftSdn; }

  [[nodiscard]] bool is_global(const Namespace& ns) const {
    if (!is_sdn()) return false;
    if (!ns.net_namespace.is_valid()) return ns.name == "default";
    return cluster_.at(ns.net_namespace).netid == 0;
  }

  [[nodiscard]] bool has_egress(const Namespace& ns) const {
    return std::ranges::any_of(ns.policies,
                               [&](PolicyId id) { return cluster_.at(id).isolates_egress; });
  }

  template <typename Visit>
  static void each_peer(const std::vector<const NetworkPolicy*>& policies, Direction direction,
                        const Visit& visit) {
    for (const NetworkPolicy* policy : policies) {
      for (const PolicyRule& rule : policy->rules(direction)) {
        for (const PolicyPeer& peer : rule.peers) visit(peer);
      }
    }
  }

  /// Existing projects that the policies can tell apart, one each, and projects to come.
  bool find_projects() {
    std::vector<const LabelSelector*> selectors = asked_.of_projects;
    each_peer(bearing_.ingress, Direction::Ingress, [&](const PolicyPeer& peer) {
      if (peer.namespaces) selectors.push_back(&*peer.namespaces);
    });
    const std::size_t existing = cluster_.namespaces.size();
    const Symbol name_key = cluster_.symbols.find(kNameKey);
    const auto may_have = [&](Symbol key, Symbol value) {
      if (key != name_key) return asked_.may_have(key, value);
      if (!value.is_valid()) return false;
      const std::string_view name = cluster_.symbols.text(value);
      // Every cluster of the SDN has a `default`.
      return !cluster_.find_namespace(name).is_valid() && !(is_sdn() && name == "default");
    };
    const auto future = label_cases(selectors, may_have, limit_, cluster_.symbols);
    if (!future) return false;
    std::set<std::vector<bool>> future_answers;
    for (const LabelCase& each : *future) future_answers.insert(each.answers);

    std::set<std::tuple<std::vector<bool>, bool, std::string>> known;
    for (std::uint32_t i = 0; i < existing; ++i) {
      const Namespace& ns = cluster_.namespaces[i];
      if (!asked_.is_source({i})) continue;
      std::vector<bool> answers;
      for (const LabelSelector* selector : selectors) {
        answers.push_back(matches(*selector, ns.labels));
      }
      const bool is_special =
          is_global(ns) || ns.name == "default" || ns.name == kHostNetworkNamespace;
      // SEMANTICS T9: a project to come with these labels has no policies and so reaches no less.
      if (has_egress(ns) && !is_special && future_answers.contains(answers)) continue;
      const std::string own = has_egress(ns) || is_special ? ns.name : std::string();
      if (known.emplace(std::move(answers), is_global(ns), own).second) projects_.push_back({i});
    }
    for (const LabelCase& each : *future) add_future(each.labels);
    for (const NamespaceId id : projects_) {
      for (const PolicyId policy : cluster_.at(id).policies) {
        bearing_.egress.push_back(&cluster_.at(policy));
      }
    }
    return true;
  }

  /// Names begin with a character that sorts behind those of all others; what selectors see is the
  /// label.
  void add_future(Labels labels) {
    Namespace ns;
    ns.name = "~future-" + std::to_string(cluster_.namespaces.size() + 100'000);
    ns.labels = std::move(labels);
    if (!cluster_.net_namespaces.empty()) {
      std::uint32_t fresh = 0;
      for (const NetNamespace& each : cluster_.net_namespaces) fresh = std::max(fresh, each.netid);
      NetNamespace net;
      net.name = ns.name;
      net.netid = fresh + 1;
      ns.net_namespace = {static_cast<std::uint32_t>(cluster_.net_namespaces.size())};
      cluster_.net_namespaces.push_back(std::move(net));
    }
    projects_.push_back({static_cast<std::uint32_t>(cluster_.namespaces.size())});
    cluster_.namespaces.push_back(std::move(ns));
  }

  static bool any_label(Symbol /*key*/, Symbol /*value*/) { return true; }

  bool find_sources() {
    std::vector<const LabelSelector*> shared;
    each_peer(bearing_.ingress, Direction::Ingress, [&](const PolicyPeer& peer) {
      // Without a namespaceSelector it means pods of the destination's project, and no source is.
      if (peer.namespaces && peer.pods) shared.push_back(&*peer.pods);
    });
    const auto without_own = label_cases(shared, any_label, limit_, cluster_.symbols);
    if (!without_own) return false;
    for (const NamespaceId project : projects_) {
      std::vector<const LabelSelector*> selectors = shared;
      for (const PolicyId id : cluster_.at(project).policies) {
        selectors.push_back(&cluster_.at(id).pods);
      }
      auto own = selectors.size() == shared.size()
                     ? without_own
                     : label_cases(selectors, any_label, limit_, cluster_.symbols);
      if (!own) return false;
      for (const LabelCase& each : *own) {
        for (std::size_t i = 0; i < cases_.addresses.size(); ++i) {
          if (cases_.addresses[i].pods.empty()) continue;
          if (cases_.sources.size() == limit_) return false;
          cases_.sources.push_back({project, each.labels, i});
        }
      }
    }
    for (std::size_t i = 0; i < cases_.addresses.size(); ++i) {
      if (!cases_.addresses[i].outside.empty()) cases_.sources.push_back({{}, {}, i});
    }
    return true;
  }

  bool find_targets() {
    std::vector<const LabelSelector*> selectors = asked_.of_targets;
    for (const NetworkPolicy* policy : bearing_.ingress) selectors.push_back(&policy->pods);
    each_peer(bearing_.egress, Direction::Egress, [&](const PolicyPeer& peer) {
      // Without a namespaceSelector it means pods of the source's project.
      if (peer.namespaces && peer.pods) selectors.push_back(&*peer.pods);
    });
    const auto labels = label_cases(selectors, any_label, limit_, cluster_.symbols);
    if (!labels) return false;
    for (const LabelCase& each : *labels) {
      for (std::size_t i = 0; i < cases_.addresses.size(); ++i) {
        if (!cases_.addresses[i].pods.empty()) cases_.targets.push_back({each.labels, i});
      }
    }
    return cases_.targets.size() <= limit_;
  }

  void find_port_names() {
    if (cluster_.network.dialect != Dialect::Kubernetes) return;  // SDN-P1, OVN-4
    std::set<std::string> names;
    const auto add = [&](const std::vector<const NetworkPolicy*>& policies, Direction direction) {
      for (const NetworkPolicy* policy : policies) {
        for (const PolicyRule& rule : policy->rules(direction)) {
          for (const PolicyPort& port : rule.ports) {
            if (!port.name.empty()) names.insert(port.name);
          }
        }
      }
    };
    add(bearing_.ingress, Direction::Ingress);
    add(bearing_.egress, Direction::Egress);
    cases_.port_names.assign(names.begin(), names.end());
  }

  Cluster& cluster_;
  const CasesAsked& asked_;
  const std::size_t limit_;
  BearingPolicies bearing_;
  std::vector<NamespaceId> projects_;
  FiniteCases cases_;
};

}  // namespace

std::optional<std::uint64_t> FiniteCases::count() const {
  if (port_names.size() > kMostNames) return std::nullopt;
  // The sizes are bounded by a limit far below 2^20 each but for the ports, which are below 2^19.
  return std::uint64_t{sources.size()} * targets.size() * (ports.size() << port_names.size());
}

std::optional<FiniteCases> finite_cases(Cluster& cluster, const std::vector<IpAddress>& stray,
                                        const CasesAsked& asked, std::size_t limit) {
  return CaseMaker(cluster, asked, limit).make(stray);
}

}  // namespace meshproof
