#include "scenarios/kubeconfig.h"

#include <catch2/catch.hpp>

#include "scenarios/base64.h"
#include "tests/scenarios/told.h"

using namespace meshproof;

namespace {

using Lines = std::vector<std::string>;

const std::string kHead = "apiVersion: v1\nkind: Config\n";
const std::string kWhole = kHead + R"(clusters:
- name: prod
  cluster: {server: "https://api.prod:6443/", certificate-authority-data: Q0E=}
users:
- name: jane
  user: {token: SECRET}
contexts:
- name: prod
  context: {cluster: prod, user: jane, namespace: shop}
current-context: prod
)";

/// What is found, and what is told, without the folder.
struct Finding {
  Result<ClusterAddress> address;
  Lines told;
};

Finding find(const TemporaryFolder& folder, const KubeconfigChoice& choice,
             KubeconfigPlaces places = {}) {
  Sources sources;
  Diagnostics warnings;
  auto address = find_cluster_address(choice, places, sources, warnings);
  Diagnostics all = address ? Diagnostics{} : address.error();
  all.insert(all.end(), warnings.begin(), warnings.end());
  Lines told = lines_of(all, sources);
  for (std::string& line : told) {
    line = without(line, folder.path() + '/');
    CHECK(line.find("SECRET") == std::string::npos);
  }
  for (const Diagnostic& each : all) CHECK(sources.line(each.place).empty());
  return {std::move(address), std::move(told)};
}

Finding find(const std::string& text, const std::string& context = {}) {
  const TemporaryFolder folder;
  return find(folder, {folder.write("config", text), context});
}

/// A kubeconfig whose cluster and user have these fields.
std::string config(const std::string& cluster, const std::string& user = "token: SECRET") {
  return kHead + "clusters:\n- name: c\n  cluster: {" + cluster +
         "}\nusers:\n- name: u\n  user: {" + user +
         "}\ncontexts:\n- name: x\n  context: {cluster: c, user: u}\ncurrent-context: x\n";
}

const std::string kServer = "server: \"https://api:6443\"";

}  // namespace

TEST_CASE("base64 is read to the bit") {
  CHECK(decode_base64("") == "");
  CHECK(decode_base64("Zg==") == "f");
  CHECK(decode_base64("Zm8=") == "fo");
  CHECK(decode_base64("Zm9v\nYmFy\n") == "foobar");
  CHECK(decode_base64("//79") == "\xff\xfe\xfd");
  for (const std::string wrong : {"Z", "Zg", "Zg=", "Zg===", "Z===", "Zg==Zg==", "Zm 9v", "Zm-_"}) {
    INFO(wrong);
    CHECK_FALSE(decode_base64(wrong));
  }
}

TEST_CASE("a kubeconfig's current context names the cluster and who asks") {
  const Finding found = find(kWhole);
  CHECK(found.told.empty());
  REQUIRE(found.address);
  CHECK(found.address->server == "https://api.prod:6443");
  CHECK(found.address->context == "prod");
  CHECK(found.address->ns == "shop");
  CHECK(found.address->authority == "CA");
  CHECK(found.address->credentials.token == "SECRET");
  CHECK_FALSE(found.address->is_unverified);
}

TEST_CASE("files beside a kubeconfig are found from its folder") {
  const TemporaryFolder folder;
  (void)folder.write("a/ca.pem", "CA");
  (void)folder.write("a/me.crt", "CERT");
  (void)folder.write("a/me.key", "KEY");
  const std::string path = folder.write(
      "a/config",
      config(kServer + ", certificate-authority: ca.pem, tls-server-name: inner, proxy-url: "
                       "\"http://proxy:3128\"",
             "client-certificate: ./me.crt, client-key: me.key, tokenFile: ../token, exec: "
             "{apiVersion: client.authentication.k8s.io/v1, command: bin/login, args: [a], env: "
             "[{name: A, value: b}], interactiveMode: IfAvailable, provideClusterInfo: true}"));
  const Finding found = find(folder, {path, {}});
  CHECK(found.told.empty());
  REQUIRE(found.address);
  CHECK(found.address->authority == "CA");
  CHECK(found.address->tls_server_name == "inner");
  CHECK(found.address->proxy_url == "http://proxy:3128");
  const Credentials& credentials = found.address->credentials;
  CHECK(credentials.certificate == "CERT");
  CHECK(credentials.key == "KEY");
  CHECK(credentials.token_file == folder.path() + "/token");
  REQUIRE(credentials.exec);
  CHECK(credentials.exec->command == folder.path() + "/a/bin/login");
  CHECK(credentials.exec->arguments == Lines{"a"});
  CHECK(credentials.exec->environment.front() == std::pair<std::string, std::string>{"A", "b"});
  CHECK(credentials.exec->provides_cluster);
}

