#include "tests/cli/mutants.h"

#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "model/ip.h"
#include "model/safe_order.h"

namespace meshproof {

namespace {

/// A mutable node of the object and how to come to it: indices of fields and items.
using Visit = std::function<void(Tree& node)>;

/// Calls `visit` with each list of this name below a node, deepest last.
void each_list(Tree& node, std::string_view name, const Visit& visit) {
  for (TreeField& entry : node.fields) {
    if (entry.key == name && entry.value.is(TreeKind::Sequence)) visit(entry.value);
    each_list(entry.value, name, visit);
  }
  for (Tree& item : node.items) each_list(item, name, visit);
}

/// Calls `visit` with each mapping below a node, itself too.
void each_mapping(Tree& node, const Visit& visit) {
  if (node.is(TreeKind::Mapping)) visit(node);
  for (TreeField& entry : node.fields) each_mapping(entry.value, visit);
  for (Tree& item : node.items) each_mapping(item, visit);
}

class Planter {
 public:
  explicit Planter(const Object& object) : object_(object), whole_(*object.tree) {}

  std::vector<Mutant> plant() {
    if (object_.key.kind == "NetworkPolicy") {
      for (const std::string_view rules : {"ingress", "egress"}) drop_items(rules, "drop a rule");
      for (const std::string_view peers : {"from", "to"}) drop_items(peers, "drop a peer");
      drop_items("ports", "drop a port");
      drop_items("except", "drop an exception");
      at_each_mapping("swap the selectors", swap_selectors);
      at_each_mapping("turn In and NotIn around", turn_operator);
      at_each_mapping("flip policyTypes", flip_types);
      at_each_mapping("widen a block", widen);
      drop_labels("matchLabels");
    }
    if (object_.key.kind == "Namespace") drop_labels("labels");
    return std::move(result_);
  }

 private:
  void add(std::string_view fault, Tree object) {
    result_.push_back({std::string(fault) + " of " + to_string(object_.key), std::move(object)});
  }

  void drop_items(std::string_view list, std::string_view fault) {
    std::size_t count = 0;
    Tree copy = whole_;
    each_list(copy, list, [&](Tree& items) { count += items.items.size(); });
    for (std::size_t dropped = 0; dropped < count; ++dropped) {
      Tree mutant = whole_;
      std::size_t seen = 0;
      each_list(mutant, list, [&](Tree& items) {
        const std::size_t size = items.items.size();
        if (seen <= dropped && dropped < seen + size) {
          items.items.erase(items.items.begin() + static_cast<std::ptrdiff_t>(dropped - seen));
        }
        seen += size;
      });
      add(fault, std::move(mutant));
    }
  }

  /// One mutant for each mapping that `change` changes.
  void at_each_mapping(std::string_view fault, const std::function<bool(Tree&)>& change) {
    std::size_t count = 0;
    Tree copy = whole_;
    each_mapping(copy, [&](Tree&) { ++count; });
    for (std::size_t at = 0; at < count; ++at) {
      Tree mutant = whole_;
      std::size_t seen = 0;
      bool changed = false;
      each_mapping(mutant, [&](Tree& node) {
        if (seen++ == at) changed = change(node);
      });
      if (changed) add(fault, std::move(mutant));
    }
  }

  void drop_labels(std::string_view name) {
    std::size_t at = 0;
    for (bool found = true; found; ++at) {
      Tree mutant = whole_;
      std::size_t seen = 0;
      found = false;
      each_mapping(mutant, [&](Tree& node) {
        Tree* labels = node.find(name);
        if (labels == nullptr) return;
        for (std::size_t i = 0; i < labels->fields.size(); ++i) {
          if (seen++ != at) continue;
          found = true;
          labels->fields.erase(labels->fields.begin() + static_cast<std::ptrdiff_t>(i));
          break;
        }
      });
      if (found) add("drop a label", std::move(mutant));
    }
  }

  static bool swap_selectors(Tree& node) {
    bool changed = false;
    for (TreeField& entry : node.fields) {
      if (node.find("from") != nullptr || node.find("policyTypes") != nullptr) continue;
      if (entry.key == "namespaceSelector") {
        entry.key = "podSelector";
        changed = true;
      } else if (entry.key == "podSelector" && node.find("ingress") == nullptr &&
                 node.find("egress") == nullptr) {
        entry.key = "namespaceSelector";
        changed = true;
      }
    }
    return changed;
  }

