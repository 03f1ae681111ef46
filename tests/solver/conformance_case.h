#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "model/cluster.h"
#include "model/flow.h"

namespace meshproof {

/// A question that was put to a real network, and its answer.
struct RecordedProbe {
  std::string src;
  std::string dst;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
  bool allowed = false;
  std::string via;
  /// What the Kubernetes specification says, where it differs.
  std::optional<bool> specification;
};

/// One folder below scenarios/conformance/.
struct RecordedCase {
  std::string name;
  std::filesystem::path cluster_file;
  bool normative = true;
  Dialect dialect = Dialect::OpenShiftSdn;
  SdnMode mode = SdnMode::NetworkPolicy;
  std::vector<RecordedProbe> probes;
};

/// Every case of `sdn` or `ovn`, by name. Throws on files that are not as README.md there says.
[[nodiscard]] std::vector<RecordedCase> read_recorded_cases(const std::string& folder);

/// The cluster of the case, as this dialect sees it.
[[nodiscard]] Cluster read_recorded_cluster(const RecordedCase& recorded, Dialect dialect);

/// An end as probes write it. Throws if the cluster has no such pod or Service.
[[nodiscard]] FlowEnd flow_end(const Cluster& cluster, const std::string& text);

}  // namespace meshproof
