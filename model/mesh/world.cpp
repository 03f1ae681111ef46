#include "model/mesh/world.h"

#include <algorithm>
#include <array>
#include <utility>

#include "model/edit.h"
#include "model/mesh/defaulting.h"
#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"
#include "model/mesh/ranks.h"
#include "model/mesh/watches.h"

namespace meshproof {
namespace {

constexpr std::string_view kDeletionTime = "1970-01-01T00:00:00Z";  // when is not predicted

/// The object without what does not count for its generation.
Tree generated_part(const Tree& object) {
  Tree part = object;
  part.erase("metadata");
  part.erase("status");
  return part;
}

Object project_as_namespace(const Object& project) {
  Tree tree = *project.tree;
  tree.set("apiVersion", Tree::string("v1"));
  tree.set("kind", Tree::string("Namespace"));
  return make_object(with_defaults(std::move(tree)));
}

Object assumed_namespace(const std::string& name) {
  Tree tree = Tree::mapping({{"apiVersion", Tree::string("v1")},
                             {"kind", Tree::string("Namespace")},
                             {"metadata", Tree::mapping({{"name", Tree::string(name)}})}});
  return make_object(with_defaults(std::move(tree)));
}

}  // namespace

World::World(ObjectStore objects, const OperatorVersion& version, Platform platform)
    : objects_(std::move(objects)), version_(&version), platform_(std::move(platform)) {
  for (const Object& object : objects_) {
    if (!object.key.ns.empty()) referenced_namespaces_.insert(object.key.ns);
  }
}

std::optional<Object> World::find_namespace(const std::string& name) const {
  if (const Object* object = find("Namespace", "", name)) return *object;
  if (const Object* project = find("Project", "", name)) return project_as_namespace(*project);
  if (referenced_namespaces_.contains(name)) return assumed_namespace(name);
  return std::nullopt;
}

std::vector<Object> World::namespaces() const {
  std::set<std::string> names = referenced_namespaces_;
  for (const auto kind : {"Namespace", "Project"}) {
    for (const Object* object : objects_.of_kind(kind)) names.insert(object->key.name);
  }
  std::vector<Object> found;
  for (const auto& name : names) found.push_back(*find_namespace(name));
  return found;
}

bool World::create(Tree object, const WriteNote& note) {
  if (objects_.find(key_of(object)) != nullptr) return false;
  begin_sequence_of(key_of(object));
  object = as_created(std::move(object));
  const ObjectKey key = key_of(object);
  store(std::move(object));
  const Object* created = objects_.find(key);
  record(Verb::Create, *created, without_server_fields(*created->tree, false), note);
  notify(nullptr, created);
  return true;
}

void World::update(Tree object, const WriteNote& note) {
  object = with_defaults(std::move(object));
  const ObjectKey key = key_of(object);
  const Object* stored = objects_.find(key);
  if (stored != nullptr && *stored->tree == object) return;
  const std::optional<Object> before = stored == nullptr ? std::nullopt : std::optional(*stored);
  if (before && !(generated_part(*before->tree) == generated_part(object)) &&
      object.find_path({"metadata", "generation"}) != nullptr) {
    object.mapping_at("metadata").set("generation", Tree::number(generation(*before) + 1));
  }
  store(std::move(object));
  const Object after = *objects_.find(key);
  const bool ends =
      after.is_terminating() && key.kind != "Namespace" && finalizers(*after.tree).empty();
  record(Verb::Update, after, ends ? Tree::null() : without_server_fields(*after.tree, false),
         note);
  if (ends) objects_.erase(key);
  notify(before ? &*before : nullptr, ends ? nullptr : &after);
}

void World::update_status(const Object& object, Tree status, const WriteNote& note) {
  const Object before = object;
  const Tree* old_status = before.tree->find("status");
  if (old_status != nullptr && *old_status == status) return;
  Tree tree = *before.tree;
  tree.set("status", std::move(status));
  store(std::move(tree));
  const Object after = *objects_.find(before.key);
  WriteNote aside = note;
  aside.aside = true;
  record(Verb::Update, after, without_server_fields(*after.tree, true), aside);
  notify(&before, &after);
}

void World::remove(const ObjectKey& key, const WriteNote& note) {
  const Object* stored = objects_.find(key);
  if (stored == nullptr || stored->is_terminating()) return;
  const Object before = *stored;
  begin_sequence_of(key);
  record(Verb::Delete, before, Tree::null(), note);
  const bool waits = key.kind == "Namespace" || key.kind == "ServiceMeshControlPlane" ||
                     !finalizers(*before.tree).empty();
  if (waits) {
    Tree marked = *before.tree;
    marked.mapping_at("metadata")
        .set("deletionTimestamp", Tree::string(std::string{kDeletionTime}));
    // The operator holds every control plane that it has seen; a manifest need not show it.
    if (key.kind == "ServiceMeshControlPlane" && !has_finalizer(before, kFinalizer)) {
      add_finalizer(marked, kFinalizer);
    }
    if (key.kind == "Namespace") {
      marked.mapping_at("status").set("phase", Tree::string("Terminating"));
    }
    store(std::move(marked));
  } else {
    objects_.erase(key);
  }
  const Object* after = objects_.find(key);
  notify(&before, after);
}

void World::end_namespace(const std::string& name) {
  const Object* stored = find("Namespace", "", name);
  referenced_namespaces_.erase(name);
  if (const Object* project = find("Project", "", name)) objects_.erase(ObjectKey{project->key});
  if (stored == nullptr) return;
  const Object before = *stored;
  objects_.erase(before.key);
  ++write_count_;
  notify(&before, nullptr);
}

void World::begin_sequence(const std::string& project) {
  const auto [at, first] = sequences_.try_emplace(project, 0);
  if (!first) at->second += kRanksOfOneSequence;
}

// A project's membership begins and ends with its ServiceMeshMember.
void World::begin_sequence_of(const ObjectKey& key) {
  if (key.kind == "ServiceMeshMember") begin_sequence(key.ns);
}

void World::assume(const std::string& sentence) {
  if (std::ranges::find(assumptions_, sentence) == assumptions_.end()) {
    assumptions_.push_back(sentence);
  }
}

void World::store(Tree object) {
  if (object.string_at({"kind"}) == "Namespace") copy_labels_to_project(object);
  const auto ns = object.string_at({"metadata", "namespace"});
  if (!ns.empty()) referenced_namespaces_.insert(std::string{ns});
  objects_.put(make_object(std::move(object)));
}

void World::notify(const Object* before, const Object* after) {
  for (Request& request : requests_after_write(*this, before, after)) {
    queue_.add(std::move(request));
  }
}

void World::record(Verb verb, const Object& written, Tree object, const WriteNote& note) {
  ++write_count_;
  if (!recording_) return;
  Step step;
  step.verb = verb;
  step.writer = note.writer;
  step.key = written.key;
  step.api_version = written.api_version();
  step.object = std::move(object);
  step.project = note.project;
  step.reason = note.reason;
  step.aside = note.aside;
  const auto sequence = sequences_.find(note.project);
  step.rank = note.rank + (sequence == sequences_.end() ? 0 : sequence->second);
  step.phase = phase_;
  steps_.push_back(std::move(step));
}

// A Project is a view of its Namespace: both must tell the same labels.
void World::copy_labels_to_project(const Tree& ns) {
  const Object* project = find("Project", "", ns.string_at({"metadata", "name"}));
  if (project == nullptr) return;
  Tree view = *project->tree;
  const Tree* labels = ns.find_path({"metadata", "labels"});
  Tree& metadata = view.mapping_at("metadata");
  if (labels == nullptr) {
    metadata.erase("labels");
  } else {
    metadata.set("labels", *labels);
  }
  objects_.put(make_object(std::move(view)));
}

}  // namespace meshproof
