#include "scenarios/generate/mesh.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "model/mesh/settle.h"
#include "model/source.h"
#include "scenarios/generate/form.h"
#include "scenarios/generate/platform.h"
#include "scenarios/generate/project.h"
#include "scenarios/read.h"

namespace meshproof {
namespace {

constexpr std::size_t kMeshNetId = 3;

constexpr std::string_view kDeclarations = R"({"apiVersion": "v1",
 "kind": "Namespace",
 "metadata": {"name": "$ns", "labels": {"kubernetes.io/metadata.name": "$ns"}},
 "status": {"phase": "Active"}}
{"apiVersion": "maistra.io/v2",
 "kind": "ServiceMeshControlPlane",
 "metadata": {"name": "basic", "namespace": "$ns"},
 "spec": {"version": "v2.5",
  "addons": {"grafana": {"enabled": true}, "kiali": {"enabled": true},
   "prometheus": {"enabled": true}}}}
{"apiVersion": "maistra.io/v1",
 "kind": "ServiceMeshMemberRoll",
 "metadata": {"name": "default", "namespace": "$ns"},
 "spec": {"members": [$members]}}
)";

std::string declarations(const ClusterShape& shape) {
  std::string members;
  std::string namespaces;
  for (std::size_t i = 0; i < shape.members; ++i) {
    const GeneratedProject project = draw_project(i, shape);
    members += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", project.name);
    namespaces += namespace_json(project) + '\n';
    namespaces += net_namespace_json(project.name, project_netid(i), shape) + '\n';
  }
  return filled(kDeclarations, {{"ns", kMeshNamespace}, {"members", members}}) + namespaces +
         net_namespace_json(kMeshNamespace, kMeshNetId, shape);
}

}  // namespace

ObjectStore generate_mesh(const ClusterShape& shape) {
  std::string text = declarations(shape);
  generate_network(shape, [&](std::string_view json) {
    text += json;
    return true;
  });
  Sources sources;
  Diagnostics told;
  const Input declared = read_text("synthetic mesh", std::move(text), {}, sources, told);
  const Result<SettledState> settled = settle(declared.objects, {});
  return settled ? settled->objects : declared.objects;
}

}  // namespace meshproof
