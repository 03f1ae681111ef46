#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "model/object.h"
#include "model/prediction.h"

namespace meshproof {

/// When the SDN master answers an annotation that the operator has just written. The operator's own
/// wait decides nothing: its first look is at a cache that may still show the old object.
enum class SdnTiming : std::uint8_t { InTime, Late };

/// How the operator's wait for a stopped SDN master ends.
enum class StoppedSdn : std::uint8_t {
  TimesOut,      ///< after 14 s, with an error
  PassesUnseen,  ///< the stale cache shows no annotation, so the wait ends at once
};

/// What surrounds the operator: which kinds are served, and the SDN master.
struct Platform {
  NetworkOptions network;
  std::string operator_namespace;
  bool operator_namespace_known = true;
  std::string release;  ///< of the operator: `2.5.1`
  std::set<std::string> absent_kinds;
  /// The kind of the cluster's Network object is known to be served, although the object may be
  /// missing: a CRD, or a deletion, shows it.
  bool serves_network_kind = false;
  /// Whether NetworkAttachmentDefinition was served when the operator started.
  bool attachments_at_start = true;
  bool sdn_runs = true;
  SdnTiming timing = SdnTiming::InTime;
  StoppedSdn stopped_sdn = StoppedSdn::TimesOut;
  ChartPorts chart_ports = ChartPorts::Upstream;

  [[nodiscard]] bool is_absent(const std::string& kind) const {
    return absent_kinds.contains(kind);
  }
};

/// Reads the platform off the objects. The operator's project is that of the CNI's service account
/// or of the operator's Deployment, else it is not known and taken as `openshift-operators`.
[[nodiscard]] Platform find_platform(const ObjectStore& objects, const PredictOptions& options);

}  // namespace meshproof
