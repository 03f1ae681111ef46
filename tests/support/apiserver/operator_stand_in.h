#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/apiserver/api_client.h"
#include "tests/support/apiserver/member_run.h"
#include "tests/support/apiserver/playbook.h"
#include "tests/support/apiserver/repeating_thread.h"
#include "tests/support/apiserver/roll_status.h"

namespace meshproof {

/// How the stand-in goes about it.
struct OperatorPace {
  std::chrono::milliseconds before_acting{0};   ///< from seeing an edit to the first write
  std::chrono::milliseconds between_writes{0};  ///< over all projects
  bool acts = true;                             ///< false: an operator that is down
  /// Status writes count too. Then it stands still, in the middle of whatever it was, until it is
  /// given another pace.
  std::optional<std::size_t> stops_after = {};
  NetworkWait network = {};
};

/// Plays the operator of one mesh in a thread of its own: looks at the member roll and does to the
/// projects what the real one was recorded to do, not what meshproof predicts. It knows nothing but
/// what the server holds, so another one can take over at any moment. Several projects go on
/// write by write in turns. A project that could not be configured is tried again when its
/// Namespace changes. What it does not play: repairing what somebody changed in a member.
class OperatorStandIn {
 public:
  OperatorStandIn(const TestServer& server, Playbook book, OperatorPace pace = {});

  /// Counts for the writes from now on.
  void set_pace(const OperatorPace& pace);

  /// Waits until it has looked at everything and found nothing to do: false when the time is over
  /// before. Throws what the thread met.
  [[nodiscard]] bool comes_to_rest(std::chrono::milliseconds at_most = std::chrono::seconds{60});

  /// What it has written so far: `create RoleBinding shop/prometheus-mesh-a`, `update Namespace
  /// shop`, `status ServiceMeshMemberRoll mesh-a/default`.
  [[nodiscard]] std::vector<std::string> writes() const;

 private:
  /// Thrown by a write that is one too many.
  struct StandsStill {};

  void look(const std::stop_token& stop);
  [[nodiscard]] bool act(const std::stop_token& stop);
  [[nodiscard]] MeshSight see();
  [[nodiscard]] bool has_work(const MeshSight& sight, const std::vector<MemberRun>& runs) const;
  [[nodiscard]] std::vector<MemberRun> runs_for(const MeshSight& sight);
  void play(std::vector<MemberRun>& runs, const std::stop_token& stop);
  MemberRun::Progress step(MemberRun& run);
  void finish(const MemberRun& run);
  void mark_roll(const Tree& roll, std::vector<MemberRun>& runs);
  void tell_kiali(const MeshSight& sight);
  void tell_roll(const MeshSight& sight);
  void wrote(const std::string& write);
  [[nodiscard]] OperatorPace pace() const;

  ApiClient client_;
  Playbook book_;
  std::stop_token stop_;
  /// The version that the Namespace had when its project could not be configured.
  std::map<std::string, std::string> failed_at_;

  mutable std::mutex mutex_;  ///< of what follows
  OperatorPace pace_;
  std::vector<std::string> writes_;
  std::size_t writes_of_pace_ = 0;
  std::size_t looks_ = 0;      ///< begun
  std::size_t last_rest_ = 0;  ///< the last look that found nothing to do
  RepeatingThread thread_;     ///< last: it uses the others
};

}  // namespace meshproof
