#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/apiserver/api_client.h"
#include "tests/support/apiserver/live_cluster.h"
#include "tests/support/apiserver/operator_stand_in.h"
#include "tests/support/apiserver/recorded_case.h"

namespace meshproof {

/// The server with the state before of a recorded case, and an admin who makes edits. Wiped at the
/// end.
class RecordedStage {
 public:
  /// The first of the cases is built up; the playbook is of all of them.
  RecordedStage(const TestServer& server, const std::filesystem::path& recordings,
                const std::vector<std::string>& cases);
  ~RecordedStage();
  RecordedStage(const RecordedStage&) = delete;
  RecordedStage& operator=(const RecordedStage&) = delete;

  [[nodiscard]] const TestServer& server() const { return *server_; }
  [[nodiscard]] ApiClient& admin() { return admin_; }
  [[nodiscard]] const std::vector<RecordedCase>& cases() const { return cases_; }
  [[nodiscard]] const Playbook& book() const { return book_; }

  void edit_members(const std::vector<std::string>& members);
  /// Against a recorded state, as lines; empty if it is the live one.
  [[nodiscard]] std::string differences_to_live(const ObjectStore& recorded);

 private:
  const TestServer* server_;
  ApiClient admin_;
  std::vector<RecordedCase> cases_;
  Playbook book_;
};

}  // namespace meshproof
