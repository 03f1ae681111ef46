#include "scenarios/generate.h"

#include <utility>

#include <fmt/format.h>

#include "model/source.h"
#include "model/tree_json.h"
#include "scenarios/generate/mesh.h"
#include "scenarios/generate/platform.h"
#include "scenarios/generate/pods.h"
#include "scenarios/generate/policies.h"
#include "scenarios/generate/project.h"
#include "scenarios/generate/system.h"
#include "scenarios/read.h"

namespace meshproof {
namespace {

/// Far beyond what a cluster can hold, and far from an overflow of products.
constexpr std::size_t kMostOfAnything = 10'000'000;

Diagnostic impossible(std::string message) {
  return {{}, Severity::Error, "impossible-shape", std::move(message), {}, "command line"};
}

bool generate_mesh_objects(const ClusterShape& shape, const TakeObject& take) {
  const ObjectStore mesh = generate_mesh(shape);
  for (const Object& object : mesh) {
    std::string json;
    append_json(json, *object.tree);
    if (!take(json)) return false;
  }
  return true;
}

/// A member's Namespace and NetNamespace are part of the mesh, which has changed them.
bool generate_namespace(const GeneratedProject& project, const ClusterShape& shape,
                        const TakeObject& take) {
  if (project.is_member) return true;
  if (!take(namespace_json(project))) return false;
  const std::string net = net_namespace_json(project.name, project_netid(project.number), shape);
  return net.empty() || take(net);
}

}  // namespace

Diagnostics check(const ClusterShape& shape) {
  Diagnostics diagnostics;
  if (shape.members > shape.namespaces) {
    diagnostics.push_back(
        impossible(fmt::format("--members is {}, but there are only {} namespaces; both count "
                               "namespaces of applications",
                               shape.members, shape.namespaces)));
  }
  const auto limit = [&](std::string_view option, std::size_t count) {
    if (count <= kMostOfAnything) return;
    diagnostics.push_back(
        impossible(fmt::format("{} is {}; at most {}", option, count, kMostOfAnything)));
  };
  limit("--namespaces", shape.namespaces);
  limit("--pods", shape.pods);
  limit("--policies", shape.policies);
  if (!diagnostics.empty()) return diagnostics;
  constexpr std::size_t kMostPods = (kMostNodes - 1) * kPodsOfNode;
  if (!shape.deployments && shape.namespaces * shape.pods > kMostPods) {
    diagnostics.push_back(impossible(
        fmt::format("{} namespaces of {} pods are {} pods; the pod network has room for {}",
                    shape.namespaces, shape.pods, shape.namespaces * shape.pods, kMostPods)));
  }
  return diagnostics;
}

void generate(const ClusterShape& shape, const TakeObject& take) {
  const Machines machines = machines_of(shape);
  bool taken = generate_mesh_objects(shape, take);
  if (!shape.deployments) taken = taken && generate_nodes(shape, machines, take);
  taken = taken && generate_system(shape, machines, take);
  for (std::size_t number = 0; taken && number < shape.namespaces; ++number) {
    const GeneratedProject project = draw_project(number, shape);
    taken = generate_namespace(project, shape, take) && generate_policies(project, shape, take) &&
            generate_pods(project, shape, machines, number * shape.pods, take);
  }
}

bool generate_list(const ClusterShape& shape, const std::function<bool(std::string_view)>& write) {
  bool wrote = write("{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [");
  bool first = true;
  generate(shape, [&](std::string_view json) {
    wrote = wrote && write(first ? "\n" : ",\n") && write(json);
    first = false;
    return wrote;
  });
  return wrote && write("\n]}\n");
}

ObjectStore generate_objects(const ClusterShape& shape) {
  std::string text;
  generate_list(shape, [&](std::string_view piece) {
    text += piece;
    return true;
  });
  Sources sources;
  Diagnostics told;
  return read_text("synthetic cluster", std::move(text), {}, sources, told).objects;
}

}  // namespace meshproof