TEST_CASE("of several kubeconfigs the first that has a name counts") {
  const TemporaryFolder folder;
  const std::string first =
      folder.write("1", kHead + "users:\n- name: jane\n  user: {token: one}\n");
  const std::string second = folder.write("2", kWhole);
  KubeconfigPlaces places;
  places.kubeconfig = folder.path() + "/absent:" + first + "::" + second;
  const Finding found = find(folder, {}, places);
  REQUIRE(found.address);
  CHECK(found.told.empty());
  CHECK(found.address->credentials.token == "one");
  CHECK(found.address->server == "https://api.prod:6443");
  (void)folder.write(".kube/config", kWhole);
  KubeconfigPlaces home;
  home.home = folder.path();
  CHECK(find(folder, {}, home).address->context == "prod");
}

TEST_CASE("a context that is not there is told with those that are") {
  CHECK(find(kWhole, "prd").told ==
        Lines{"config: error[unknown-context]: there is no context prd; "
              "did you mean prod? (there are prod)"});
  CHECK(find(kHead).told ==
        Lines{"config: error[unknown-context]: no context is the current one, and none is named by "
              "--context; there is none"});
  CHECK(find(kHead + "current-context: a\n").told ==
        Lines{"config:3:18: error[unknown-context]: there is no context a; there is none"});
  CHECK(find(kHead + "contexts:\n- {name: a, context: {cluster: c, user: u}}\n", "a").told ==
        Lines{"config:4:3: error[unknown-cluster]: the context a is of the cluster c, which is not "
              "there; there is none",
              "config:4:3: error[unknown-user]: the context a is of the user u, who is not there; "
              "there is none"});
}

TEST_CASE("what is wrong in a kubeconfig is told at once, and never what it holds") {
  CHECK(find(kHead + R"(clusters:
- {name: c, cluster: {server: 7, certificate-authority-data: "SECRET!"}}
- {cluster: []}
users: {}
contexts: [7]
)",
             "c")
            .told ==
        Lines{"config:4:31: error[wrong-type]: `server` is a number, not a string",
              "config:4:62: error[bad-base64]: `certificate-authority-data` is no base64",
              "config:5:3: error[missing-field]: name is missing",
              "config:5:13: error[wrong-type]: `cluster` is a list, not a mapping",
              "config:6:8: error[wrong-type]: `users` is a mapping, not a list",
              "config:7:12: error[wrong-type]: an item of `contexts` is a number, not a mapping",
              "config: error[unknown-context]: there is no context c; there is none"});
  CHECK(find("apiVersion: v1\nkind: Secret\n").told.front() ==
        "config:1:1: error[wrong-kind]: a kubeconfig has apiVersion: v1 and kind: Config");
  const Lines broken = find(kHead + "users:\n- {name: u, user: {token: SECRET\n").told;
  REQUIRE_FALSE(broken.empty());
  CHECK(find(kHead + "users:\n- {name: u}\n- {name: u}\n", "x").told.front() ==
        "config:5:10: error[duplicate-name]: the user u stands twice in this file");
}

TEST_CASE("fields that a kubeconfig does not have are told") {
  CHECK(find(config(kServer + ", insecure-skip-tls-verfy: true"))
            .told.front()
            .find("warning[pruned-field]") != std::string::npos);
}

