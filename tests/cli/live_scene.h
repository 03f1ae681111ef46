#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/cli/run_cli.h"
#include "tests/support/apiserver/network_master.h"
#include "tests/support/apiserver/operator_stand_in.h"
#include "tests/support/apiserver/recorded_stage.h"
#include "tests/support/temporary_folder.h"

namespace meshproof {

/// A recorded join in one mode of the network.
struct Mode {
  std::string name;
  std::vector<std::string> cases;  ///< the join, and what else is known of its projects
  std::vector<std::string> joins;
  bool has_master = false;  ///< somebody answers the requests for networks
};
/// `networkpolicy`, `multitenant`, `subnet`.
[[nodiscard]] Mode mode_named(const std::string& name);

/// The commands on one stage, with everything that plays beside them.
class Live {
 public:
  Live(const TestServer& server, const std::filesystem::path& recordings, const Mode& mode);

  RecordedStage& stage() { return stage_; }
  ApiClient& admin() { return stage_.admin(); }
  OperatorStandIn& player() { return player_; }
  [[nodiscard]] const TestServer& server() const { return stage_.server(); }
  /// Where the commands leave their files.
  [[nodiscard]] const TemporaryFolder& folder() const { return folder_; }
  /// Where the tests leave what nobody may find elsewhere.
  [[nodiscard]] const TemporaryFolder& secrets() const { return secrets_; }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_.path(name); }

  /// Who asks from now on; the admin at the beginning.
  void ask_with(std::string kubeconfig) { kubeconfig_ = std::move(kubeconfig); }
  CliRun run(std::vector<std::string> args) const;
  /// By the API, at once, without asking back, as JSON; `more` can say otherwise.
  CliRun apply(const std::string& plan, std::vector<std::string> more = {}) const;
  /// Takes a snapshot.
  [[nodiscard]] std::string snapshot(const std::string& name) const;
  /// The plan of a join, made of the file of a snapshot.
  [[nodiscard]] std::string plan_of(const std::string& snapshot,
                                    const std::vector<std::string>& joins,
                                    const std::vector<std::string>& more = {}) const;
  /// Both.
  [[nodiscard]] std::string plan(const std::vector<std::string>& joins, bool is_safe = false) const;
  /// How the live objects differ from others; the operator is to have come to rest.
  [[nodiscard]] std::vector<std::string> differences_from(const ObjectStore& objects);

 private:
  RecordedStage stage_;
  std::string kubeconfig_;
  std::optional<NetworkMaster> master_;
  OperatorStandIn player_;
  TemporaryFolder folder_;
  TemporaryFolder secrets_;
};

/// Null, told loudly, where there is no server or no recording: the test returns.
[[nodiscard]] std::unique_ptr<Live> open_live(const Mode& mode);
[[nodiscard]] std::unique_ptr<Live> open_live(const std::string& mode);

/// `after`, `before`, `stopped`, of an apply with -o json.
[[nodiscard]] std::string result_of(const CliRun& run);

}  // namespace meshproof
