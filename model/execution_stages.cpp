#include "model/execution_stages.h"

#include <map>
#include <optional>
#include <utility>

#include "model/edit.h"
#include "model/mesh/mesh.h"

namespace meshproof {
namespace {

/// What a client can write of an object and nobody else owns.
Tree writable(const Tree& object) {
  Tree bare = without_server_fields(object, false);
  if (Tree* metadata = bare.find("metadata")) {
    for (const std::string_view field :
         {"generation", "finalizers", "deletionTimestamp", "deletionGracePeriodSeconds"}) {
      metadata->erase(field);
    }
  }
  return bare;
}

std::string label_of(const std::optional<Tree>& object) {
  if (!object) return {};
  return std::string(object->string_at({"metadata", "labels", kMemberOfLabel}));
}

/// Objects while stages are played.
class Played {
 public:
  explicit Played(const ObjectStore& objects) : objects_(objects) {}

  /// The object before the write; the write is played.
  std::optional<Tree> write(const ObjectKey& key, const std::optional<Tree>& after) {
    const auto found = written_.find(key);
    std::optional<Tree> before;
    if (found != written_.end()) {
      before = found->second;
    } else if (const Object* object = objects_.find(key)) {
      before = writable(*object->tree);
    }
    written_.insert_or_assign(key, after);
    return before;
  }

 private:
  const ObjectStore& objects_;
  std::map<ObjectKey, std::optional<Tree>> written_;
};

void add_members(ExecutionStage& stage, const std::set<std::string>& not_configured) {
  std::map<std::string, std::pair<std::string, std::string>> labels;  // before and after
  for (const PlannedWrite& write : stage.writes) {
    if (write.key.kind != "Namespace" || write.writer == Step::Writer::User) continue;
    const auto at = labels.try_emplace(write.key.name, label_of(write.before), "").first;
    at->second.second = label_of(write.after);
  }
  for (const auto& [ns, label] : labels) {
    const auto& [before, after] = label;
    if (before == after || not_configured.contains(ns)) continue;
    if (!before.empty()) stage.members.push_back({before, ns, false});
    if (!after.empty()) stage.members.push_back({after, ns, true});
  }
}

}  // namespace

std::vector<ExecutionStage> execution_stages(const std::vector<OrderStage>& stages,
                                             const ObjectStore& objects,
                                             const std::set<std::string>& not_configured) {
  Played played(objects);
  std::vector<ExecutionStage> result;
  for (const OrderStage& order : stages) {
    ExecutionStage stage;
    stage.delay_seconds = order.barrier ? order.barrier->delay_seconds : 0;
    for (const Step& step : order.writes) {
      std::optional<Tree> after;
      if (step.verb != Verb::Delete && !step.object.is_null()) after = writable(step.object);
      std::optional<Tree> before = played.write(step.key, after);
      if (before == after) continue;
      stage.writes.push_back({step.writer, step.key, step.api_version, std::move(before),
                              std::move(after), step.project, step.reason});
    }
    add_members(stage, not_configured);
    result.push_back(std::move(stage));
  }
  return result;
}

void add_basis(Execution& execution, const ObjectStore& objects, const Coverage& coverage,
               const std::function<std::string(std::string_view)>& digest) {
  for (const std::string_view kind : basis_kinds()) {
    const Part part{group_and_kind(default_group(kind), kind), {}};
    if (!coverage.lacks(part)) execution.basis_kinds.emplace_back(kind);
  }
  for (const Object& object : objects) {
    if (!is_basis_kind(object.key)) continue;
    const auto tree = object.tree.read();
    execution.basis.push_back({object.key, std::string(tree->string_at({"metadata", "uid"})),
                               std::string(tree->string_at({"metadata", "resourceVersion"})),
                               digest(basis_text(*tree))});
  }
}

}  // namespace meshproof
