#include "solver/moments/scene_ends.h"

#include <algorithm>
#include <utility>

#include "solver/engines/address_atoms.h"
#include "solver/moments/symbol_copy.h"

namespace meshproof {
namespace {

/// More than this, and a project without pods is asked about with one value at a time.
constexpr std::size_t kMostHypothetical = 24;

void add_values(const LabelSelector& selector, const SymbolTable& symbols,
                std::map<std::string, std::set<std::string>>& values) {
  for (const LabelRequirement& requirement : selector.requirements) {
    auto& known = values[std::string(symbols.text(requirement.key))];
    for (const Symbol value : requirement.values) known.emplace(symbols.text(value));
    if (requirement.values.empty()) known.emplace("any");
  }
}

void add_values(const Cluster& cluster, std::map<std::string, std::set<std::string>>& values) {
  for (const NetworkPolicy& policy : cluster.policies) {
    add_values(policy.pods, cluster.symbols, values);
    for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
      for (const PolicyRule& rule : policy.rules(direction)) {
        for (const PolicyPeer& peer : rule.peers) {
          if (peer.pods) add_values(*peer.pods, cluster.symbols, values);
        }
      }
    }
  }
}

using LabelTexts = std::map<std::string, std::string>;

std::vector<LabelTexts> choices(const std::map<std::string, std::set<std::string>>& values) {
  std::size_t count = 1;
  for (const auto& [key, known] : values) {
    count = std::min(count * (known.size() + 1), kMostHypothetical + 1);
  }
  std::vector<LabelTexts> result{{}};
  for (const auto& [key, known] : values) {
    const std::size_t size = count > kMostHypothetical ? 1 : result.size();
    for (const std::string& value : known) {
      for (std::size_t i = 0; i < size && result.size() <= kMostHypothetical; ++i) {
        LabelTexts labels = result[i];
        labels[key] = value;
        result.push_back(std::move(labels));
      }
    }
  }
  return result;
}

Tree manifest_of(const std::string& ns, const std::string& name, const LabelTexts& labels,
                 const std::vector<IpAddress>& addresses) {
  Tree label_tree = Tree::mapping();
  for (const auto& [key, value] : labels) label_tree.set(key, Tree::string(value));
  Tree metadata = Tree::mapping({{"name", Tree::string(name)}, {"namespace", Tree::string(ns)}});
  if (!labels.empty()) metadata.set("labels", std::move(label_tree));
  Tree container = Tree::mapping({{"name", Tree::string("main")},
                                  {"image", Tree::string("busybox")},
                                  {"command", Tree::strings({"sleep", "infinity"})}});
  Tree status = Tree::mapping({{"phase", Tree::string("Running")}});
  if (!addresses.empty()) {
    const std::string text = addresses.front().to_string();
    status.set("podIP", Tree::string(text));
    status.set("podIPs", Tree::sequence({Tree::mapping({{"ip", Tree::string(text)}})}));
  }
  return Tree::mapping(
      {{"apiVersion", Tree::string("v1")},
       {"kind", Tree::string("Pod")},
       {"metadata", std::move(metadata)},
       {"spec", Tree::mapping({{"containers", Tree::sequence({std::move(container)})}})},
       {"status", std::move(status)}});
}

}  // namespace

SceneEnds::SceneEnds(const ObjectVersions& versions, const RuleAtoms& atoms, SymbolTable& symbols)
    : before_(*versions.clusters().front()),
      after_(*versions.clusters().back()),
      atoms_(atoms),
      symbols_(symbols) {
  for (const std::string& key : atoms.pod_keys) {
    const Symbol symbol = before_.symbols.find(key);
    if (symbol.is_valid()) keys_.push_back(symbol);
  }
  for (const Cidr& block : atoms.blocks) {
    borders_.push_back(block.first());
    if (block.last().plus(1) > block.last()) borders_.push_back(block.last().plus(1));
  }
  std::ranges::sort(borders_);
  if (!atoms.blocks.empty()) {
    const std::vector<Cidr> blocks(atoms.blocks.begin(), atoms.blocks.end());
    for (const AddressAtom& atom : AddressPlan(before_).atoms(blocks, false)) {
      if (atom.pod) possible_.push_back(*atom.pod);
    }
  }
  if (before_.pods.empty()) {
    for (const Cluster* cluster : versions.clusters()) add_values(*cluster, values_);
  }
}

