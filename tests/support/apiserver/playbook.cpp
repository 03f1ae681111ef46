#include "tests/support/apiserver/playbook.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "model/sdn/net_id.h"

namespace meshproof {
namespace {

using Verb = PlayedWrite::Verb;

/// Two writes farther apart than this had something to wait for in between.
constexpr long kWaitedMs = 100;

Tree metadata_patch(std::string_view field, Tree value) {
  return Tree::mapping({{"metadata", Tree::mapping({{std::string{field}, std::move(value)}})}});
}

/// The labels that a Namespace gained or lost.
Tree label_patch(const Object* before, const Object* after) {
  Tree changed = Tree::mapping();
  for (const Object* side : {before, after}) {
    if (side == nullptr || side->labels() == nullptr) continue;
    for (const TreeField& label : side->labels()->fields) {
      const Tree* now = after == nullptr || after->labels() == nullptr
                            ? nullptr
                            : after->labels()->find(label.key);
      const Tree* then = before == nullptr || before->labels() == nullptr
                             ? nullptr
                             : before->labels()->find(label.key);
      if (now == nullptr) {
        changed.set(label.key, Tree::null());
      } else if (then == nullptr || *then != *now) {
        changed.set(label.key, *now);
      }
    }
  }
  return metadata_patch("labels", std::move(changed));
}

Tree network_request(const std::string& request) {
  Tree annotations = Tree::mapping({{std::string{kChangeNetwork}, Tree::string(request)}});
  return metadata_patch("annotations", std::move(annotations));
}

Tree without_server_marks(const Object& object) {
  Tree bare = *object.tree;
  bare.erase("status");
  Tree& metadata = bare.mapping_at("metadata");
  metadata.erase("generation");
  metadata.erase("finalizers");
  return bare;
}

/// All that a case recorded for one project.
struct ProjectRecord {
  const RecordedCase* of = nullptr;
  std::vector<RecordedWrite> writes;

