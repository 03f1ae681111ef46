#include "solver/moments/scene_classes.h"

#include <algorithm>

namespace meshproof {
namespace {

constexpr std::size_t kOwnersKept = 2;

void visit_selectors(const SceneProject& project,
                     const std::function<void(const LabelSelector&)>& take) {
  for (const SceneObject& object : project.objects) {
    for (const ObjectVersion& version : object.versions) {
      const auto* policy = std::get_if<NetworkPolicy>(&version);
      if (policy == nullptr) continue;
      for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
        for (const PolicyRule& rule : policy->rules(direction)) {
          for (const PolicyPeer& peer : rule.peers) {
            if (peer.namespaces) take(*peer.namespaces);
          }
        }
      }
    }
  }
}

void visit_labels(const SceneProject& project,
                  const std::function<void(std::size_t version, const Labels&)>& take) {
  for (const SceneObject& object : project.objects) {
    for (std::size_t i = 0; i < object.versions.size(); ++i) {
      const auto* ns = std::get_if<Namespace>(&object.versions[i]);
      if (ns != nullptr) take(i, ns->labels);
    }
  }
}

std::string spell(const PolicyPort& port) {
  std::string text = std::to_string(static_cast<unsigned>(port.protocol)) + port.name;
  if (port.range) {
    text += ' ' + std::to_string(port.range->from) + '-' + std::to_string(port.range->to);
  }
  return text + ',';
}

class Speller {
 public:
  Speller(std::size_t owner, ProjectRelations& selectors, const SymbolTable& symbols)
      : owner_(owner), selectors_(selectors), symbols_(symbols) {}

  [[nodiscard]] std::string spell_peer(const PolicyPeer& peer) {
    std::string text = "peer ";
    if (peer.namespaces) text += "ns " + selectors_.meaning(*peer.namespaces, owner_);
    if (peer.pods) text += " pods " + to_string(*peer.pods, symbols_);
    if (!peer.block) return text + ';';
    text += " block " + peer.block->cidr.to_string();
    for (const Cidr& except : peer.block->except) text += " but " + except.to_string();
    return text + ';';
  }

  [[nodiscard]] std::string operator()(std::monostate) { return "none"; }
  [[nodiscard]] std::string operator()(const NetworkPolicy& policy) {
    std::string text = "policy " + to_string(policy.pods, symbols_);
    text += policy.isolates_ingress ? " in" : "";
    text += policy.isolates_egress ? " out" : "";
    for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
      for (const PolicyRule& rule : policy.rules(direction)) {
        text += direction == Direction::Ingress ? "{in " : "{out ";
        for (const PolicyPeer& peer : rule.peers) text += spell_peer(peer);
        for (const PolicyPort& port : rule.ports) text += spell(port);
        text += '}';
      }
    }
    return text;
  }
  [[nodiscard]] std::string operator()(const Namespace& ns) {
    return "namespace " + selectors_.selected_by(ns.labels, owner_) +
           (ns.terminating ? " ends" : "") + (ns.multicast ? " multicast" : "");
  }
  [[nodiscard]] std::string operator()(const NetNamespace& net) {
    return "net " + selectors_.net_id(net.netid) + ' ' + net.pending_change +
           (net.multicast ? " multicast" : "");
  }
  [[nodiscard]] std::string operator()(const EgressNetworkPolicy& firewall) {
    std::string text = "firewall ";
    for (const EgressRule& rule : firewall.rules) {
      text += (rule.allow ? "+" : "-") + (rule.cidr ? rule.cidr->to_string() : rule.dns_name) + ';';
    }
    return text;
  }

 private:
  std::size_t owner_;
  ProjectRelations& selectors_;
  const SymbolTable& symbols_;
};

std::string spell_writes(const WrittenObject& object, const std::vector<Stage>& stages) {
  std::string text;
  for (const auto& [stage, index] : object.writes) {
    const Step& step = stages[stage].steps[index];
    const bool is_ordered =
        stages[stage].in_order && !step.project.empty() && step.writer == Step::Writer::Operator;
    text += " @" + std::to_string(stage) + (is_ordered ? '#' + std::to_string(step.rank) : "");
  }
  return text;
}

std::string spell(const SceneObject& object, const std::vector<Stage>& stages, Speller& speller) {
  std::string text = object.written == nullptr ? "" : spell_writes(*object.written, stages);
  for (const ObjectVersion& version : object.versions) {
    text += '[' + std::visit(speller, version) + ']';
  }
  return text;
}

std::string spell(const SceneEnd& end, const SymbolTable& symbols) {
  std::string text = "end " + end.range + ' ';
  for (const Label& label : end.pod.labels.all()) {
    text +=
        std::string(symbols.text(label.key)) + '=' + std::string(symbols.text(label.value)) + ',';
  }
  for (const ContainerPort& port : end.pod.ports) {
    text += port.name + std::to_string(static_cast<unsigned>(port.protocol)) +
            std::to_string(port.port) + ',';
  }
  return text + (end.count > 1 ? '*' : '.');
}

}  // namespace

