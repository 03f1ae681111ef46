#include "tests/support/apiserver/live_cluster.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tests/model/replay.h"

namespace meshproof {
namespace {

/// Kinds of which a server that nobody uses has objects, and no test has any.
constexpr std::array<std::string_view, 8> kServersKinds{
    "APIService", "CustomResourceDefinition",   "Event",         "FlowSchema",
    "IPAddress",  "PriorityLevelConfiguration", "PriorityClass", "ServiceCIDR"};

bool is_servers_namespace(std::string_view name) { return name.starts_with("kube-"); }

/// The server has made it for itself.
bool is_servers(const ObjectKey& key, const Tree& object) {
  if (is_servers_namespace(key.ns) || key.name.starts_with("system:")) return true;
  if (key.kind == "Namespace") return is_servers_namespace(key.name);
  const Tree* labels = object.find_path({"metadata", "labels"});
  if (labels != nullptr && labels->find("kubernetes.io/bootstrapping") != nullptr) return true;
  return key.ns == "default" && key.name == "kubernetes";
}

bool is_servers_kind(const ApiKind& kind) {
  return !kind.is_listed || std::ranges::find(kServersKinds, kind.kind) != kServersKinds.end();
}

void remove_object(ApiClient& client, const ObjectKey& key, const Tree& object) {
  const Tree* finalizers = object.find_path({"metadata", "finalizers"});
  if (finalizers != nullptr) {
    const Tree none = Tree::mapping({{"finalizers", Tree::null()}});
    client.merge(key, Tree::mapping({{"metadata", none}}));
  }
  const ApiAnswer answer = client.remove(key);
  if (!answer.is_ok() && answer.status != 404) {
    throw std::runtime_error{"wiping " + to_string(key) + ": " + answer.text()};
  }
}

void remove_namespace(ApiClient& client, const ObjectKey& key) {
  if (key.name == "default") {
    const Tree none = Tree::mapping({{"labels", Tree::null()}, {"annotations", Tree::null()}});
    client.merge(key, Tree::mapping({{"metadata", none}}));
    return;
  }
  client.remove(key);
  auto left = client.find(key);
  if (!left) return;
  left->mapping_at("spec").set("finalizers", Tree::sequence());
  const ApiAnswer answer = client.send("PUT", client.path_of(key) + "/finalize", *left);
  if (!answer.is_ok()) throw std::runtime_error{to_string(key) + ": " + answer.text()};
}

/// As it can be created: without what only the server writes.
Tree creatable(const Tree& object) {
  Tree bare = object;
  Tree& metadata = bare.mapping_at("metadata");
  for (const auto field :
       {"resourceVersion", "uid", "creationTimestamp", "generation", "managedFields", "selfLink",
        "deletionTimestamp", "deletionGracePeriodSeconds"}) {
    metadata.erase(field);
  }
  return bare;
}

void name_owners(ApiClient& client, Tree& object) {
  Tree* owners = object.mapping_at("metadata").find("ownerReferences");
  if (owners == nullptr) return;
  for (Tree& owner : owners->items) {
    const ObjectKey key{std::string{group_of(owner.string_at({"apiVersion"}))},
                        std::string{owner.string_at({"kind"})},
                        std::string{object.string_at({"metadata", "namespace"})},
                        std::string{owner.string_at({"name"})}};
    const bool is_served = std::ranges::any_of(client.kinds(), [&](const ApiKind& kind) {
      return kind.group == key.group && kind.kind == key.kind;
    });
    const auto found = is_served ? client.find(key) : std::nullopt;
    // An owner that the state does not show: nobody looks for it.
    const auto uid = found ? found->string_at({"metadata", "uid"}) : "no-such-owner";
    owner.set("uid", Tree::string(std::string{uid}));
  }
}

/// The generation of these stands in what the operator writes, so it has to be as recorded. The
/// server counts edits; a field that comes, changes and goes makes as many as it takes.
bool has_told_generation(const ObjectKey& key) {
  return key.kind == "ServiceMeshControlPlane" || key.kind == "ServiceMeshMemberRoll";
}

ApiAnswer create_in_generation(ApiClient& client, const ObjectKey& key, Tree object,
                               std::int64_t generation) {
  constexpr const char* kScratch = "editsOfTheTest";
  object.mapping_at("spec").set(kScratch, Tree::number(1));
  ApiAnswer answer = client.create(object);
  for (std::int64_t made = 2; made <= generation && answer.is_ok(); ++made) {
    const Tree next = made == generation ? Tree::null() : Tree::number(made);
    const Tree spec = Tree::mapping({{kScratch, next}});
    answer = client.merge(key, Tree::mapping({{"spec", spec}}));
  }
  return answer;
}

void create_object(ApiClient& client, const Object& object) {
  Tree bare = creatable(*object.tree);
  name_owners(client, bare);
  const auto generation = object.tree->integer_at({"metadata", "generation"}).value_or(1);
  const bool counts = generation > 1 && has_told_generation(object.key);
  ApiAnswer answer =
      counts ? create_in_generation(client, object.key, bare, generation) : client.create(bare);
  // `default` is always there.
  if (answer.status == 409) answer = client.merge(object.key, bare);
  if (!answer.is_ok()) throw std::runtime_error{to_string(object.key) + ": " + answer.text()};
  const Tree* status = object.tree->find("status");
  if (status == nullptr || object.key.kind == "Namespace") return;
  answer = client.write_status(object.key, *status);
  if (!answer.is_ok()) {
    throw std::runtime_error{"status of " + to_string(object.key) + ": " + answer.text()};
  }
}

/// Namespaces before what lies in them, control planes before what they own.
int turn_of(const ObjectKey& key) {
  if (key.kind == "Namespace") return 0;
  return key.kind == "ServiceMeshControlPlane" ? 1 : 2;
}

void apply_object(ApiClient& client, const Tree& object) {
  ApiAnswer answer = client.create(object);
  if (answer.status == 409) {
    Tree next = client.find(key_of(object)).value_or(object);
    for (const TreeField& field : object.fields) {
      if (field.key != "metadata") next.set(field.key, field.value);
    }
    answer = client.send("PUT", client.path_of(key_of(object)), next);
  }
  if (!answer.is_ok()) throw std::runtime_error{answer.text()};
}

void make_edit(ApiClient& client, const Edit& edit) {
  ApiAnswer answer{200, {}};
  if (const auto* apply = std::get_if<ApplyObject>(&edit)) apply_object(client, apply->object);
  if (const auto* merge = std::get_if<MergeObject>(&edit)) {
    answer = client.merge(key_of(merge->object), merge->object);
  }
  if (const auto* patch = std::get_if<PatchObject>(&edit)) {
    answer = client.merge(patch->target.key(), patch->merge);
  }
  if (const auto* gone = std::get_if<DeleteObject>(&edit)) {
    answer = client.remove(gone->target.key());
  }
  if (!answer.is_ok()) throw std::runtime_error{answer.text()};
}

/// What two recordings of one state can differ in is taken out, and told apart by words where the
/// live state contradicts itself.
ObjectStore comparable(const ObjectStore& objects) {
  std::vector<Object> bare;
  for (const Object& object : objects) {
    Tree tree = *object.tree;
    Tree& metadata = tree.mapping_at("metadata");
    const auto generation = metadata.integer_at({"generation"});
    metadata.erase("generation");
    // The server keeps no empty ones.
    for (const auto field : {"labels", "annotations"}) {
      const Tree* mapping = metadata.find(field);
      if (mapping != nullptr && mapping->fields.empty()) metadata.erase(field);
    }
    if (Tree* owners = metadata.find("ownerReferences")) {
      for (Tree& owner : owners->items) owner.erase("uid");
    }
    if (Tree* status = tree.find("status")) {
      const auto observed = status->integer_at({"observedGeneration"});
      if (observed && object.key.kind != "ServiceMeshControlPlane") {
        status->set("observedGeneration", Tree::boolean(observed == generation));
      }
    }
    bare.push_back(make_object(std::move(tree)));
  }
  return ObjectStore{std::move(bare)};
}

}  // namespace

void wipe_cluster(ApiClient& client) {
  for (const ApiKind& kind : client.kinds()) {
    if (is_servers_kind(kind) || kind.kind == "Namespace") continue;
    for (const Tree& object : client.list({kind.group, kind.kind, "", ""})) {
      const ObjectKey key = key_of(object);
      if (!is_servers(key, object)) remove_object(client, key, object);
    }
  }
  for (const Tree& object : client.list({"", "Namespace", "", ""})) {
    const ObjectKey key = key_of(object);
    if (!is_servers(key, object)) remove_namespace(client, key);
  }
}

void build_cluster(ApiClient& client, const ObjectStore& objects) {
  wipe_cluster(client);
  std::vector<const Object*> ordered;
  for (const Object& object : objects) ordered.push_back(&object);
  std::ranges::stable_sort(ordered, {}, [](const Object* object) { return turn_of(object->key); });
  for (const Object* object : ordered) create_object(client, *object);
  for (const Object* object : ordered) {
    if (object->is_terminating()) client.remove(object->key);
  }
}

ObjectStore live_objects(ApiClient& client) {
  std::vector<Object> objects;
  for (const ApiKind& kind : client.kinds()) {
    if (is_servers_kind(kind)) continue;
    for (Tree& object : client.list({kind.group, kind.kind, "", ""})) {
      if (!is_servers(key_of(object), object)) objects.push_back(make_object(std::move(object)));
    }
  }
  return ObjectStore{std::move(objects)};
}

void make_change(ApiClient& client, const Change& change) {
  for (const ChangePhase& phase : change.phases) {
    for (const ChangeStep& step : phase.steps) make_edit(client, step.edit);
  }
}

std::vector<std::string> differences_to(const ObjectStore& recorded, const ObjectStore& live) {
  ObjectStore known = live;
  if (recorded.find("Namespace", "", "default") == nullptr) {
    known.erase(key_for("Namespace", "", "default"));
  }
  return differences(comparable(recorded), comparable(known));
}

}  // namespace meshproof
