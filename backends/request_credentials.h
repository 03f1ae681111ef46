#pragma once

#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "backends/clock.h"
#include "backends/exec_credential.h"
#include "model/kubeconfig.h"

namespace meshproof {

/// What one request is sent with.
struct Identity {
  std::string certificate;  ///< PEM
  std::string key;          ///< PEM
  std::string token;
  std::string username;
  std::string password;
};

/// The credentials of an address as they are now.
class RequestCredentials {
 public:
  RequestCredentials(const ClusterAddress& address, Clock& clock);

  /// Reads the token's file, and runs the exec program where it has not run or what it gave has
  /// expired. The error says what does not work, without a secret.
  [[nodiscard]] tl::expected<Identity, std::string> current();

  /// The server does not accept what current() gave. True if there may be another by now: the exec
  /// program will be run again.
  [[nodiscard]] bool renew();

 private:
  Credentials credentials_;
  std::unique_ptr<ExecCredentials> exec_;
};

}  // namespace meshproof
