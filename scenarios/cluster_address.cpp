#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "model/project/fields.h"
#include "scenarios/files.h"
#include "scenarios/kubeconfig.h"
#include "scenarios/source_text.h"
#include "scenarios/strict_fields.h"

namespace meshproof {
namespace {

constexpr std::array<std::string_view, 2> kExecVersions{"client.authentication.k8s.io/v1",
                                                        "client.authentication.k8s.io/v1beta1"};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string{value};
}

/// `; there are a, b`, or what was probably meant besides.
template <typename Entry>
std::string those_there_are(const std::vector<Entry>& entries, std::string_view name) {
  std::vector<std::string_view> names;
  for (const Entry& each : entries) names.emplace_back(each.name);
  if (names.empty()) return "; there is none";
  return fmt::format("{} (there are {})", suggestion(name, names), fmt::join(names, ", "));
}

template <typename Entry>
const Entry* named(const std::vector<Entry>& entries, std::string_view name) {
  const auto found = std::ranges::find(entries, name, &Entry::name);
  return found == entries.end() ? nullptr : &*found;
}

/// Makes an address of a context.
class Resolver {
 public:
  Resolver(const Kubeconfig& kubeconfig, Diagnostics& found)
      : kubeconfig_(&kubeconfig), found_(&found) {}

  ClusterAddress resolve(const std::string& wanted) {
    const std::string& name = wanted.empty() ? kubeconfig_->current_context : wanted;
    if (name.empty()) {
      tell({}, "unknown-context",
           fmt::format("no context is the current one, and none is named by --context{}",
                       those_there_are(kubeconfig_->contexts, name)));
      return {};
    }
    const KubeconfigContext* context = named(kubeconfig_->contexts, name);
    if (context == nullptr) {
      tell(wanted.empty() ? kubeconfig_->current_context_place : Place{}, "unknown-context",
           fmt::format("there is no context {}{}", name,
                       those_there_are(kubeconfig_->contexts, name)));
      return {};
    }
    address_.context = name;
    address_.ns = context->ns;
    take_cluster(*context);
    take_user(*context);
    return std::move(address_);
  }

 private:
  void tell(Place place, std::string_view code, std::string message) {
    add_error(*found_, place, code, std::move(message));
    if (!place.is_known()) found_->back().subject = subject();
  }

  [[nodiscard]] std::string subject() const {
    return fmt::format("{}", fmt::join(kubeconfig_->files, ":"));
  }

  std::string content_of(const KubeFile& file, std::string_view what) {
    if (file.path.empty()) return file.content;
    Sources unseen;
    Diagnostics of_file;
    const auto source = load_file({file.path}, unseen, of_file);
    if (source) return *source->text;
    for (const Diagnostic& each : of_file) {
      tell(file.place, "cannot-read", fmt::format("{} {}: {}", what, file.path, each.message));
    }
    return {};
  }

  void check_server(const KubeconfigCluster& cluster) {
    const std::string_view server = cluster.server;
    if (server.empty()) {
      return tell(cluster.place, "missing-field",
                  fmt::format("the cluster {} has no server", cluster.name));
    }
    const bool is_http = server.starts_with("http://") || server.starts_with("https://");
    const std::size_t start = server.find("//");
    const std::string_view host =
        is_http ? server.substr(start + 2, server.find('/', start + 2) - start - 2)
                : std::string_view{};
    if (host.empty() || host.find_first_of("@?# ") != std::string_view::npos) {
      tell(cluster.place, "bad-value",
           fmt::format("the server of the cluster {} is no https://HOST:PORT, without a user",
                       cluster.name));
    }
  }

  void take_cluster(const KubeconfigContext& context) {
    const KubeconfigCluster* cluster = named(kubeconfig_->clusters, context.cluster);
    if (cluster == nullptr) {
      return tell(
          context.place, "unknown-cluster",
          fmt::format("the context {} is of the cluster {}, which is not there{}", context.name,
                      context.cluster, those_there_are(kubeconfig_->clusters, context.cluster)));
    }
    check_server(*cluster);
    address_.server = cluster->server;
    while (address_.server.ends_with('/')) address_.server.pop_back();
    address_.authority = content_of(cluster->authority, "the certificate authority");
    address_.is_unverified = cluster->is_unverified;
    address_.tls_server_name = cluster->tls_server_name;
    address_.proxy_url = cluster->proxy_url;
    address_.exec_configuration = cluster->exec_configuration;
    if (cluster->is_unverified && cluster->authority.is_given()) {
      tell(cluster->place, "bad-value",
           fmt::format("the cluster {} has a certificate authority and insecure-skip-tls-verify, "
                       "which exclude each other",
                       cluster->name));
    }
    const bool is_plain = cluster->server.starts_with("http://");
    if (cluster->is_unverified || is_plain) {
      add_warning(*found_, cluster->place, "tls-not-verified",
                  is_plain ? fmt::format("the connection to {} is not encrypted", address_.server)
                           : fmt::format("who answers as {} is not verified, because the "
                                         "kubeconfig says so",
                                         address_.server));
    }
  }

