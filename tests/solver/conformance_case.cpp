#include "tests/solver/conformance_case.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <tuple>

#include "model/object.h"
#include "model/project.h"
#include "scenarios/document.h"

namespace meshproof {
namespace {

namespace fs = std::filesystem;

std::vector<Document> read_documents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::ostringstream text;
  text << in.rdbuf();
  return parse_documents(text.str(), {});
}

Tree read_json_file(const fs::path& file) {
  auto documents = read_documents(file);
  if (documents.size() != 1 || !documents[0].diagnostics.empty()) {
    throw std::runtime_error("not one JSON value: " + file.string());
  }
  return std::move(documents[0].tree);
}

/// Differences name an address `ext:ADDRESS`.
std::string read_end(const Tree& tree, std::string_view key) {
  const std::string text{tree.string_at({key})};
  return text.starts_with("ext:") ? text.substr(4) : text;
}

RecordedProbe read_probe(const Tree& tree) {
  RecordedProbe probe;
  probe.src = read_end(tree, "src");
  probe.dst = read_end(tree, "dst");
  probe.protocol = parse_protocol(tree.string_at({"protocol"})).value();
  probe.port = static_cast<std::uint16_t>(tree.integer_at({"port"}).value());
  if (const Tree* allowed = tree.find("allowed")) probe.allowed = allowed->text == "true";
  if (const Tree* via = tree.find("via"); via != nullptr && !via->items.empty()) {
    probe.via = via->items.back().text;
  }
  return probe;
}

auto key_of_probe(const RecordedProbe& probe) {
  return std::tuple{probe.src, probe.dst, probe.protocol, probe.port};
}

void read_specification(const Tree& differences, std::vector<RecordedProbe>& probes) {
  for (const Tree& item : differences.items) {
    const auto difference = key_of_probe(read_probe(item));
    const auto probe = std::ranges::find(probes, difference, key_of_probe);
    if (probe == probes.end()) throw std::runtime_error("a difference about no probe");
    probe->specification = item.boolean_at({"spec"}).value();
  }
}

RecordedCase read_case(const fs::path& folder) {
  const Tree expected = read_json_file(folder / "expected.json");
  RecordedCase recorded;
  recorded.name = folder.parent_path().filename().string() + '/' + folder.filename().string();
  recorded.cluster_file = folder / "cluster.yaml";
  if (!fs::exists(recorded.cluster_file)) {
    recorded.cluster_file =
        folder.parent_path().parent_path() / "sdn" / folder.filename() / "cluster.yaml";
  }
  recorded.normative = expected.boolean_at({"normative"}).value();
  recorded.mode = parse_sdn_mode(expected.string_at({"mode"})).value();
  if (expected.find("dialect") != nullptr) {
    recorded.dialect = parse_dialect(expected.string_at({"dialect"})).value();
  }
  for (const Tree& item : expected.find("results")->items) {
    recorded.probes.push_back(read_probe(item));
  }
  read_specification(*expected.find("differsFromKubernetes"), recorded.probes);
  return recorded;
}

}  // namespace

std::vector<RecordedCase> read_recorded_cases(const std::string& folder) {
  const fs::path root = fs::path{MESHPROOF_SOURCE_DIR} / "scenarios" / "conformance" / folder;
  std::vector<RecordedCase> cases;
  for (const auto& entry : fs::directory_iterator(root)) {
    if (entry.is_directory()) cases.push_back(read_case(entry.path()));
  }
  std::ranges::sort(cases, {}, &RecordedCase::name);
  return cases;
}

Cluster read_recorded_cluster(const RecordedCase& recorded, Dialect dialect) {
  ObjectStore objects;
  for (Document& document : read_documents(recorded.cluster_file)) {
    if (!document.tree.is_null()) objects.put(make_object(std::move(document.tree)));
  }
  NetworkOptions options;
  options.dialect = dialect;
  options.sdn = dialect == Dialect::OpenShiftSdn ? recorded.mode : SdnMode::NetworkPolicy;
  Diagnostics diagnostics;
  Cluster cluster = project(objects, options, diagnostics);
  if (has_errors(diagnostics)) {
    throw std::runtime_error(recorded.name + ": " + diagnostics.front().message);
  }
  return cluster;
}

FlowEnd flow_end(const Cluster& cluster, const std::string& text) {
  if (const auto address = IpAddress::parse(text)) return *address;
  const bool is_service = text.starts_with("svc:");
  const std::string path = is_service ? text.substr(4) : text;
  const auto slash = path.find('/');
  const NamespaceId ns = cluster.find_namespace(path.substr(0, slash));
  const std::string name = path.substr(slash + 1);
  const ServiceId service = is_service ? cluster.find_service(ns, name) : ServiceId{};
  const PodId pod = is_service ? PodId{} : cluster.find_pod(ns, name);
  if (service.is_valid()) return service;
  if (pod.is_valid()) return pod;
  throw std::runtime_error("nobody is " + text);
}

}  // namespace meshproof
