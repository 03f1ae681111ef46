#include "tests/support/apiserver/test_server.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace meshproof {
namespace {

namespace fs = std::filesystem;

/// cmake/DiscoverTests.cmake knows the line by its beginning.
void skip(const std::string& what) {
  const char* ci = std::getenv("CI");
  if (ci != nullptr && std::string_view{ci} == "true") {
    throw std::runtime_error{"CI=true, and no " + what};
  }
  std::cerr << "SKIPPED: no " << what << '\n';
}

std::optional<TestServer> started_server() {
  // suite.sh writes this file when the server is ready.
  std::ifstream file{fs::path{MESHPROOF_APISERVER_STATE} / "env"};
  if (!file) return std::nullopt;
  TestServer server;
  for (std::string line; std::getline(file, line);) {
    const auto equals = line.find('=');
    const std::string name = line.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : line.substr(equals + 1);
    if (name == "KUBE_STATE") server.state = value;
    if (name == "KUBE_SERVER") server.url = value;
    if (name == "KUBEBUILDER_ASSETS") server.assets = value;
  }
  return server;
}

}  // namespace

const TestServer* test_server() {
  static const std::optional<TestServer> kServer = started_server();
  if (kServer) return &*kServer;
  skip("API server of the tests (tests/support/apiserver/README.md)");
  return nullptr;
}

fs::path operator_recordings() {
  fs::path folder{MESHPROOF_OPERATOR_RECORDINGS};
  if (fs::exists(folder)) return folder;
  skip("recordings of the real operator in " + folder.string());
  return {};
}

}  // namespace meshproof