  void take_user(const KubeconfigContext& context) {
    if (context.user.empty()) return;
    const KubeconfigUser* user = named(kubeconfig_->users, context.user);
    if (user == nullptr) {
      return tell(context.place, "unknown-user",
                  fmt::format("the context {} is of the user {}, who is not there{}", context.name,
                              context.user, those_there_are(kubeconfig_->users, context.user)));
    }
    for (const UnsupportedField& field : user->unsupported) {
      tell(field.place, "unsupported-credentials",
           fmt::format("`{}` of the user {} is not supported", field.name, user->name));
    }
    if (user->certificate.is_given() != user->key.is_given()) {
      tell(
          user->place, "missing-field",
          fmt::format("the user {} has only one of client-certificate and client-key", user->name));
    }
    if (user->exec) check_exec(*user, *user->exec);
    Credentials& credentials = address_.credentials;
    credentials.certificate = content_of(user->certificate, "the client certificate");
    credentials.key = content_of(user->key, "the client key");
    credentials.token = user->token;
    credentials.token_file = user->token_file;
    credentials.username = user->username;
    credentials.password = user->password;
    credentials.exec = user->exec;
  }

  void check_exec(const KubeconfigUser& user, const ExecCommand& exec) {
    if (exec.command.empty()) {
      tell(exec.place, "missing-field", fmt::format("the exec of {} has no command", user.name));
    }
    if (std::ranges::find(kExecVersions, exec.api_version) == kExecVersions.end()) {
      tell(exec.place, "unsupported-credentials",
           fmt::format("the exec of {} has the apiVersion \"{}\"; supported are {}", user.name,
                       exec.api_version, fmt::join(kExecVersions, ", ")));
    }
    if (exec.interactive_mode == "Always") {
      tell(exec.place, "unsupported-credentials",
           fmt::format("the exec of {} wants a terminal (interactiveMode: Always), and is given "
                       "none",
                       user.name));
    }
  }

  const Kubeconfig* kubeconfig_;
  Diagnostics* found_;
  ClusterAddress address_;
};

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

/// Those of $KUBECONFIG that are there, as kubectl passes by the others.
std::vector<std::string> files_of(const KubeconfigPlaces& places) {
  std::vector<std::string> files;
  std::string_view rest = places.kubeconfig;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const std::string file{rest.substr(0, end)};
    if (!file.empty() && exists(file)) files.push_back(file);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const std::string own = places.home + "/.kube/config";
  if (places.kubeconfig.empty() && !places.home.empty() && exists(own)) files.push_back(own);
  return files;
}

ClusterAddress account_address(const KubeconfigPlaces& places, Diagnostics& found) {
  ClusterAddress address;
  const bool is_ipv6 = places.service_host.find(':') != std::string::npos;
  const std::string port = places.service_port.empty() ? "443" : places.service_port;
  address.server = fmt::format("https://{}{}{}:{}", is_ipv6 ? "[" : "", places.service_host,
                               is_ipv6 ? "]" : "", port);
  address.credentials.token_file = places.account + "/token";
  Sources unseen;
  const std::string authority = places.account + "/ca.crt";
  const auto source = load_file({authority}, unseen, found);
  if (source) address.authority = *source->text;
  if (!exists(address.credentials.token_file)) {
    add_error(found, {}, "cannot-read", "the token of the pod's account is not there");
    found.back().subject = address.credentials.token_file;
  }
  if (const auto ns = exists(places.account + "/namespace")
                          ? load_file({places.account + "/namespace"}, unseen, found)
                          : std::nullopt) {
    address.ns = ns->text->substr(0, ns->text->find('\n'));
  }
  return address;
}

Result<ClusterAddress> finished(ClusterAddress address, Diagnostics found, Diagnostics& warnings) {
  sort_diagnostics(found);
  if (has_errors(found)) return tl::unexpected(std::move(found));
  warnings.insert(warnings.end(), found.begin(), found.end());
  return address;
}

}  // namespace

KubeconfigPlaces KubeconfigPlaces::of_environment() {
  KubeconfigPlaces places;
  places.kubeconfig = variable("KUBECONFIG");
  places.home = variable("HOME");
  places.service_host = variable("KUBERNETES_SERVICE_HOST");
  places.service_port = variable("KUBERNETES_SERVICE_PORT");
  return places;
}

Result<ClusterAddress> resolve_context(const Kubeconfig& kubeconfig, const std::string& context,
                                       Diagnostics& warnings) {
  Diagnostics found;
  ClusterAddress address = Resolver(kubeconfig, found).resolve(context);
  return finished(std::move(address), std::move(found), warnings);
}

Result<ClusterAddress> find_cluster_address(const KubeconfigChoice& choice,
                                            const KubeconfigPlaces& places, Sources& sources,
                                            Diagnostics& warnings) {
  Diagnostics found;
  const std::vector<std::string> files =
      choice.file.empty() ? files_of(places) : std::vector<std::string>{choice.file};
  if (files.empty() && !places.service_host.empty() && choice.context.empty()) {
    ClusterAddress address = account_address(places, found);
    return finished(std::move(address), std::move(found), warnings);
  }
  if (files.empty()) {
    add_error(found, {}, "no-kubeconfig",
              "there is no kubeconfig: name one by --kubeconfig or KUBECONFIG");
    found.back().subject =
        places.kubeconfig.empty() ? places.home + "/.kube/config" : places.kubeconfig;
    return tl::unexpected(std::move(found));
  }
  const Kubeconfig kubeconfig = read_kubeconfigs(files, sources, found);
  ClusterAddress address;
  // Where a file could not be read, what is missing is told by that.
  if (kubeconfig.files.size() == files.size()) {
    address = Resolver(kubeconfig, found).resolve(choice.context);
  }
  return finished(std::move(address), std::move(found), warnings);
}

}  // namespace meshproof