  [[nodiscard]] bool has(std::string_view verb, std::string_view kind) const {
    return std::ranges::any_of(writes, [&](const RecordedWrite& write) {
      return write.verb == verb && write.key.kind == kind;
    });
  }
  /// A join or leave that came to its end: the label is the last but for the member itself.
  [[nodiscard]] bool is_complete(std::string_view verb) const {
    return has(verb, "ServiceMeshMember") && has("update", "Namespace");
  }
};

Tree patch_of(const ProjectRecord& record, const ObjectKey& key, bool joins,
              const std::string& mesh) {
  const Object* after = record.of->after.find(key);
  if (key.kind == "NetNamespace") return network_request(joins ? "join:" + mesh : "isolate");
  if (key.kind == "Namespace") return label_patch(record.of->before.find(key), after);
  if (key.kind == "ServiceMeshMember") {
    const Tree* finalizers =
        after == nullptr ? nullptr : after->tree->find_path({"metadata", "finalizers"});
    return metadata_patch("finalizers", finalizers == nullptr ? Tree::null() : *finalizers);
  }
  throw std::runtime_error{record.of->name + " updates " + to_string(key)};
}

/// Second passes over a stale cache repeat writes: the first of each counts.
std::vector<PlayedWrite> script_of(const ProjectRecord& record, bool joins,
                                   const std::string& mesh) {
  std::vector<PlayedWrite> script;
  std::set<std::pair<Verb, ObjectKey>> seen;
  for (std::size_t i = 0; i < record.writes.size(); ++i) {
    const RecordedWrite& recorded = record.writes[i];
    PlayedWrite write;
    write.key = recorded.key;
    if (recorded.verb == "create") {
      const Object* created = record.of->after.find(recorded.key);
      if (created == nullptr) continue;
      write.content = without_server_marks(*created);
    } else if (recorded.verb == "delete") {
      write.verb = Verb::Delete;
    } else {
      write.verb = Verb::Patch;
      write.content = patch_of(record, recorded.key, joins, mesh);
    }
    write.waits = recorded.key.kind == "NetNamespace" && i + 1 < record.writes.size() &&
                  record.writes[i + 1].ms - recorded.ms > kWaitedMs;
    if (seen.insert({write.verb, write.key}).second) script.push_back(std::move(write));
  }
  return script;
}

/// What takes each write of a join back, in the order in which every leave was seen to go.
std::vector<PlayedWrite> undone(const std::vector<PlayedWrite>& join) {
  constexpr std::array<std::string_view, 6> kOrder{
      "ServiceMeshMember", "RoleBinding",   "NetworkAttachmentDefinition",
      "NetNamespace",      "NetworkPolicy", "Namespace"};
  std::vector<PlayedWrite> script;
  for (const auto kind : kOrder) {
    for (const PlayedWrite& write : join) {
      if (write.key.kind != kind) continue;
      if (write.verb == Verb::Create) script.push_back({Verb::Delete, write.key, {}, false});
      if (write.verb == Verb::Patch && kind == "NetNamespace") {
        script.push_back({Verb::Patch, write.key, network_request("isolate"), true});
      }
      if (write.verb == Verb::Patch && kind == "Namespace") {
        Tree patch = write.content;
        for (TreeField& label : patch.find("metadata")->find("labels")->fields) {
          label.value = Tree::null();
        }
        script.push_back({Verb::Patch, write.key, std::move(patch), false});
      }
    }
  }
  const ObjectKey member = script.front().key;
  script.push_back({Verb::Patch, member, metadata_patch("finalizers", Tree::null()), false});
  return script;
}

std::map<std::string, ProjectRecord> by_project(const RecordedCase& recorded) {
  std::map<std::string, ProjectRecord> projects;
  for (const RecordedWrite& write : recorded.writes) {
    ProjectRecord& record = projects[write.project()];
    record.of = &recorded;
    record.writes.push_back(write);
  }
  return projects;
}

/// Takes the statuses from a state in which every member is configured.
void take_statuses(const ObjectStore& state, Playbook& book) {
  for (const Object* roll : state.of_kind("ServiceMeshMemberRoll")) {
    const Tree* configured = roll->tree->find_path({"status", "configuredMembers"});
    const Tree* pending = roll->tree->find_path({"status", "pendingMembers"});
    if (configured == nullptr || configured->items.empty()) continue;
    if (pending != nullptr && !pending->items.empty()) continue;
    book.roll_status = *roll->tree->find("status");
    const Object* member =
        state.find("ServiceMeshMember", configured->items.front().text, "default");
    if (member != nullptr) book.member_status = *member->tree->find("status");
  }
}

std::string mesh_of(const RecordedCase& recorded) {
  for (const ObjectStore* state : {&recorded.before, &recorded.after}) {
    for (const Object* roll : state->of_kind("ServiceMeshMemberRoll")) return roll->key.ns;
  }
  throw std::runtime_error{recorded.name + " has no member roll"};
}

Tree renamed(Tree tree, const std::string& from, const std::string& to) {
  if (tree.is(TreeKind::String) && tree.text == from) tree.text = to;
  for (Tree& item : tree.items) item = renamed(std::move(item), from, to);
  for (TreeField& field : tree.fields) field.value = renamed(std::move(field.value), from, to);
  return tree;
}

}  // namespace

void Playbook::also_play(const std::string& project, const std::string& like) {
  MemberScript script = scripts.at(like);
  for (auto* writes : {&script.join, &script.leave}) {
    for (PlayedWrite& write : *writes) {
      if (write.key.ns == like) write.key.ns = project;
      if (write.key.ns.empty() && write.key.name == like) write.key.name = project;
      write.content = renamed(std::move(write.content), like, project);
    }
  }
  scripts[project] = std::move(script);
}

Playbook playbook_of(const std::vector<RecordedCase>& cases) {
  Playbook book;
  for (const RecordedCase& recorded : cases) {
    book.mesh = mesh_of(recorded);
    take_statuses(recorded.before, book);
    take_statuses(recorded.after, book);
    for (const auto& [project, record] : by_project(recorded)) {
      if (record.is_complete("create")) {
        book.scripts[project].join = script_of(record, true, book.mesh);
      } else if (record.is_complete("delete")) {
        book.scripts[project].leave = script_of(record, false, book.mesh);
      }
    }
  }
  for (auto& [project, script] : book.scripts) {
    if (script.leave.empty()) script.leave = undone(script.join);
  }
  if (book.scripts.empty()) throw std::runtime_error{"in no case a project joins or leaves"};
  return book;
}

}  // namespace meshproof
