#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/change.h"
#include "model/diagnostic.h"
#include "model/object.h"
#include "model/project.h"
#include "model/result.h"
#include "model/snapshot.h"

namespace meshproof {

enum class Verb : std::uint8_t { Create, Update, Delete };
[[nodiscard]] std::string_view to_string(Verb verb);

/// One write, by the user's change, the mesh operator, the SDN master, or others that act on what
/// the mesh operator writes: the API server, which gives hosts to Routes, and Jaeger's operator.
struct Step {
  enum class Writer : std::uint8_t { User, Operator, SdnMaster, Others };

  Verb verb = Verb::Create;
  Writer writer = Writer::Operator;
  ObjectKey key;
  std::string api_version;
  /// The whole object after the write, without server-side fields, with its status only after a
  /// write to it. Null after a delete, and after the write that takes the last finalizer off a
  /// deleted object: then it is gone.
  Tree object;
  /// The member namespace whose joining or leaving this step belongs to; empty for none.
  std::string project;
  std::string reason;  ///< one clause: why the operator writes this
  /// Status, finalizer, Kiali and ConfigMap writes: no effect on who reaches whom.
  bool aside = false;
  /// Steps of one project with the same rank have no fixed order among them (operator-recorded.md:
  /// policies, role bindings); lower ranks come first. Projects interleave freely.
  int rank = 0;
  std::size_t phase = 0;  ///< of the Change
};
[[nodiscard]] std::string_view to_string(Step::Writer writer);

/// What becomes of one namespace that the change touches.
struct Outcome {
  enum class Status : std::uint8_t { Configured, Pending, Failed, Removed, Unchanged, Rejected };

  std::string ns;
  std::string mesh;  ///< control-plane namespace
  Status status = Status::Unchanged;
  std::string reason;
  std::optional<int> code = {};  ///< the API server's answer to a rejected write: 400
};
[[nodiscard]] std::string_view to_string(Outcome::Status status);

/// Another way it can end, where a race decides.
struct Alternative {
  std::string when;
  std::vector<Outcome> outcomes;
  std::vector<Step> steps;
};

/// What a change will do: every write in an order in which the operator can make it, and the state
/// when it has come to rest.
struct Prediction {
  std::vector<Step> steps;
  std::vector<Outcome> outcomes;  ///< sorted by namespace
  std::vector<Alternative> alternatives;
  /// The state before, with the meshes installed that the input only declares (settle()).
  ObjectStore before;
  ObjectStore after;
  std::string operator_version;          ///< used: `2.5`
  std::string operator_release;          ///< `2.5.1`: what it stamps on its objects
  std::string operator_source;           ///< what shows it: `given`, `status of …`, `assumed`
  std::vector<std::string> assumptions;  ///< sentences that every report repeats
  Diagnostics diagnostics;
};

/// What the policies of the charts do that mean to open one port (operator.md 3.4, "Port bug").
enum class ChartPorts : std::uint8_t {
  Upstream,  ///< the port is lost on the way: they open all, `ingress: [{}]`
  Product,   ///< they open that one, as the product's release notes say (CVE-2021-3586)
};
/// `upstream`, `product`.
[[nodiscard]] std::string_view to_string(ChartPorts ports);

struct PredictOptions {
  NetworkOptions network;
  std::string operator_version;  ///< --operator-version; empty: the change's, the snapshot's, 2.5
  std::optional<ChartPorts> chart_ports = {};  ///< --charts; empty: as the snapshot shows
};

/// Plays the change against the operator's rules (operator.md, operator-recorded.md) until nothing
/// moves. Failures of a namespace are outcomes; only a change that cannot be applied at all (a
/// patch of an object that is not there, an unknown operator version) is an error.
[[nodiscard]] Result<Prediction> predict(const Snapshot& before, const Change& change,
                                         const PredictOptions& options);

}  // namespace meshproof
