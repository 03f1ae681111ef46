#include "solver/lint/workload_findings.h"

#include <fmt/format.h>

#include "model/project/owners.h"

namespace meshproof {

void WorkloadFindings::add(std::string message, Place place) {
  findings_.push_back({nullptr,
                       fmt::format("{} {}/{}", workload_.kind, workload_.ns, workload_.name),
                       workload_.ns,
                       std::move(message),
                       place.is_known() ? place : workload_.place,
                       {}});
}

HeldTemplate template_of(const LintedState& state, const WorkloadInjection& workload) {
  const Object* object = state.objects().find(workload.kind, workload.ns, workload.name);
  if (object == nullptr) return {};
  HeldTemplate result;
  result.object = object->tree.read();
  const bool is_pod = workload.kind == "Pod";
  result.tree = is_pod ? result.object.get() : pod_template(workload.kind, *result.object);
  return result;
}

}  // namespace meshproof
