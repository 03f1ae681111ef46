#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/observed_flow.h"
#include "model/snapshot.h"
#include "model/use.h"

/// How find_uses() looks for uses. Only the files of solver/uses include this.
namespace meshproof {

/// Which of a Service's ports is meant, as clients name it.
struct MeantPort {
  std::uint16_t number = 0;  ///< of the Service; 0: any
  std::string name = {};     ///< of the Service's port; empty: any
};

/// One search through one state: what the families of evidence share. Refers to the snapshot.
class UseSearch {
 public:
  UseSearch(const Snapshot& state, const ObservedFlows& flows)
      : snapshot(state), cluster(state.cluster), observed(flows) {}

  const Snapshot& snapshot;
  const Cluster& cluster;
  const ObservedFlows& observed;

  /// Adds a use, unless it has no target left. One without a source is told by the sentence.
  void add(Use use, const std::string& why_no_source = {});
  /// Whether it has a source that is not `apart`.
  [[nodiscard]] bool is_used(const Use& use) const;
  void add_unknown_flow() { ++found_.unknown_flows; }

  /// The pods that have not completed, sorted, each once.
  [[nodiscard]] SharedPods live(std::vector<PodId> pods) const;
  /// Those of a namespace with this label and value.
  [[nodiscard]] std::vector<PodId> pods_labelled(NamespaceId ns, std::string_view key,
                                                 std::string_view value) const;
  /// What is behind a Service on the port that is meant: nothing if the Service does not offer it;
  /// the number itself behind a headless one (SEMANTICS S4–S6).
  [[nodiscard]] std::vector<UseTarget> behind(ServiceId service, const MeantPort& meant) const;
  /// Invalid if there is no such Service.
  [[nodiscard]] ServiceId service(std::string_view ns, std::string_view name) const;

  /// All that was found, merged where ends and ports are the same, strongest first.
  [[nodiscard]] Uses take();

 private:
  Uses found_;
};

/// `1,203 flows in 30 d`.
[[nodiscard]] std::string flow_words(std::uint64_t count, const ObservedFlows& observed);

/// The families of evidence.
void find_observed(UseSearch& search);
void find_exposed(UseSearch& search);
void find_monitored(UseSearch& search);
void find_called_by_api_server(UseSearch& search);
void find_in_environments(UseSearch& search);
void find_in_own_policies(UseSearch& search);

}  // namespace meshproof