  static bool turn_operator(Tree& node) {
    Tree* word = node.find("operator");
    if (word == nullptr || (word->text != "In" && word->text != "NotIn")) return false;
    word->text = word->text == "In" ? "NotIn" : "In";
    return true;
  }

  static bool flip_types(Tree& node) {
    Tree* types = node.find("policyTypes");
    if (types == nullptr) return false;
    const bool is_ingress_alone = types->items.size() == 1 && types->items[0].text == "Ingress";
    const std::string flipped = is_ingress_alone ? "Egress" : "Ingress";
    *types = Tree::strings({flipped});
    return true;
  }

  static bool widen(Tree& node) {
    Tree* cidr = node.find("cidr");
    if (cidr == nullptr) return false;
    const std::optional<Cidr> block = Cidr::parse(cidr->text);
    if (!block || block->prefix() == 0) return false;
    cidr->text = Cidr::of(block->first(), block->prefix() - 1).to_string();
    return true;
  }

  const Object& object_;
  const Tree whole_;
  std::vector<Mutant> result_;
};

std::string words(const Step& step) {
  return std::string(to_string(step.verb)) + ' ' + to_string(step.key);
}

OrderMutant without_barrier(std::vector<Stage> stages, std::size_t after) {
  Stage& merged = stages[after];
  std::vector<Step>& more = stages[after + 1].steps;
  std::move(more.begin(), more.end(), std::back_inserter(merged.steps));
  stages.erase(stages.begin() + static_cast<std::ptrdiff_t>(after) + 1);
  return {"skip a barrier: that after stage " + std::to_string(after + 1), std::move(stages)};
}

/// Every two writes of the two stages in each other's place.
void add_swaps(const std::vector<Stage>& stages, std::size_t one, std::size_t other,
               std::vector<OrderMutant>& mutants) {
  for (std::size_t i = 0; i < stages[one].steps.size(); ++i) {
    for (std::size_t k = 0; k < stages[other].steps.size(); ++k) {
      OrderMutant mutant{"swap two writes: " + words(stages[one].steps[i]) + " and " +
                             words(stages[other].steps[k]),
                         stages};
      std::swap(mutant.stages[one].steps[i], mutant.stages[other].steps[k]);
      mutants.push_back(std::move(mutant));
    }
  }
}

/// The bridges that the stages create.
std::set<ObjectKey> bridges_in(const std::vector<Stage>& stages) {
  std::set<ObjectKey> bridges;
  for (const Stage& stage : stages) {
    for (const Step& step : stage.steps) {
      const Tree* labels = step.object.find_path({"metadata", "labels"});
      if (labels != nullptr && labels->find(kBridgeLabel) != nullptr) bridges.insert(step.key);
    }
  }
  return bridges;
}

}  // namespace

std::vector<OrderMutant> mutants_of(const std::vector<Stage>& stages) {
  std::vector<OrderMutant> mutants;
  for (std::size_t one = 0; one + 1 < stages.size(); ++one) {
    mutants.push_back(without_barrier(stages, one));
    for (std::size_t other = one + 1; other < stages.size(); ++other) {
      add_swaps(stages, one, other, mutants);
    }
  }
  for (const ObjectKey& bridge : bridges_in(stages)) {
    OrderMutant mutant{"drop a bridge: " + to_string(bridge), stages};
    for (Stage& stage : mutant.stages) {
      std::erase_if(stage.steps, [&](const Step& step) { return step.key == bridge; });
    }
    mutants.push_back(std::move(mutant));
  }
  return mutants;
}

const std::vector<std::string>& fault_names() {
  static const std::vector<std::string> kNames{
      "drop a rule",       "drop a peer",        "drop a port",
      "drop an exception", "swap the selectors", "turn In and NotIn around",
      "flip policyTypes",  "widen a block",      "drop a label"};
  return kNames;
}

std::vector<Mutant> mutants_of(const Object& object) { return Planter(object).plant(); }

}  // namespace meshproof