TEST_CASE("ways to be somebody that are not supported are no way to be anybody else") {
  CHECK(find(config(kServer, "as: root, auth-provider: {name: oidc}")).told ==
        Lines{"config:8:14: error[unsupported-credentials]: `as` of the user u is not supported",
              "config:8:35: error[unsupported-credentials]: `auth-provider` of the user u is not "
              "supported"});
  const auto exec = [](const std::string& fields) {
    return find(config(kServer, "exec: {" + fields + "}")).told;
  };
  CHECK(exec("apiVersion: client.authentication.k8s.io/v1alpha1, command: a").front() ==
        "config:8:16: error[unsupported-credentials]: the exec of u has the apiVersion "
        "\"client.authentication.k8s.io/v1alpha1\"; supported are client.authentication.k8s.io/v1, "
        "client.authentication.k8s.io/v1beta1");
  CHECK(exec("apiVersion: client.authentication.k8s.io/v1, command: a, interactiveMode: Always")
            .front() ==
        "config:8:16: error[unsupported-credentials]: the exec of u wants a terminal "
        "(interactiveMode: Always), and is given none");
  CHECK(exec("apiVersion: client.authentication.k8s.io/v1").front() ==
        "config:8:16: error[missing-field]: the exec of u has no command");
}

TEST_CASE("files that cannot be read and halves of certificates are told") {
  CHECK(
      find(config(kServer + ", certificate-authority: absent.pem", "client-key-data: Q0E=")).told ==
      Lines{"config:5:64: error[cannot-read]: the certificate authority absent.pem: cannot be "
            "read: No such file or directory",
            "config:7:3: error[missing-field]: the user u has only one of client-certificate and "
            "client-key"});
  const TemporaryFolder folder;
  CHECK(find(folder, {folder.path() + "/absent", {}}).told ==
        Lines{"absent: error[cannot-read]: cannot be read: No such file or directory"});
}

TEST_CASE("a server is an address of http or https, and nothing else") {
  for (const std::string server : {"api:6443", "ftp://api", "https://", "https://jane:SECRET@api",
                                   "https://api?x", "https:/api"}) {
    INFO(server);
    CHECK(find(config("server: \"" + server + '"')).told.front() ==
          "config:4:3: error[bad-value]: the server of the cluster c is no https://HOST:PORT, "
          "without a user");
  }
  CHECK(find(config("tls-server-name: a")).told.front() ==
        "config:4:3: error[missing-field]: the cluster c has no server");
}

TEST_CASE("a connection that is not verified or not encrypted is told") {
  const Finding unverified = find(config(kServer + ", insecure-skip-tls-verify: true"));
  REQUIRE(unverified.address);
  CHECK(unverified.address->is_unverified);
  CHECK(unverified.told ==
        Lines{"config:4:3: warning[tls-not-verified]: who answers as https://api:6443 is not "
              "verified, because the kubeconfig says so"});
  CHECK(find(config("server: \"http://api\"")).told ==
        Lines{"config:4:3: warning[tls-not-verified]: the connection to http://api is not "
              "encrypted"});
  CHECK(find(config(kServer + ", insecure-skip-tls-verify: true, certificate-authority-data: Q0E="))
            .told.back() ==
        "config:4:3: error[bad-value]: the cluster c has a certificate authority and "
        "insecure-skip-tls-verify, which exclude each other");
}

TEST_CASE("without a kubeconfig a pod asks by its own account") {
  const TemporaryFolder folder;
  (void)folder.write("account/token", "SECRET");
  (void)folder.write("account/ca.crt", "CA");
  (void)folder.write("account/namespace", "shop");
  KubeconfigPlaces places;
  places.home = folder.path();
  places.account = folder.path() + "/account";
  CHECK(find(folder, {}, places).told ==
        Lines{".kube/config: error[no-kubeconfig]: there is no kubeconfig: name one by "
              "--kubeconfig or KUBECONFIG"});
  places.service_host = "10.0.0.1";
  const Finding found = find(folder, {}, places);
  REQUIRE(found.address);
  CHECK(found.address->server == "https://10.0.0.1:443");
  CHECK(found.address->authority == "CA");
  CHECK(found.address->ns == "shop");
  CHECK(found.address->credentials.token_file == places.account + "/token");
  places.service_host = "fd00::1";
  places.service_port = "6443";
  CHECK(find(folder, {}, places).address->server == "https://[fd00::1]:6443");
  // A context means a kubeconfig.
  CHECK_FALSE(find(folder, {{}, "prod"}, places).address);
  places.account = folder.path() + "/nothing";
  CHECK(find(folder, {}, places).told ==
        Lines{"nothing/ca.crt: error[cannot-read]: cannot be read: No such file or directory",
              "nothing/token: error[cannot-read]: the token of the pod's account is not there"});
}
