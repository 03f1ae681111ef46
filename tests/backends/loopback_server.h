#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace meshproof {

/// A certificate of a test with its key and an authority that nobody else trusts, made by the
/// program openssl.
struct TestCertificate {
  std::string authority;         ///< PEM
  std::string certificate_file;  ///< for `name` and 127.0.0.1 unless `only_name`
  std::string key_file;
};
[[nodiscard]] TestCertificate make_certificate(const std::string& folder, const std::string& name,
                                               bool only_name = false);

/// What is written to a connection, byte by byte as it is.
struct RawReply {
  std::vector<std::string> pieces = {};
  std::chrono::milliseconds pause{0};  ///< before each piece but the first
  bool keeps_open = false;             ///< for another request, or silence
};
/// A whole answer with its length.
[[nodiscard]] RawReply reply(int status, const std::string& body, const std::string& headers = {});

/// A server on a loopback port that says what a test wants, by HTTP/1.1, with TLS if it has a
/// certificate.
class LoopbackServer {
 public:
  using Answer = std::function<RawReply(const std::string& request)>;

  explicit LoopbackServer(Answer answer, const TestCertificate* certificate = nullptr);
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer();

  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  /// Each with its headers and body.
  [[nodiscard]] std::vector<std::string> requests();
  [[nodiscard]] int connections() const { return connections_; }

 private:
  void accept_all();
  void serve(int connection);

  Answer answer_;
  const TestCertificate* certificate_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> is_ending_ = false;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;
  std::vector<std::string> requests_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace meshproof
