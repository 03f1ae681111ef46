#include "solver/engines/finite_cases.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace meshproof {
namespace {

constexpr std::string_view kNameKey = "kubernetes.io/metadata.name";
/// With more, a target has more ways to name its ports than anybody would wait for.
constexpr std::size_t kMostNames = 16;

using Selectors = std::vector<const LabelSelector*>;

std::vector<bool> answers_of(const Selectors& selectors, const Labels& labels) {
  std::vector<bool> answers;
  for (const LabelSelector* selector : selectors) answers.push_back(matches(*selector, labels));
  return answers;
}

class CaseMaker {
 public:
  CaseMaker(Cluster& cluster, const CasesAsked& asked, std::size_t limit)
      : cluster_(cluster), asked_(asked), limit_(limit) {}

  std::optional<FiniteCases> make(const std::vector<IpAddress>& stray) {
    if (asked_.destination.is_valid()) {
      for (const PolicyId id : cluster_.at(asked_.destination).policies) {
        bearing_.ingress.push_back(&cluster_.at(id));
      }
    }
    if (!find_source_projects() || !find_target_projects()) return std::nullopt;
    AddressesFound addresses = cases_of_addresses(cluster_, stray, asked_, bearing_);
    cases_.addresses = std::move(addresses.cases);
    address_of_given_ = std::move(addresses.of_given);
    find_port_names();
    if (!find_sources() || !find_targets()) return std::nullopt;
    cases_.ports = cases_of_ports(cluster_, asked_, bearing_, cases_.port_names);
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
        for (const PolicyPeer& peer : rule.peers) visit(*policy, peer);
      }
    }
  }

  /// One label set for each kind of project to come of which the statement speaks.
  std::optional<std::vector<LabelCase>> projects_to_come(const Selectors& selectors,
                                                         const EndsAsked& ends) {
    if (!ends.may_be_to_come || ends.given) return std::vector<LabelCase>{};
    const Symbol name_key = cluster_.symbols.find(kNameKey);
    const auto may_have = [&](Symbol key, Symbol value) {
      if (key != name_key) return asked_.may_have(key, value);
      if (!value.is_valid()) return false;
      const std::string_view name = cluster_.symbols.text(value);
      return !cluster_.find_namespace(name).is_valid();
    };
    auto cases = label_cases(selectors, may_have, limit_, cluster_.symbols);
    if (!cases) return cases;
    std::erase_if(*cases, [&](const LabelCase& one) { return !ends.may_be_to_come(one.labels); });
    return cases;
  }

  /// Existing projects that the policies can tell apart, one each, and projects to come.
  bool find_source_projects() {
    Selectors selectors = asked_.from.of_projects;
    each_peer(bearing_.ingress, Direction::Ingress, [&](const auto&, const PolicyPeer& peer) {
      if (peer.namespaces) selectors.push_back(&*peer.namespaces);
    });
    const std::size_t existing = cluster_.namespaces.size();
    const auto future = projects_to_come(selectors, asked_.from);
    if (!future) return false;
    std::set<std::vector<bool>> future_answers;
    for (const LabelCase& each : *future) future_answers.insert(each.answers);

    std::set<NamespaceId> with_given;
    if (asked_.from.given) {
      for (const GivenPod& given : *asked_.from.given) with_given.insert(given.pod->ns);
    }
    std::map<std::tuple<std::vector<bool>, std::vector<bool>, bool, std::string>, NamespaceId>
        known;
    for (std::uint32_t i = 0; i < existing; ++i) {
      const Namespace& ns = cluster_.namespaces[i];
      if (!asked_.is_source({i}) || (asked_.from.given && !with_given.contains({i}))) continue;
      std::vector<bool> answers = answers_of(selectors, ns.labels);
      const bool is_special = is_global(ns) || ns.name == "default" ||
                              ns.name == kHostNetworkNamespace ||
                              NamespaceId{i} == asked_.destination;
      // SEMANTICS T9: a project to come with these labels has no policies and so reaches no less.
      const bool is_covered = asked_.is_broken_by_reaching && !ns.uncollected.labels &&
                              future_answers.contains(answers);
      if (has_egress(ns) && !is_special && is_covered) continue;
      const std::string own = has_egress(ns) || is_special ? ns.name : std::string();
      std::vector<bool> marks =
          asked_.project_marks ? asked_.project_marks({i}) : std::vector<bool>();
      const auto [one, is_new] = known.try_emplace(
          {std::move(answers), std::move(marks), is_global(ns), own}, NamespaceId{i});
      if (is_new) projects_.push_back({i});
      stands_for_.emplace(NamespaceId{i}, one->second);
    }
    for (const LabelCase& each : *future) projects_.push_back(add_future(each.labels));
    for (const NamespaceId id : projects_) {
      for (const PolicyId policy : cluster_.at(id).policies) {
        bearing_.egress.push_back(&cluster_.at(policy));
      }
    }
    return true;
  }

  bool find_target_projects() {
    if (asked_.destination.is_valid()) {
      target_projects_ = {asked_.destination};
      return true;
    }
    Selectors selectors = asked_.to.of_projects;
    each_peer(bearing_.egress, Direction::Egress, [&](const auto&, const PolicyPeer& peer) {
      if (peer.namespaces) selectors.push_back(&*peer.namespaces);
    });
    const auto future = projects_to_come(selectors, asked_.to);
    if (!future) return false;
    for (const LabelCase& each : *future) target_projects_.push_back(add_future(each.labels));
    return true;
  }

  /// Names begin with a character that sorts behind those of all others; what selectors see is the
  /// label.
  NamespaceId add_future(Labels labels) {
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
    cluster_.namespaces.push_back(std::move(ns));
    return {static_cast<std::uint32_t>(cluster_.namespaces.size() - 1)};
  }

  static bool any_label(Symbol /*key*/, Symbol /*value*/) { return true; }

  bool find_sources() {
    Selectors shared = asked_.from.of_pods;
    Selectors of_destination;
    each_peer(bearing_.ingress, Direction::Ingress, [&](const auto&, const PolicyPeer& peer) {
      // Without a namespaceSelector it means pods of the destination's project.
      if (peer.pods) (peer.namespaces ? shared : of_destination).push_back(&*peer.pods);
    });
    const auto selectors_of = [&](NamespaceId project) {
      Selectors selectors = shared;
      if (project == asked_.destination) {
        selectors.insert(selectors.end(), of_destination.begin(), of_destination.end());
      }
      for (const PolicyId id : cluster_.at(project).policies) {
        selectors.push_back(&cluster_.at(id).pods);
      }
      return selectors;
    };
    const bool is_added = asked_.from.given
                              ? add_given(*asked_.from.given, selectors_of, cases_.sources)
                              : add_any_sources(shared, selectors_of);
    for (std::size_t i = 0; i < cases_.addresses.size(); ++i) {
      if (!cases_.addresses[i].outside.empty()) cases_.sources.push_back({{}, {}, i, {}, {}});
    }
    return is_added;
  }

  template <typename SelectorsOf>
  bool add_any_sources(const Selectors& shared, const SelectorsOf& selectors_of) {
    const auto without_own = label_cases(shared, any_label, limit_, cluster_.symbols);
    if (!without_own) return false;
    for (const NamespaceId project : projects_) {
      const Selectors selectors = selectors_of(project);
      const auto own = selectors.size() == shared.size()
                           ? without_own
                           : label_cases(selectors, any_label, limit_, cluster_.symbols);
      if (!own || !add_pods(project, *own, cases_.sources)) return false;
    }
    return true;
  }

  bool find_targets() {
    Selectors selectors = asked_.to.of_pods;
    for (const NetworkPolicy* policy : bearing_.ingress) selectors.push_back(&policy->pods);
    each_peer(bearing_.egress, Direction::Egress,
              [&](const NetworkPolicy& policy, const PolicyPeer& peer) {
                // Without a namespaceSelector it means pods of the source's project.
                const bool may_be_here = peer.namespaces || policy.ns == asked_.destination;
                if (may_be_here && peer.pods) selectors.push_back(&*peer.pods);
              });
    if (asked_.to.given) {
      return add_given(
          *asked_.to.given, [&](NamespaceId) { return selectors; }, cases_.targets);
    }
    const auto labels = label_cases(selectors, any_label, limit_, cluster_.symbols);
    return labels && std::ranges::all_of(target_projects_, [&](NamespaceId project) {
             return add_pods(project, *labels, cases_.targets);
           });
  }

  bool add_pods(NamespaceId project, const std::vector<LabelCase>& labels,
                std::vector<EndCase>& ends) {
    for (const LabelCase& each : labels) {
      for (std::size_t i = 0; i < cases_.addresses.size(); ++i) {
        if (cases_.addresses[i].pods.empty()) continue;
        if (ends.size() == limit_) return false;
        ends.push_back({project, each.labels, i, {}, {}});
      }
    }
    return true;
  }

  /// What the rules ask of the names that a given pod gives to ports.
  [[nodiscard]] std::vector<std::tuple<std::string, Protocol, std::uint16_t>> named_ports(
      const Pod& pod) const {
    std::vector<std::tuple<std::string, Protocol, std::uint16_t>> named;
    for (const ContainerPort& port : pod.ports) {
      if (std::ranges::binary_search(cases_.port_names, port.name)) {
        named.emplace_back(port.name, port.protocol, port.port);
      }
    }
    std::ranges::sort(named);
    return named;
  }

  /// Of given pods that nothing can tell apart one, at each of its addresses; at any that a pod can
  /// have where its own are not known.
  template <typename SelectorsOf>
  bool add_given(const std::vector<GivenPod>& pods, const SelectorsOf& selectors_of,
                 std::vector<EndCase>& ends) {
    std::set<std::tuple<NamespaceId, std::vector<bool>, std::vector<bool>, std::size_t, bool,
                        std::vector<std::tuple<std::string, Protocol, std::uint16_t>>>>
        known;
    std::map<NamespaceId, Selectors> selectors;
    for (const GivenPod& given : pods) {
      const auto place = stands_for_.find(given.pod->ns);
      const bool is_target = &ends == &cases_.targets;
      if (!is_target && place == stands_for_.end()) continue;
      const NamespaceId project = is_target ? given.pod->ns : place->second;
      if (is_target && project != asked_.destination) continue;
      auto of_project = selectors.find(project);
      if (of_project == selectors.end()) {
        of_project = selectors.emplace(project, selectors_of(project)).first;
      }
      const auto add = [&](std::size_t address, std::optional<IpAddress> own) {
        const bool is_new =
            known
                .emplace(project, answers_of(of_project->second, given.pod->labels), given.marks,
                         address, own.has_value(), named_ports(*given.pod))
                .second;
        if (is_new) {
          ends.push_back({project, given.pod->labels, address, given.id, own, given.marks});
        }
      };
      for (const IpAddress& address : given.pod->addresses) {
        const auto found = address_of_given_.find(address);
        if (found != address_of_given_.end()) add(found->second, address);
      }
      if (!given.pod->addresses.empty()) continue;
      for (std::size_t i = 0; i < cases_.addresses.size(); ++i) {
        if (!cases_.addresses[i].pods.empty()) add(i, std::nullopt);
      }
    }
    return ends.size() <= limit_;
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
  std::vector<NamespaceId> projects_;              // of sources
  std::map<NamespaceId, NamespaceId> stands_for_;  // existing ones: which of projects_ is like it
  std::vector<NamespaceId> target_projects_;
  std::map<IpAddress, std::size_t> address_of_given_;
  FiniteCases cases_;
};

}  // namespace

std::optional<std::uint64_t> FiniteCases::count() const {
  if (port_names.size() > kMostNames) return std::nullopt;
  const auto given = static_cast<std::uint64_t>(
      std::ranges::count_if(targets, [](const EndCase& one) { return one.given.is_valid(); }));
  const std::uint64_t named = given + ((targets.size() - given) << port_names.size());
  // Ends are bounded by a limit far below 2^20 each, and ports are fewer than 2^19.
  const std::uint64_t pairs = sources.size() * named;
  if (pairs >> 40U != 0) return std::nullopt;
  return pairs * ports.size();
}

std::optional<FiniteCases> finite_cases(Cluster& cluster, const std::vector<IpAddress>& stray,
                                        const CasesAsked& asked, std::size_t limit) {
  return CaseMaker(cluster, asked, limit).make(stray);
}

}  // namespace meshproof
