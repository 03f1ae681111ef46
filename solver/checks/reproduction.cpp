#include "solver/checks/reproduction.h"

#include <algorithm>
#include <array>

namespace meshproof {
namespace {

constexpr auto kKinds = std::to_array<std::string_view>(
    {"ClusterNetwork", "ControlPlane", "NetNamespace", "Namespace", "Network", "NetworkPolicy",
     "Project", "ServiceMeshControlPlane", "ServiceMeshMember", "ServiceMeshMemberRoll"});

bool is_completed_pod(const Object& object) {
  if (object.key.kind != "Pod") return false;
  const std::string_view phase = object.tree->string_at({"status", "phase"});
  return phase == "Succeeded" || phase == "Failed";
}

/// Names and values in the order of the variables, which need not be that of the calls.
class NameList {
 public:
  void set(Variable variable, std::string name, std::vector<std::string> values) {
    if (names_.variables.size() <= variable.index) {
      names_.variables.resize(variable.index + 1);
      names_.values.resize(variable.index + 1);
    }
    names_.variables[variable.index] = std::move(name);
    names_.values[variable.index] = std::move(values);
  }

  void set_labels(const LabelVariables& labels, const std::string& of, const SymbolTable& symbols) {
    for (std::size_t i = 0; i < labels.variables.size(); ++i) {
      const LabelDomain& domain = labels.domains.all()[i];
      std::vector<std::string> values{"(absent)"};
      for (const Symbol value : domain.values) values.emplace_back(symbols.text(value));
      values.emplace_back("(any other)");
      set(labels.variables[i], of + " label " + std::string(symbols.text(domain.key)),
          std::move(values));
    }
  }

  [[nodiscard]] ProblemNames take() { return std::move(names_); }

 private:
  ProblemNames names_;
};

std::string range_text(const PortAtom& atom) {
  std::string text(to_string(atom.protocol));
  if (atom.protocol == Protocol::Icmp) return text;
  text += ' ' + std::to_string(atom.range.from);
  return atom.range.from == atom.range.to ? text : text + '-' + std::to_string(atom.range.to);
}

}  // namespace

ObjectStore objects_of_isolation(const Snapshot& snapshot) {
  ObjectStore result;
  for (const Object& object : snapshot.objects) {
    const bool is_of_them =
        std::ranges::find(kKinds, object.key.kind) != kKinds.end() || is_completed_pod(object);
    if (is_of_them) result.put(object);
  }
  return result;
}

ProblemNames names_of(const FlowProblem& problem, const Cluster& cluster) {
  const FlowVariables& flow = problem.flow;
  NameList names;
  std::vector<std::string> sources;
  for (const SourceGroup& group : flow.groups) {
    sources.push_back("projects like " + cluster.at(group.example).name);
  }
  sources.emplace_back("a future project");
  sources.emplace_back("outside");
  names.set(flow.source, "source", std::move(sources));
  std::vector<std::string> addresses;
  for (const AddressAtom& atom : flow.addresses) {
    addresses.push_back("from " + atom.first.to_string());
  }
  names.set(flow.source_address, "source address", addresses);
  names.set(flow.destination_address, "destination address", addresses);
  std::vector<std::string> ports;
  for (const PortAtom& atom : flow.ports) ports.push_back(range_text(atom));
  names.set(flow.port, "port", std::move(ports));
  for (const auto& [name, variable] : flow.port_names) {
    names.set(variable, "port is named " + name, {"no", "yes"});
  }
  names.set_labels(flow.future_namespace, "future project", cluster.symbols);
  names.set_labels(flow.destination_namespace, "project to come", cluster.symbols);
  names.set_labels(flow.source_pod, "source pod", cluster.symbols);
  names.set_labels(flow.destination_pod, "destination pod", cluster.symbols);
  ProblemNames result = names.take();
  for (const PolicyId id : flow.parts) {
    const NetworkPolicy& policy = cluster.at(id);
    result.parts.push_back("NetworkPolicy " + cluster.at(policy.ns).name + '/' + policy.name +
                           " isolates");
  }
  return result;
}

}  // namespace meshproof
