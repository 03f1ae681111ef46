#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "solver/engines/finite_cases.h"
#include "solver/evaluate.h"

/// SEMANTICS T8: addresses and ports by the side of the borders on which they lie.
namespace meshproof {
namespace {

constexpr std::size_t kExamples = 2;
constexpr std::uint16_t kReadablePort = 8080;
constexpr std::uint32_t kLastPort = 65535;

bool is_in(const std::vector<Cidr>& blocks, const IpAddress& address) {
  return std::ranges::any_of(blocks, [&](const Cidr& block) { return block.contains(address); });
}

bool is_last_of_all(const IpAddress& address) {
  const auto& bytes = address.bytes();
  return std::all_of(bytes.begin(), bytes.begin() + (address.is_v4() ? 4 : 16),
                     [](std::uint8_t byte) { return byte == 0xff; });
}

class AddressCases {
 public:
  AddressCases(const Cluster& cluster, const std::vector<IpAddress>& stray, const CasesAsked& asked,
               const BearingPolicies& bearing)
      : cluster_(cluster), stray_(stray), bearing_(bearing) {
    each_peer([&](const NetworkPolicy& /*policy*/, const PolicyPeer& peer) {
      if (peer.block) blocks_.push_back(&*peer.block);
    });
    for (const IpBlock& block : asked.blocks) blocks_.push_back(&block);
    for (const EndsAsked* ends : {&asked.from, &asked.to}) {
      if (!ends->given) continue;
      for (const GivenPod& given : *ends->given) {
        given_.insert(given.pod->addresses.begin(), given.pod->addresses.end());
      }
    }
    for (const Pod& pod : cluster_.pods) {
      for (const IpAddress& address : pod.addresses) completed_[address].push_back(&pod);
    }
  }

  AddressesFound find() {
    std::map<Signature, AddressCase> cases;
    const std::vector<IpAddress> starts = borders();
    for (std::size_t i = 0; i < starts.size(); ++i) {
      const bool has_next = i + 1 < starts.size() && starts[i + 1].is_v4() == starts[i].is_v4();
      const Signature signature = signature_of(starts[i]);
      if (!signature.may_be_pod && !signature.may_be_outside) continue;
      add_examples(starts[i], has_next ? &starts[i + 1] : nullptr, signature, cases[signature]);
    }
    AddressesFound result;
    std::map<Signature, std::size_t> places;
    for (auto& [signature, one] : cases) {
      places.emplace(signature, result.cases.size());
      result.cases.push_back(std::move(one));
    }
    for (const IpAddress& address : given_) {
      const auto place = places.find(signature_of(address));
      const bool is_a_pods = place != places.end() && !result.cases[place->second].pods.empty();
      if (is_a_pods) result.of_given.emplace(address, place->second);
    }
    return result;
  }

 private:
  struct Signature {
    bool v4 = true;
    bool may_be_pod = false;
    bool may_be_outside = false;
    std::vector<bool> answers;  // of blocks, and of selectors about completed pods

    auto operator<=>(const Signature&) const = default;
  };

  template <typename Visit>
  void each_peer(const Visit& visit) const {
    for (const auto& [policies, direction] : {std::pair{&bearing_.ingress, Direction::Ingress},
                                              std::pair{&bearing_.egress, Direction::Egress}}) {
      for (const NetworkPolicy* policy : *policies) {
        for (const PolicyRule& rule : policy->rules(direction)) {
          for (const PolicyPeer& peer : rule.peers) visit(*policy, peer);
        }
      }
    }
  }

  [[nodiscard]] bool is_sdn() const { return cluster_.network.dialect == Dialect::OpenShiftSdn; }

  /// Families that the cluster has, as far as it tells; IPv6 counts only where a rule speaks of it.
  [[nodiscard]] bool has_family(bool v4) const {
    const auto& networks = cluster_.network.cluster_networks;
    const bool is_used =
        networks.empty() || std::ranges::any_of(networks, [&](const Cidr& network) {
          return network.first().is_v4() == v4;
        });
    if (v4 || !has_family(true)) return is_used;
    const auto is_v6 = [](const IpAddress& address) { return !address.is_v4(); };
    const bool is_spoken_of =
        std::ranges::any_of(given_, is_v6) ||
        std::ranges::any_of(blocks_, [&](const auto* block) { return is_v6(block->cidr.first()); });
    return is_used && !is_sdn() && is_spoken_of;
  }

  [[nodiscard]] std::vector<IpAddress> borders() const {
    std::set<IpAddress> starts;
    const auto cut = [&](const Cidr& block) {
      starts.insert(block.first());
      if (!is_last_of_all(block.last())) starts.insert(block.last().plus(1));
    };
    for (const IpBlock* block : blocks_) {
      cut(block->cidr);
      for (const Cidr& except : block->except) cut(except);
    }
    for (const Cidr& network : cluster_.network.cluster_networks) cut(network);
    for (const Cidr& network : cluster_.network.service_networks) cut(network);
    for (const Cidr& block : special_blocks(cluster_)) cut(block);
    for (const IpAddress& address : stray_) cut(Cidr::of(address, address.width()));
    for (const auto& [address, pods] : completed_) cut(Cidr::of(address, address.width()));
    starts.insert(IpAddress::v4(0));
    starts.insert(IpAddress::of_bytes({}, false));
    std::vector<IpAddress> result;
    for (const IpAddress& start : starts) {
      if (has_family(start.is_v4())) result.push_back(start);
    }
    return result;
  }

