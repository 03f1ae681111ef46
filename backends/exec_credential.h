#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "backends/clock.h"
#include "backends/process.h"
#include "model/kubeconfig.h"

namespace meshproof {

/// What a program that makes credentials has given.
struct MadeCredential {
  std::string token;
  std::string certificate;  ///< PEM, with its key
  std::string key;
  std::optional<std::chrono::system_clock::time_point> expires;
};

/// Reads an ExecCredential (client.authentication.k8s.io/v1 or v1beta1) of the apiVersion that was
/// asked for. The error says what is wrong and repeats nothing of the text.
[[nodiscard]] tl::expected<MadeCredential, std::string> read_exec_credential(
    std::string_view json, std::string_view api_version);

/// Credentials that a program makes, kept until shortly before they expire.
class ExecCredentials {
 public:
  using Run = std::function<tl::expected<ProcessEnd, ProcessFailure>(const ProcessOrder&)>;

  /// Of an address with an exec program.
  ExecCredentials(const ClusterAddress& address, Clock& clock, Run run = run_process);

  /// Runs the program unless what it gave last is still good. The error names the command, how it
  /// ended and what it wrote to its standard error, never its output.
  [[nodiscard]] tl::expected<MadeCredential, std::string> current();

  /// What was given last is no good any more.
  void discard() { made_.reset(); }

 private:
  [[nodiscard]] tl::expected<MadeCredential, std::string> make() const;
  [[nodiscard]] bool is_good(const MadeCredential& made) const;

  ExecCommand command_;
  std::string exec_variable_;  ///< of KUBERNETES_EXEC_INFO
  Clock* clock_;
  Run run_;
  std::optional<MadeCredential> made_;
};

}  // namespace meshproof
