#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/apiserver/api_client.h"
#include "tests/support/apiserver/playbook.h"

namespace meshproof {

/// Whether the operator waits until the network has answered, and for how long.
struct NetworkWait {
  /// As recorded, if it is not said.
  std::optional<bool> on_join = {};
  std::chrono::milliseconds at_most{14'000};
};

/// Told of each write that has changed something: `create RoleBinding shop/prometheus-mesh-a`.
using OnWrite = std::function<void(const std::string& write)>;

/// One project on its way into the mesh or out of it, write by write, so that several can be on
/// their way together. What is already as it should be is passed over.
class MemberRun {
 public:
  MemberRun(const Playbook& book, const std::string& project, bool joins);

  enum class Progress : std::uint8_t { Wrote, Waits, Done };
  /// Goes on to the next write that changes something and makes it.
  [[nodiscard]] Progress step(ApiClient& client, const NetworkWait& wait, const OnWrite& on_write);

  [[nodiscard]] const std::string& project() const { return project_; }
  [[nodiscard]] bool joins() const { return joins_; }
  /// Why the project is not configured, in the operator's words; empty if it is.
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  [[nodiscard]] bool play(const PlayedWrite& write, ApiClient& client, const OnWrite& on_write);
  [[nodiscard]] bool create(const PlayedWrite& write, ApiClient& client, const OnWrite& on_write);
  [[nodiscard]] bool patch(const PlayedWrite& write, ApiClient& client, const OnWrite& on_write);
  [[nodiscard]] bool remove(const PlayedWrite& write, ApiClient& client, const OnWrite& on_write);
  [[nodiscard]] bool is_ours(const Tree& object) const;
  void look_at_label(ApiClient& client);
  [[nodiscard]] bool is_pending(ApiClient& client) const;
  [[nodiscard]] bool is_given_up(const PlayedWrite& write) const;

  const std::vector<PlayedWrite>* script_;
  std::string mesh_;
  std::string project_;
  bool joins_;
  std::size_t next_ = 0;
  std::string error_;
  bool has_looked_ = false;  ///< whose the project is
  bool has_failed_ = false;  ///< what is left of a join is not done
  std::optional<std::chrono::steady_clock::time_point> waits_until_;
};

}  // namespace meshproof
