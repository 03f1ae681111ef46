#include "tests/backends/loopback_server.h"

#include <arpa/inet.h>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <poll.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <openssl/ssl.h>

#include "backends/file_descriptor.h"
#include "backends/process.h"

namespace meshproof {
namespace {

void run_openssl(const std::vector<std::string>& arguments) {
  ProcessOrder order{{"openssl"}};
  for (const std::string& each : arguments) order.arguments.push_back(each);
  const auto end = run_process(order);
  INFO((end ? end->errors : end.error().message));
  REQUIRE(end);
  REQUIRE(end->exit_code == 0);
}

/// Bytes of a connection, with TLS or without.
class Connection {
 public:
  Connection(int descriptor, const TestCertificate* certificate) : descriptor_(descriptor) {
    if (certificate == nullptr) return;
    context_.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate_chain_file(context_.get(), certificate->certificate_file.c_str());
    SSL_CTX_use_PrivateKey_file(context_.get(), certificate->key_file.c_str(), SSL_FILETYPE_PEM);
    tls_.reset(SSL_new(context_.get()));
    SSL_set_fd(tls_.get(), descriptor);
    is_good_ = SSL_accept(tls_.get()) == 1;
  }

  [[nodiscard]] bool is_good() const { return is_good_; }

  /// Empty at the end.
  std::string read_some() {
    std::array<char, 65536> bytes{};
    const auto count =
        tls_ ? SSL_read(tls_.get(), bytes.data(), static_cast<int>(bytes.size()))
             : static_cast<int>(recv(descriptor_.get(), bytes.data(), bytes.size(), 0));
    if (count <= 0) return {};
    return {bytes.begin(), bytes.begin() + count};
  }

  void write_all(const std::string& text) {
    if (tls_) {
      (void)SSL_write(tls_.get(), text.data(), static_cast<int>(text.size()));
    } else {
      (void)send(descriptor_.get(), text.data(), text.size(), MSG_NOSIGNAL);
    }
  }

 private:
  struct Release {
    void operator()(SSL* tls) const { SSL_free(tls); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  FileDescriptor descriptor_;
  std::unique_ptr<SSL_CTX, Release> context_;
  std::unique_ptr<SSL, Release> tls_;
  bool is_good_ = true;
};

/// The length of the body that the headers announce.
std::size_t body_length(const std::string& headers) {
  const std::size_t at = headers.find("Content-Length: ");
  return at == std::string::npos ? 0 : std::stoul(headers.substr(at + 16));
}

}  // namespace

TestCertificate make_certificate(const std::string& folder, const std::string& name,
                                 bool only_name) {
  const std::string base = folder + '/' + name;
  run_openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
               "-nodes", "-days", "2", "-subj", "/CN=" + name, "-keyout", base + ".key", "-out",
               base + ".crt", "-addext",
               "subjectAltName=DNS:" + name + (only_name ? "" : ",IP:127.0.0.1")});
  std::ifstream file(base + ".crt");
  TestCertificate made{{}, base + ".crt", base + ".key"};
  for (std::string line; std::getline(file, line);) made.authority += line + '\n';
  return made;
}

RawReply reply(int status, const std::string& body, const std::string& headers) {
  return {{"HTTP/1.1 " + std::to_string(status) + " X\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body},
          {},
          true};
}

LoopbackServer::LoopbackServer(Answer answer, const TestCertificate* certificate)
    : answer_(std::move(answer)), certificate_(certificate) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  REQUIRE(bind(listener_, any, size) == 0);
  REQUIRE(listen(listener_, 16) == 0);
  REQUIRE(getsockname(listener_, any, &size) == 0);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

LoopbackServer::~LoopbackServer() {
  is_ending_ = true;
  acceptor_.join();
  for (std::thread& each : threads_) each.join();
  close(listener_);
}

std::string LoopbackServer::url() const {
  return (certificate_ == nullptr ? "http://" : "https://") + host();
}

std::vector<std::string> LoopbackServer::requests() {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void LoopbackServer::accept_all() {
  while (!is_ending_) {
    pollfd polled{listener_, POLLIN, 0};
    if (poll(&polled, 1, 20) <= 0) continue;
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    ++connections_;
    threads_.emplace_back([this, connection] { serve(connection); });
  }
}

void LoopbackServer::serve(int descriptor) {
  // OpenSSL writes to connections that have been closed.
  sigset_t pipe_signal;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, nullptr);
  // Reading ends now and then, so that the end of the test is seen.
  const timeval patience{0, 50'000};
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  Connection connection(descriptor, certificate_);
  if (!connection.is_good()) return;
  std::string received;
  while (!is_ending_) {
    pollfd polled{descriptor, POLLIN, 0};
    if (received.empty() && poll(&polled, 1, 20) == 0) continue;
    const std::string more = connection.read_some();
    if (more.empty()) return;
    received += more;
    const std::size_t end = received.find("\r\n\r\n");
    if (end == std::string::npos || received.size() < end + 4 + body_length(received)) continue;
    RawReply replied;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(received);
      replied = answer_(received);
    }
    received.clear();
    for (std::size_t i = 0; i < replied.pieces.size(); ++i) {
      if (i != 0) std::this_thread::sleep_for(replied.pause);
      connection.write_all(replied.pieces[i]);
    }
    if (!replied.keeps_open) return;
  }
}

}  // namespace meshproof
