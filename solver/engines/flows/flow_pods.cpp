#include <set>

#include "solver/engines/flows/flow_terms.h"

/// Ends that are pods of the input, as formulas: what a claim about bounded groups speaks of.
namespace meshproof {

Formula FlowTerms::lies_like(const Pod& pod, Variable address) {
  if (pod.addresses.empty()) return Problem::truth();
  std::vector<std::uint32_t> atoms;
  for (std::uint32_t i = 0; i < flow_.addresses.size(); ++i) {
    const bool is_last = i + 1 == flow_.addresses.size();
    for (const IpAddress& one : pod.addresses) {
      const bool is_here =
          flow_.addresses[i].first <= one && (is_last || one < flow_.addresses[i + 1].first);
      if (is_here && flow_.addresses[i].first.is_v4() == one.is_v4()) atoms.push_back(i);
    }
  }
  return problem_.is_any(address, atoms);
}

Formula FlowTerms::is_labelled_like(const std::vector<std::uint32_t>& projection,
                                    const LabelVariables& labels) {
  std::vector<Formula> all;
  for (std::size_t i = 0; i < projection.size(); ++i) {
    all.push_back(problem_.is(labels.variables[i], projection[i]));
  }
  return problem_.all_of(std::move(all));
}

Formula FlowTerms::source_is_one_of(const std::vector<PodId>& pods) {
  std::set<Formula> cases;
  for (const PodId id : pods) {
    const Pod& pod = cluster_.at(id);
    const auto group = encoder_.group_of(flow_, pod.ns);
    if (!group) continue;
    cases.insert(problem_.all_of(
        {problem_.is(flow_.source, *group),
         is_labelled_like(flow_.source_pod.domains.project(pod.labels), flow_.source_pod),
         lies_like(pod, flow_.source_address)}));
  }
  return problem_.any_of({cases.begin(), cases.end()});
}

Formula FlowTerms::destination_is_one_of(const std::vector<PodId>& pods) {
  std::set<Formula> cases;
  for (const PodId id : pods) {
    const Pod& pod = cluster_.at(id);
    if (pod.ns != flow_.destination) continue;
    std::vector<Formula> all{
        is_labelled_like(flow_.destination_pod.domains.project(pod.labels), flow_.destination_pod),
        lies_like(pod, flow_.destination_address)};
    for (const auto& [name, variable] : flow_.port_names) {
      std::vector<Formula> named;
      for (const ContainerPort& port : pod.ports) {
        if (port.name == name) named.push_back(numbers(port.protocol, {port.port, port.port}));
      }
      const Formula is_named = problem_.any_of(std::move(named));
      const Formula is_said = problem_.is(variable, 1);
      all.push_back(problem_.any_of({problem_.negate(is_said), is_named}));
      all.push_back(problem_.any_of({problem_.negate(is_named), is_said}));
    }
    cases.insert(problem_.all_of(std::move(all)));
  }
  return problem_.any_of({cases.begin(), cases.end()});
}

}  // namespace meshproof
