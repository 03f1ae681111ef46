#include "model/execution.h"

#include <algorithm>
#include <array>
#include <utility>

#include "model/edit.h"
#include "model/mesh/defaulting.h"
#include "model/sdn/net_id.h"
#include "model/tree_json.h"

namespace meshproof {
namespace {

constexpr std::string_view kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";

constexpr auto kBasisKinds = std::to_array<std::string_view>({
    "ClusterNetwork",
    "EgressNetworkPolicy",
    "Namespace",
    "NetNamespace",
    "Network",
    "NetworkPolicy",
    "ServiceMeshControlPlane",
    "ServiceMeshMember",
    "ServiceMeshMemberRoll",
});

/// An annotation that decides something: of the mesh, of the SDN's networks, of multicast.
bool is_read(std::string_view annotation) {
  return annotation.starts_with("maistra.io/") || annotation == kChangeNetwork ||
         annotation.ends_with("/multicast-enabled");
}

/// The API server leaves out empty lists and nulls, or keeps them, kind by kind; they say the same.
void drop_empty(Tree& tree) {
  for (TreeField& field : tree.fields) drop_empty(field.value);
  for (Tree& item : tree.items) drop_empty(item);
  std::erase_if(tree.fields, [](const TreeField& field) {
    return field.value.is_null() ||
           (field.value.is(TreeKind::Sequence) && field.value.items.empty());
  });
}

Tree sorted(Tree tree) {
  for (Tree& item : tree.items) item = sorted(std::move(item));
  for (TreeField& field : tree.fields) field.value = sorted(std::move(field.value));
  std::ranges::sort(tree.fields, {}, &TreeField::key);
  return tree;
}

std::string json_string(std::string_view text) {
  std::string json;
  append_json(json, Tree::string(std::string(text)));
  return json;
}

/// Names and values in lines of their own: each is a JSON string, so that none can run into the
/// next.
class CanonicalLines {
 public:
  void add(std::string_view name, std::string_view value) {
    text_ += std::string(name) + ' ' + json_string(value) + '\n';
  }
  void add(std::string_view name, const ObjectKey& key) {
    text_ += std::string(name);
    for (const std::string* part : {&key.group, &key.kind, &key.ns, &key.name}) {
      text_ += ' ' + json_string(*part);
    }
    text_ += '\n';
  }
  void add(std::string_view name, const std::optional<Tree>& tree) {
    text_ += std::string(name) + ' ' + (tree ? canonical_json(*tree) : "none") + '\n';
  }
  void add(std::string_view name, const std::vector<ExecutionStage>& stages) {
    for (const ExecutionStage& stage : stages) {
      add(name, std::to_string(stage.delay_seconds));
      for (const PlannedWrite& write : stage.writes) {
        add("write", write.key);
        add("writer", to_string(write.writer));
        add("version", write.api_version);
        add("before", write.before);
        add("after", write.after);
        add("project", write.project);
        add("reason", write.reason);
      }
      for (const MemberEffect& member : stage.members) {
        add(member.configured ? "configured" : "unconfigured", member.mesh);
        add("member", member.ns);
      }
    }
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace

std::string_view to_string(Via via) { return via == Via::Roll ? "roll" : "objects"; }

Verb PlannedWrite::verb() const {
  if (!before) return Verb::Create;
  return after ? Verb::Update : Verb::Delete;
}

bool is_ours(const PlannedWrite& write, Via via) {
  if (write.writer == Step::Writer::User) return true;
  return via == Via::Objects && write.writer == Step::Writer::Operator;
}

Tree content_of(const Tree& object) {
  Tree content = with_defaults(without_server_fields(object, false));
  Tree kept = Tree::mapping();
  for (const std::string_view field : {"name", "namespace", "labels", "annotations"}) {
    const Tree* value = content.find_path({"metadata", field});
    if (value != nullptr && !(value->is(TreeKind::Mapping) && value->fields.empty())) {
      kept.set(field, *value);
    }
  }
  if (Tree* annotations = kept.find("annotations")) {
    annotations->erase(kLastApplied);
    if (annotations->fields.empty()) kept.erase("annotations");
  }
  content.set("metadata", std::move(kept));
  drop_empty(content);
  return content;
}

std::string basis_text(const Tree& object) {
  Tree content = content_of(object);
  Tree& metadata = content.mapping_at("metadata");
  if (Tree* annotations = metadata.find("annotations")) {
    std::erase_if(annotations->fields, [](const TreeField& field) { return !is_read(field.key); });
    if (annotations->fields.empty()) metadata.erase("annotations");
  }
  return canonical_json(content);
}

std::string canonical_json(const Tree& tree) {
  std::string text;
  append_json(text, sorted(tree));
  return text;
}

std::string canonical_text(const Execution& execution) {
  CanonicalLines lines;
  lines.add("program", execution.program);
  lines.add("cluster", execution.cluster.name);
  lines.add("id", execution.cluster.cluster_id);
  lines.add("uid", execution.cluster.kube_system_uid);
  lines.add("server", execution.server);
  lines.add("time", execution.time);
  lines.add("operator", execution.operator_release);
  for (const InputDigest& input : execution.inputs) {
    lines.add("input", input.name);
    lines.add("sha256", input.sha256);
  }
  for (const std::string& kind : execution.basis_kinds) lines.add("kind", kind);
  for (const BasisObject& object : execution.basis) {
    lines.add("basis", object.key);
    lines.add("uid", object.uid);
    lines.add("version", object.resource_version);
    lines.add("digest", object.digest);
  }
  lines.add("order", execution.order);
  lines.add("stage", execution.stages);
  lines.add("rollback", execution.rollback);
  for (const std::string& objection : execution.objections) lines.add("objection", objection);
  return lines.take();
}

std::span<const std::string_view> basis_kinds() { return kBasisKinds; }

bool is_basis_kind(const ObjectKey& key) {
  return key.group == default_group(key.kind) &&
         std::ranges::binary_search(kBasisKinds, std::string_view(key.kind));
}

}  // namespace meshproof