  /// SEMANTICS SDN-P7: what the rules say of the completed pods that had the address.
  void add_completed(const IpAddress& address, std::vector<bool>& answers) const {
    const auto found = completed_.find(address);
    if (!is_sdn()) return;
    const auto any_pod = [&](const auto& holds) {
      if (found == completed_.end()) return false;
      return std::ranges::any_of(found->second, [&](const Pod* pod) { return holds(*pod); });
    };
    for (const auto* policies : {&bearing_.ingress, &bearing_.egress}) {
      for (const NetworkPolicy* policy : *policies) {
        answers.push_back(any_pod([&](const Pod& pod) {
          return pod.ns == policy->ns && matches(policy->pods, pod.labels);
        }));
      }
    }
    each_peer([&](const NetworkPolicy& policy, const PolicyPeer& peer) {
      answers.push_back(any_pod([&](const Pod& pod) {
        const bool in_project = peer.namespaces
                                    ? matches(*peer.namespaces, cluster_.at(pod.ns).labels)
                                    : pod.ns == policy.ns;
        return !peer.block && in_project && (!peer.pods || matches(*peer.pods, pod.labels));
      }));
    });
  }

  [[nodiscard]] Signature signature_of(const IpAddress& address) const {
    const Network& network = cluster_.network;
    Signature result;
    result.v4 = address.is_v4();
    const bool has_no_network = network.cluster_networks.empty();
    const bool is_service = is_in(network.service_networks, address);
    const bool is_pods = is_in(network.cluster_networks, address) || completed_.contains(address) ||
                         std::ranges::binary_search(stray_, address);
    // Neither a pod nor somebody outside sends from multicast or from a gateway router.
    const bool is_special = is_in(special_blocks(cluster_), address);
    result.may_be_pod = !is_service && !is_special && (has_no_network || is_pods);
    result.may_be_outside = !is_service && !is_special && !is_pods;
    for (const IpBlock* block : blocks_) {
      result.answers.push_back(block->cidr.contains(address) && !is_in(block->except, address));
    }
    add_completed(address, result.answers);
    return result;
  }

  static void add_examples(const IpAddress& first, const IpAddress* next,
                           const Signature& signature, AddressCase& one) {
    const auto add = [](const IpAddress& address, bool may_be, std::vector<IpAddress>& examples) {
      if (may_be && examples.size() < kExamples) examples.push_back(address);
    };
    IpAddress address = first;
    for (std::size_t i = 0; i < kExamples && (next == nullptr || address < *next); ++i) {
      add(address, signature.may_be_pod, one.pods);
      add(address, signature.may_be_outside, one.outside);
      if (is_last_of_all(address)) return;
      address = address.plus(1);
    }
  }

  const Cluster& cluster_;
  const std::vector<IpAddress>& stray_;
  const BearingPolicies& bearing_;
  std::vector<const IpBlock*> blocks_;
  std::set<IpAddress> given_;
  std::map<IpAddress, std::vector<const Pod*>> completed_;
};

}  // namespace

AddressesFound cases_of_addresses(const Cluster& cluster, const std::vector<IpAddress>& stray,
                                  const CasesAsked& asked, const BearingPolicies& bearing) {
  return AddressCases(cluster, stray, asked, bearing).find();
}

std::vector<PortCase> cases_of_ports(const Cluster& cluster, const CasesAsked& asked,
                                     const BearingPolicies& bearing,
                                     const std::vector<std::string>& names) {
  using Range = std::pair<Protocol, PortRange>;
  std::set<Range> ranges;
  const auto add = [&](const std::vector<const NetworkPolicy*>& policies, Direction direction) {
    for (const NetworkPolicy* policy : policies) {
      for (const PolicyRule& rule : policy->rules(direction)) {
        for (const PolicyPort& port : rule.ports) {
          if (port.range) ranges.emplace(port.protocol, *port.range);
        }
      }
    }
  };
  add(bearing.ingress, Direction::Ingress);
  add(bearing.egress, Direction::Egress);
  const PortSet special = special_ports(cluster);
  for (const PortSet* ports : {&special, &asked.ports}) {
    for (const Protocol protocol : kProtocols) {
      for (const PortRange range : ports->ranges(protocol)) ranges.emplace(protocol, range);
    }
  }
  for (const GivenPod& given : asked.to.given.value_or(std::vector<GivenPod>{})) {
    for (const ContainerPort& port : given.pod->ports) {
      if (std::ranges::find(names, port.name) == names.end()) continue;
      ranges.emplace(port.protocol, PortRange{port.port, port.port});
    }
  }

  std::vector<PortCase> result;
  for (const Protocol protocol : {Protocol::Tcp, Protocol::Udp, Protocol::Sctp}) {
    std::set<std::uint32_t> starts{1, kReadablePort};
    for (const auto& [of, range] : ranges) {
      if (of != protocol) continue;
      starts.insert(std::max<std::uint32_t>(range.from, 1));
      if (range.to < kLastPort) starts.insert(range.to + 1U);
    }
    std::map<std::vector<bool>, std::uint16_t> by_answers;
    for (const std::uint32_t start : starts) {
      const auto port = static_cast<std::uint16_t>(start);
      if (!asked.ports.contains(protocol, port)) continue;
      std::vector<bool> answers;
      for (const auto& [of, range] : ranges) {
        answers.push_back(of == protocol && range.from <= port && port <= range.to);
      }
      const auto [known, is_new] = by_answers.emplace(std::move(answers), port);
      if (!is_new && port == kReadablePort) known->second = port;
    }
    for (const auto& [answers, port] : by_answers) result.push_back({protocol, port});
  }
  if (asked.ports.contains(Protocol::Icmp, 0)) result.push_back({Protocol::Icmp, 0});
  return result;
}

}  // namespace meshproof
