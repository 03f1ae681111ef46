#pragma once

#include <filesystem>
#include <string>

/// What the tests with the tag [apiserver] stand on: a real API server, and what the real operator
/// was recorded to do. README.md says how they come there.
namespace meshproof {

/// The server that ctest has started for the tests of this build tree.
struct TestServer {
  std::filesystem::path state;   ///< keys, logs, kubeconfig
  std::filesystem::path assets;  ///< with `etcd`, `kube-apiserver`, `kubectl`
  std::string url;               ///< `https://127.0.0.1:23456`

  /// As admin by a client certificate; the context `kubeenv-token` is the same by a token.
  [[nodiscard]] std::filesystem::path kubeconfig() const { return state / "kubeconfig"; }
  [[nodiscard]] std::filesystem::path kubectl() const { return assets / "kubectl"; }
};

/// Null, after a loud line that makes ctest say `Skipped`, where there is no server: the test
/// returns. Throws instead where CI=true.
[[nodiscard]] const TestServer* test_server();

/// The folder of cases that the real operator left behind; they may not be part of the project.
/// Empty where it is absent, as above.
[[nodiscard]] std::filesystem::path operator_recordings();

}  // namespace meshproof
