#include "backends/exec_credential.h"

#include <catch2/catch.hpp>

#include "backends/json_tree.h"
#include "tests/backends/fake_clock.h"

using namespace meshproof;
using namespace std::chrono_literals;

namespace {

const std::string kV1 = "client.authentication.k8s.io/v1";

std::string credential(const std::string& status, const std::string& version = kV1) {
  return R"({"apiVersion":")" + version + R"(","kind":"ExecCredential","status":)" + status + "}";
}

std::string wrong_with(const std::string& json) {
  const auto made = read_exec_credential(json, kV1);
  return made ? "" : made.error();
}

/// A program that is not run: what it would be, and what it answers.
struct Program {
  ClusterAddress address;
  FakeClock clock;
  std::vector<ProcessOrder> runs;
  tl::expected<ProcessEnd, ProcessFailure> answer = ProcessEnd{};

  Program() {
    address.server = "https://api.test:6443";
    address.credentials.exec = ExecCommand{kV1, "login-tool", {"get-token", "a b"}, {{"A", "1"}}};
  }
  ExecCredentials credentials() {
    return ExecCredentials(address, clock, [this](const ProcessOrder& order) {
      runs.push_back(order);
      return answer;
    });
  }
};

}  // namespace

TEST_CASE("an ExecCredential gives a token, or a certificate with its key") {
  const auto token = read_exec_credential(
      credential(R"({"token":"t","expirationTimestamp":"1970-01-02T00:00:00Z"})"), kV1);
  REQUIRE(token);
  CHECK(token->token == "t");
  CHECK(token->expires == std::chrono::system_clock::from_time_t(86400));
  const auto certificate =
      read_exec_credential(credential(R"({"clientCertificateData":"c","clientKeyData":"k"})"), kV1);
  REQUIRE(certificate);
  CHECK(certificate->certificate == "c");
  CHECK(certificate->key == "k");
  CHECK_FALSE(certificate->expires);
}

TEST_CASE("what is wrong with an ExecCredential is told without what it holds") {
  CHECK(wrong_with("SECRET") == "its output is no ExecCredential");
  CHECK(wrong_with(R"({"kind":"Secret"})") == "its output is no ExecCredential");
  CHECK(wrong_with(credential(R"({"token":"SECRET"})", "client.authentication.k8s.io/v1beta1")) ==
        "its ExecCredential is not of the apiVersion client.authentication.k8s.io/v1");
  CHECK(wrong_with(credential("{}")) == "its ExecCredential has neither a token nor a certificate");
  CHECK(wrong_with(credential(R"({"clientKeyData":"SECRET"})")) ==
        "its ExecCredential has only one of clientCertificateData and clientKeyData");
  CHECK(wrong_with(credential(R"({"token":"t","expirationTimestamp":"SECRET"})")) ==
        "its expirationTimestamp is no RFC 3339 time");
}

TEST_CASE("a program runs once until what it gave expires, or is discarded") {
  Program program;
  program.answer = ProcessEnd{
      0, credential(R"({"token":"t","expirationTimestamp":"1970-01-02T01:00:00Z"})"), ""};
  auto credentials = program.credentials();
  CHECK(credentials.current()->token == "t");
  CHECK(credentials.current()->token == "t");
  REQUIRE(program.runs.size() == 1);
  CHECK(program.runs[0].arguments == std::vector<std::string>{"login-tool", "get-token", "a b"});
  CHECK(program.runs[0].environment[0] == std::pair<std::string, std::string>{"A", "1"});
  CHECK(program.runs[0].environment[1].first == "KUBERNETES_EXEC_INFO");
  program.clock.pass(59min + 49s);
  CHECK(credentials.current());
  CHECK(program.runs.size() == 1);
  program.clock.pass(1s);
  CHECK(credentials.current());
  CHECK(program.runs.size() == 2);
  program.clock.set_time_of_day(std::chrono::system_clock::from_time_t(0));
  CHECK(credentials.current());
  CHECK(program.runs.size() == 3 - 1);
  credentials.discard();
  CHECK(credentials.current());
  CHECK(program.runs.size() == 3);
}

TEST_CASE("a program is told which cluster it is for where the kubeconfig says so") {
  Program program;
  program.address.authority = "PEM";
  program.address.tls_server_name = "inner";
  program.address.exec_configuration = Tree::mapping({{"realm", Tree::string("r")}});
  const auto told = [&] {
    program.answer = ProcessEnd{0, credential(R"({"token":"t"})"), ""};
    CHECK(program.credentials().current());
    return tree_of_json(program.runs.back().environment.back().second).value();
  };
  const Tree plain = told();
  CHECK(plain.string_at({"apiVersion"}) == kV1);
  CHECK(plain.string_at({"kind"}) == "ExecCredential");
  CHECK(plain.boolean_at({"spec", "interactive"}) == false);
  CHECK(plain.find_path({"spec", "cluster"}) == nullptr);
  program.address.credentials.exec->provides_cluster = true;
  const Tree whole = told();
  CHECK(whole.string_at({"spec", "cluster", "server"}) == "https://api.test:6443");
  CHECK(whole.string_at({"spec", "cluster", "tls-server-name"}) == "inner");
  CHECK(whole.string_at({"spec", "cluster", "certificate-authority-data"}) == "UEVN");
  CHECK(whole.string_at({"spec", "cluster", "config", "realm"}) == "r");
}

TEST_CASE("a program that gives nothing is told with what it says, not with its output") {
  Program program;
  const auto error = [&] { return program.credentials().current().error(); };
  program.answer = ProcessEnd{1, "SECRET", "please\n  log in\n"};
  CHECK(error() == "no credentials by login-tool: it ends with 1; it says: please log in");
  program.answer = ProcessEnd{1, "SECRET", std::string(2000, 'x')};
  CHECK(error().size() < 600);
  program.answer = ProcessEnd{0, "SECRET", "x"};
  CHECK(error() == "no credentials by login-tool: its output is no ExecCredential");
  program.answer = tl::unexpected(
      ProcessFailure{"login-tool has not ended within 60 s", true, true, "waiting for a browser"});
  CHECK(error() ==
        "no credentials by login-tool: login-tool has not ended within 60 s; it says: waiting for "
        "a browser");
  program.address.credentials.exec->install_hint = "get it\nhere";
  program.answer = tl::unexpected(ProcessFailure{"cannot run login-tool: no", false});
  CHECK(error() == "no credentials by login-tool: cannot run login-tool: no; get it here");
}