bool SceneEnds::stays(const Pod& pod, PodId id) {
  if (pod.host_network || pod.is_completed()) return false;
  PodId later = id;
  const auto is_it = [&](PodId other) {
    return other.value < after_.pods.size() && after_.at(other).name == pod.name &&
           after_.at(after_.at(other).ns).name == before_.at(pod.ns).name;
  };
  if (!is_it(later))
    later = after_.find_pod(after_.find_namespace(before_.at(pod.ns).name), pod.name);
  if (!later.is_valid()) return false;
  const Pod& other = after_.at(later);
  const auto has_label = [&](Symbol key) {
    const Symbol was = pod.labels.find(key);
    const Symbol is = other.labels.find(after_.symbols.find(before_.symbols.text(key)));
    return was.is_valid() == is.is_valid() &&
           (!was.is_valid() || before_.symbols.text(was) == after_.symbols.text(is));
  };
  const bool is_same = (pod.labels == other.labels || std::ranges::all_of(keys_, has_label)) &&
                       pod.addresses == other.addresses && !other.host_network;
  if (!is_same && obstacle_.empty()) {
    obstacle_ = "the change makes another pod of " + before_.at(pod.ns).name + '/' + pod.name +
                ", and when is not known";
  }
  return true;
}

std::string SceneEnds::signature(const Pod& pod) const {
  std::string result;
  for (const Symbol key : keys_) result += std::to_string(pod.labels.find(key).value) + '|';
  for (const ContainerPort& port : pod.ports) {
    if (!atoms_.asks_for_port_names || port.name.empty()) continue;
    result += port.name + '/' + std::to_string(static_cast<unsigned>(port.protocol)) + '/' +
              std::to_string(port.port) + '|';
  }
  return result + ranges_of(pod.addresses);
}

std::string SceneEnds::ranges_of(const std::vector<IpAddress>& addresses) const {
  std::string result;
  for (const IpAddress& address : addresses) {
    result += address.is_v4() ? '4' : '6';
    result += std::to_string(range_of(address)) + ' ';
  }
  return result;
}

std::ptrdiff_t SceneEnds::range_of(const IpAddress& address) const {
  return std::ranges::upper_bound(borders_, address) - borders_.begin();
}

IpAddress SceneEnds::another(const IpAddress& address) const {
  const IpAddress next = address.plus(given_++);
  return range_of(next) == range_of(address) ? next : address;
}

SceneEnd SceneEnds::end_of(const Pod& pod) {
  SymbolCopy copy(before_.symbols, symbols_);
  SceneEnd end;
  end.pod.name = pod.name;
  for (const Symbol key : keys_) {
    const Symbol value = pod.labels.find(key);
    if (value.is_valid()) end.pod.labels.set(copy.of(key), copy.of(value));
  }
  end.pod.addresses = pod.addresses;
  end.range = ranges_of(pod.addresses);
  end.pod.stand_in = pod.stand_in;
  end.pod.place = pod.place;
  if (atoms_.asks_for_port_names) end.pod.ports = pod.ports;
  return end;
}

std::vector<SceneEnd> SceneEnds::of(NamespaceId ns) {
  std::map<std::string, SceneEnd> found;
  for (const PodId id : before_.at(ns).pods) {
    const Pod& pod = before_.at(id);
    if (!stays(pod, id)) continue;
    const auto [at, is_new] = found.try_emplace(signature(pod));
    SceneEnd& end = at->second;
    if (is_new) {
      end = end_of(pod);
    } else {
      if (end.second.empty()) {
        end.second = pod.name;
        end.second_addresses = pod.addresses;
      }
      ++end.count;
    }
  }
  std::vector<SceneEnd> result;
  for (auto& [signature, end] : found) {
    if (!end.pod.addresses.empty() || possible_.empty()) {
      result.push_back(std::move(end));
      continue;
    }
    // Where the address of a pod will lie is not known: wherever that is, nothing may go wrong.
    for (const IpAddress& address : possible_) {
      result.push_back(end);
      result.back().pod.addresses = {another(address)};
      result.back().second_addresses = {another(address)};
      result.back().range = ranges_of(result.back().pod.addresses);
    }
  }
  return result;
}

std::vector<SceneEnd> SceneEnds::hypothetical(const std::string& ns) const {
  std::vector<SceneEnd> result;
  const std::vector<LabelTexts> all = choices(values_);
  for (std::size_t i = 0; i < all.size(); ++i) {
    SceneEnd end;
    end.pod.name = "example-" + std::to_string(i + 1);
    end.second = end.pod.name + "-too";
    end.count = 2;
    for (const auto& [key, value] : all[i]) {
      end.pod.labels.set(symbols_.intern(key), symbols_.intern(value));
    }
    if (!possible_.empty()) {
      end.pod.addresses = {another(possible_.front())};
      end.second_addresses = {another(possible_.front())};
    }
    end.manifest = manifest_of(ns, end.pod.name, all[i], end.pod.addresses);
    result.push_back(std::move(end));
  }
  return result;
}

}  // namespace meshproof
