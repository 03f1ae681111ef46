#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/source.h"
#include "model/tree.h"

/// How to reach an API server and who to be there, as kubeconfig files tell it (docs/FORMATS.md).
namespace meshproof {

/// A certificate or key: in the kubeconfig itself, or in a file that it names. One of the two, or
/// none of them.
struct KubeFile {
  std::string path;     ///< relative ones have been resolved
  std::string content;  ///< of `…-data`, decoded
  Place place = {};

  [[nodiscard]] bool is_given() const { return !path.empty() || !content.empty(); }
};

/// A program that makes credentials (client.authentication.k8s.io).
struct ExecCommand {
  std::string api_version;
  std::string command;  ///< looked for in PATH, or a path
  std::vector<std::string> arguments = {};
  std::vector<std::pair<std::string, std::string>> environment = {};
  std::string install_hint = {};
  std::string interactive_mode = {};  ///< `Never`, `IfAvailable`, `Always`
  bool provides_cluster = false;      ///< provideClusterInfo
  Place place = {};
};

struct KubeconfigCluster {
  std::string name;
  Place place;
  std::string server;
  KubeFile authority;
  bool is_unverified = false;  ///< insecure-skip-tls-verify
  std::string tls_server_name;
  std::string proxy_url;
  Tree exec_configuration;  ///< the extension that exec programs are given; Null without one
};

/// A field that decides who asks, and that is not supported.
struct UnsupportedField {
  std::string name;
  Place place;
};

struct KubeconfigUser {
  std::string name;
  Place place;
  KubeFile certificate;
  KubeFile key;
  std::string token;
  std::string token_file;
  std::string username;
  std::string password;
  std::optional<ExecCommand> exec;
  std::vector<UnsupportedField> unsupported;
};

struct KubeconfigContext {
  std::string name;
  Place place;
  std::string cluster;
  std::string user;
  std::string ns;
};

/// What one or several kubeconfig files say together.
struct Kubeconfig {
  std::vector<KubeconfigCluster> clusters;
  std::vector<KubeconfigUser> users;
  std::vector<KubeconfigContext> contexts;
  std::string current_context;
  Place current_context_place = {};
  std::vector<std::string> files;  ///< those that were read
};

/// Who asks. Besides the certificate a transport takes one of the others: the token file, else the
/// token, else an exec program, else the password.
struct Credentials {
  std::string certificate;  ///< PEM
  std::string key;          ///< PEM
  std::string token;
  std::string token_file;  ///< read again for each request, because it is renewed
  std::string username;
  std::string password;
  std::optional<ExecCommand> exec;
};

/// All that a transport needs to reach an API server. Holds secrets: nothing of it is shown but
/// `server` and `context`.
struct ClusterAddress {
  std::string server;     ///< `https://api.prod:6443`, without a slash at the end
  std::string context;    ///< empty for the account of a pod
  std::string ns;         ///< the context's namespace; empty if it has none
  std::string authority;  ///< PEM; empty: the system's
  bool is_unverified = false;
  std::string tls_server_name;  ///< empty: the server's host
  std::string proxy_url;        ///< empty: what the environment says
  Tree exec_configuration;
  Credentials credentials;
};

}  // namespace meshproof
