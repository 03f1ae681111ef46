#include "backends/exec_credential.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "backends/base64.h"
#include "backends/json_tree.h"
#include "backends/one_line.h"
#include "backends/rfc3339.h"
#include "model/tree_json.h"

namespace meshproof {
namespace {

constexpr std::chrono::seconds kMostTime{60};
/// A credential that expires while a request is on its way is no good.
constexpr std::chrono::seconds kMargin{10};
constexpr std::size_t kMostOutput = std::size_t{1} << 20U;
constexpr std::size_t kShownErrors = 500;

Tree cluster_of(const ClusterAddress& address) {
  Tree cluster = Tree::mapping({{"server", Tree::string(address.server)}});
  if (!address.tls_server_name.empty()) {
    cluster.set("tls-server-name", Tree::string(address.tls_server_name));
  }
  if (address.is_unverified) cluster.set("insecure-skip-tls-verify", Tree::boolean(true));
  if (!address.authority.empty()) {
    cluster.set("certificate-authority-data", Tree::string(base64(address.authority)));
  }
  if (!address.proxy_url.empty()) cluster.set("proxy-url", Tree::string(address.proxy_url));
  if (!address.exec_configuration.is_null()) cluster.set("config", address.exec_configuration);
  return cluster;
}

std::string exec_variable(const ClusterAddress& address, const ExecCommand& command) {
  Tree spec = Tree::mapping({{"interactive", Tree::boolean(false)}});
  if (command.provides_cluster) spec.set("cluster", cluster_of(address));
  std::string text;
  append_json(text, Tree::mapping({{"apiVersion", Tree::string(command.api_version)},
                                   {"kind", Tree::string("ExecCredential")},
                                   {"spec", std::move(spec)}}));
  return text;
}

}  // namespace

tl::expected<MadeCredential, std::string> read_exec_credential(std::string_view json,
                                                               std::string_view api_version) {
  const auto fail = [](std::string why) { return tl::unexpected(std::move(why)); };
  const auto tree = tree_of_json(json);
  if (!tree || tree->string_at({"kind"}) != "ExecCredential") {
    return fail("its output is no ExecCredential");
  }
  if (tree->string_at({"apiVersion"}) != api_version) {
    return fail(fmt::format("its ExecCredential is not of the apiVersion {}", api_version));
  }
  MadeCredential made;
  made.token = tree->string_at({"status", "token"});
  made.certificate = tree->string_at({"status", "clientCertificateData"});
  made.key = tree->string_at({"status", "clientKeyData"});
  if (made.certificate.empty() != made.key.empty()) {
    return fail("its ExecCredential has only one of clientCertificateData and clientKeyData");
  }
  if (made.token.empty() && made.certificate.empty()) {
    return fail("its ExecCredential has neither a token nor a certificate");
  }
  if (const std::string_view expires = tree->string_at({"status", "expirationTimestamp"});
      !expires.empty()) {
    made.expires = moment_of(expires);
    if (!made.expires) return fail("its expirationTimestamp is no RFC 3339 time");
  }
  return made;
}

ExecCredentials::ExecCredentials(const ClusterAddress& address, Clock& clock, Run run)
    : command_(address.credentials.exec.value_or(ExecCommand{})),
      exec_variable_(exec_variable(address, command_)),
      clock_(&clock),
      run_(std::move(run)) {}

bool ExecCredentials::is_good(const MadeCredential& made) const {
  return !made.expires || clock_->time_of_day() + kMargin < *made.expires;
}

tl::expected<MadeCredential, std::string> ExecCredentials::current() {
  if (made_ && is_good(*made_)) return *made_;
  auto made = make();
  if (!made) {
    return tl::unexpected(fmt::format("no credentials by {}: {}", command_.command, made.error()));
  }
  made_ = std::move(*made);
  return *made_;
}

tl::expected<MadeCredential, std::string> ExecCredentials::make() const {
  ProcessOrder order;
  order.arguments = command_.arguments;
  order.arguments.insert(order.arguments.begin(), command_.command);
  order.environment = command_.environment;
  order.environment.emplace_back("KUBERNETES_EXEC_INFO", exec_variable_);
  order.at_most = kMostTime;
  order.most_output = kMostOutput;
  const auto end = run_(order);
  const auto with_errors = [](std::string why, std::string_view errors) {
    const std::string line = in_one_line(errors, kShownErrors);
    return line.empty() ? why : fmt::format("{}; it says: {}", why, line);
  };
  if (!end) {
    std::string why = with_errors(end.error().message, end.error().errors);
    if (!end.error().was_started && !command_.install_hint.empty()) {
      why += fmt::format("; {}", in_one_line(command_.install_hint, kShownErrors));
    }
    return tl::unexpected(std::move(why));
  }
  if (end->exit_code != 0) {
    return tl::unexpected(with_errors(fmt::format("it ends with {}", end->exit_code), end->errors));
  }
  return read_exec_credential(end->output, command_.api_version);
}

}  // namespace meshproof
