#include "solver/suggest/flow_rules.h"

#include <algorithm>
#include <set>

#include "solver/evaluate.h"
#include "solver/kept_rules.h"
#include "solver/suggest/pod_labels.h"

namespace meshproof {
namespace {

constexpr const char* kNameLabel = "kubernetes.io/metadata.name";
constexpr const char* kPolicyGroup = "network.openshift.io/policy-group";

/// Pods of one project that one selector names.
struct NamedPods {
  std::string ns;
  LabelPairs pods;

  bool operator==(const NamedPods&) const = default;
};

class RuleMaker {
 public:
  RuleMaker(const Snapshot& after, const KeptFlow& flow)
      : after_(after), cluster_(after.cluster), flow_(flow) {}

  [[nodiscard]] FlowRules make(const LostFlow& lost) {
    PortSet ports = lost.ports;
    if (!ports.is_all() && ports.contains(Protocol::Icmp, 0)) {
      ports = ports.subtract(PortSet::of(Protocol::Icmp, {0, 0}));
      result_.remarks.emplace_back(
          "ICMP is not kept: a NetworkPolicy opens it only together with all ports");
    }
    if (ports.is_empty()) give_up("a NetworkPolicy has no words for ICMP alone");
    for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
      add_rules(lost, direction, ports);
    }
    if (!result_.impossible.empty()) result_.rules.clear();
    return std::move(result_);
  }

 private:
  void give_up(std::string reason) {
    if (result_.impossible.empty()) result_.impossible = std::move(reason);
  }

  template <typename Thing>
  static void add_once(std::vector<Thing>& things, Thing thing) {
    if (std::ranges::find(things, thing) == things.end()) things.push_back(std::move(thing));
  }

  void add_rules(const LostFlow& lost, Direction direction, const PortSet& ports) {
    const bool inwards = direction == Direction::Ingress;
    std::vector<NamedPods> subjects;
    std::vector<KeptPeer> peers;
    for (const LostPair& pair : lost.pairs) {
      if (inwards ? !pair.by_ingress : !pair.by_egress) continue;
      add_subject(inwards ? pair.dst : pair.src, inwards, subjects);
      add_peer(inwards ? pair.src : pair.dst, inwards, peers);
    }
    for (const NamedPods& subject : subjects) {
      for (const KeptPeer& peer : peers) {
        add_once(result_.rules, KeptRule{direction, subject.ns, subject.pods, peer, ports});
      }
    }
  }

  [[nodiscard]] const std::vector<NamespaceId>& projects(bool is_source) const {
    return is_source ? flow_.source_projects : flow_.destination_projects;
  }

  /// The labels that name a pod; a Service that was named names its endpoints by its selector.
  [[nodiscard]] std::optional<LabelPairs> labels_of(PodId pod, bool is_source) const {
    const Pod& one = cluster_.at(pod);
    const std::vector<NamespaceId>& whole = projects(is_source);
    if (std::ranges::find(whole, one.ns) != whole.end()) return LabelPairs{};
    if (!is_source) {
      for (const FlowEnd& end : flow_.destinations) {
        const auto* service = std::get_if<ServiceId>(&end);
        if (service == nullptr || cluster_.at(*service).ns != one.ns) continue;
        auto labels = naming_labels(cluster_, *service);
        if (labels && has_labels(cluster_, one.labels, *labels)) return labels;
      }
    }
    return naming_labels(after_, pod);
  }

  [[nodiscard]] std::optional<LabelPairs> required_labels(PodId pod, bool is_source) {
    auto labels = labels_of(pod, is_source);
    if (!labels) {
      give_up("pod " + to_string(FlowEnd{pod}, cluster_) +
              " has no labels that it keeps, so no policy can name it");
    }
    return labels;
  }

  void add_subject(const FlowEnd& end, bool inwards, std::vector<NamedPods>& subjects) {
    const auto* pod = std::get_if<PodId>(&end);
    if (pod == nullptr) {
      return give_up(to_string(end, cluster_) + " is no pod, so no policy selects it");
    }
    const auto labels = required_labels(*pod, !inwards);
    if (labels) add_once(subjects, NamedPods{cluster_.at(cluster_.at(*pod).ns).name, *labels});
  }

  void add_peer(const FlowEnd& end, bool inwards, std::vector<KeptPeer>& peers) {
    if (inwards && !flow_.source_blocks.empty()) {
      for (const IpBlock& block : flow_.source_blocks) {
        add_once(peers, KeptPeer{{}, {}, block, flow_.blocks_hold_pods});
      }
      return;
    }
    if (const auto* address = std::get_if<IpAddress>(&end)) {
      return add_once(peers, KeptPeer{{}, {}, IpBlock{Cidr::of(*address, address->width()), {}}});
    }
    const auto* pod = std::get_if<PodId>(&end);
    if (pod == nullptr) return;
    if (cluster_.at(*pod).host_network) return add_host(*pod, inwards, peers);
    const auto labels = required_labels(*pod, inwards);
    if (labels)
      add_once(peers, KeptPeer{project_labels(cluster_.at(*pod).ns, inwards), *labels, {}});
  }

  /// SEMANTICS A1: a router by the platform's label, every other project by its name.
  LabelPairs project_labels(NamespaceId ns, bool is_source) {
    const LabelPairs router{{kPolicyGroup, "ingress"}};
    if (is_source && has_labels(cluster_, cluster_.at(ns).labels, router)) {
      add_once(result_.remarks, "project " + cluster_.at(ns).name +
                                    " is named as the platform names its routers, by the label "
                                    "network.openshift.io/policy-group=ingress: any project with "
                                    "it is meant");
      return router;
    }
    return {{kNameLabel, cluster_.at(ns).name}};
  }

  /// SEMANTICS H4, A1: no selector means the node's traffic, so its addresses have to do.
  void add_host(PodId pod, bool inwards, std::vector<KeptPeer>& peers) {
    const Pod& one = cluster_.at(pod);
    const std::string name = to_string(FlowEnd{pod}, cluster_);
    std::vector<IpAddress> addresses = one.addresses;
    if (inwards) {
      addresses.clear();
      if (one.node.is_valid()) addresses = sending_addresses(cluster_, one.node);
    }
    if (addresses.empty()) {
      return give_up(name +
                     " is on the host network, where only addresses can be named, and the "
                     "address that its node sends from is not known");
    }
    for (const IpAddress& address : addresses) {
      add_once(peers, KeptPeer{{}, {}, IpBlock{Cidr::of(address, address.width()), {}}});
    }
    add_once(result_.remarks,
             std::string() + name +
                 " is on the host network: named by the address of its node, so other processes "
                 "of that node are admitted too, and the pod on another node is not");
  }

  const Snapshot& after_;
  const Cluster& cluster_;
  const KeptFlow& flow_;
  FlowRules result_;
};

}  // namespace

FlowRules rules_for(const Snapshot& after, const KeptFlow& flow, const LostFlow& lost) {
  return RuleMaker(after, flow).make(lost);
}

}  // namespace meshproof