ProjectRelations::ProjectRelations(const std::vector<SceneProject>& projects,
                                   const SymbolTable& symbols, bool of_all_flows)
    : projects_(projects), symbols_(symbols), of_all_flows_(of_all_flows) {
  for (std::size_t owner = 0; owner < projects.size(); ++owner) {
    visit_selectors(projects[owner], [&](const LabelSelector& selector) {
      const auto [at, is_new] = ids_.try_emplace(to_string(selector, symbols), entries_.size());
      if (is_new) entries_.push_back({selector, {}, {}});
      Entry& entry = entries_[at->second];
      if (entry.owners.size() < kOwnersKept) entry.owners.insert(owner);
    });
  }
  for (const SceneProject& project : projects) {
    for (const SceneObject& object : project.objects) {
      for (const ObjectVersion& version : object.versions) {
        const auto* net = std::get_if<NetNamespace>(&version);
        if (net != nullptr) net_ids_[net->netid].insert(net->name);
      }
    }
  }
  for (std::size_t number = 0; number < entries_.size(); ++number) {
    Entry& entry = entries_[number];
    const bool asks_all =
        of_all_flows_ || std::ranges::any_of(entry.owners, [&](std::size_t owner) {
          return projects_[owner].is_changed();
        });
    if (asks_all) asked_by_changed_.push_back(number);
    for (std::size_t i = 0; i < projects_.size(); ++i) {
      if (!asks_all && !projects_[i].is_changed()) continue;
      visit_labels(projects_[i], [&](std::size_t version, const Labels& labels) {
        if (matches(entry.selector, labels)) entry.selected.emplace_back(i, version);
      });
    }
  }
}

std::string ProjectRelations::net_id(std::uint32_t netid) const {
  const auto found = net_ids_.find(netid);
  const bool is_own = netid != 0 && (found == net_ids_.end() || found->second.size() < 2);
  return is_own ? "own" : std::to_string(netid);
}

std::string ProjectRelations::meaning(const LabelSelector& selector, std::size_t owner) {
  const Entry& entry = entries_[ids_.at(to_string(selector, symbols_))];
  std::string own;
  std::string all;
  bool has_others = false;
  for (const auto& [project, version] : entry.selected) {
    const bool is_own = project == owner;
    if (is_own) own += 'o' + std::to_string(version);
    const bool counts =
        of_all_flows_ || projects_[project].is_changed() || projects_[owner].is_changed();
    if (!is_own && !counts) continue;
    has_others = has_others || !is_own;
    all += std::to_string(project) + '.' + std::to_string(version) + ' ';
  }
  if (!has_others) return own;
  const auto [at, is_new] = sets_.try_emplace(std::move(all), sets_.size());
  return '{' + std::to_string(at->second) + '}';
}

std::string ProjectRelations::selected_by(const Labels& labels, std::size_t project) const {
  std::string text;
  const auto look = [&](std::size_t i) {
    const Entry& entry = entries_[i];
    const bool is_others = entry.owners.size() > 1 || !entry.owners.contains(project);
    if (is_others && matches(entry.selector, labels)) text += std::to_string(i) + ' ';
  };
  if (projects_[project].is_changed()) {
    for (std::size_t i = 0; i < entries_.size(); ++i) look(i);
  } else {
    for (const std::size_t i : asked_by_changed_) look(i);
  }
  return text;
}

void order_objects(std::vector<SceneProject>& projects, const std::vector<Stage>& stages,
                   ProjectRelations& selectors, const SymbolTable& symbols) {
  for (std::size_t i = 0; i < projects.size(); ++i) {
    Speller speller(i, selectors, symbols);
    std::vector<std::pair<std::string, std::size_t>> order;
    auto& objects = projects[i].objects;
    for (std::size_t j = 0; j < objects.size(); ++j) {
      const bool is_written = objects[j].written != nullptr;
      order.emplace_back((is_written ? "1" : "2") + spell(objects[j], stages, speller), j);
    }
    std::ranges::sort(order);
    std::vector<SceneObject> sorted;
    for (const auto& [text, j] : order) sorted.push_back(objects[j]);
    objects = std::move(sorted);
  }
}

std::string signature_of(const SceneProject& project, std::size_t index,
                         const std::vector<Stage>& stages, ProjectRelations& selectors,
                         const SymbolTable& symbols) {
  Speller speller(index, selectors, symbols);
  std::string text = std::to_string(project.written);
  for (const SceneObject& object : project.objects) text += spell(object, stages, speller);
  for (const SceneEnd& end : project.ends) text += spell(end, symbols);
  for (const UnmodelledObject& object : project.unmodelled) text += object.key.kind;
  return text;
}

}  // namespace meshproof
