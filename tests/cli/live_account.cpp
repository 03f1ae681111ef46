#include "tests/cli/live_account.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "tests/support/yaml.h"

namespace meshproof {
namespace {

constexpr const char* kName = "meshproof";

Tree documented_role(const std::string& name, const std::string& mesh) {
  for (Tree& object : documented_objects(mesh)) {
    const ObjectKey key = key_of(object);
    if (key.kind == "ClusterRole" && key.name == name) return std::move(object);
  }
  throw std::runtime_error{"docs/RBAC.md has no role " + name};
}

void must(const ApiAnswer& answer) {
  if (!answer.is_ok()) throw std::runtime_error{answer.text()};
}

}  // namespace

std::vector<Tree> documented_objects(const std::string& mesh) {
  constexpr std::string_view kBegin = "```yaml\n";
  const std::string text = replaced(read_file(std::string{MESHPROOF_SOURCE_DIR} + "/docs/RBAC.md"),
                                    "istio-system", mesh);
  std::vector<Tree> objects;
  for (std::size_t at = 0; (at = text.find(kBegin, at)) != std::string::npos;) {
    at += kBegin.size();
    const std::string block = text.substr(at, text.find("```", at) - at);
    std::vector<Tree> more = trees_from(block);
    std::ranges::move(more, std::back_inserter(objects));
    at = text.find("```", at) + 3;
  }
  return objects;
}

Account::Account(Live& live) : client_(live.server(), "kubectl"), mesh_(live.stage().book().mesh) {
  must(client_.create(
      trees_from("{apiVersion: v1, kind: Namespace, metadata: {name: meshproof}}").front()));
  for (const Tree& object : documented_objects(mesh_)) {
    if (key_of(object).kind == "ServiceAccount") must(client_.create(object));
  }
  const Tree request = trees_from(
                           "{apiVersion: authentication.k8s.io/v1, kind: TokenRequest, "
                           "metadata: {name: meshproof, namespace: meshproof}, "
                           "spec: {expirationSeconds: 3600}}")
                           .front();
  const ApiAnswer answer = client_.send(
      "POST", client_.path_of(key_for("ServiceAccount", kName, kName)) + "/token", request);
  must(answer);
  token_ = answer.body.string_at({"status", "token"});
  kubeconfig_ = write_kubeconfig(live, token_);
}

void Account::give(const std::string& role, const std::function<void(Tree& role)>& edit) {
  Tree object = documented_role(role, mesh_);
  if (edit) edit(object);
  must(client_.create(object));
  const auto binding = fmt::format(
      "apiVersion: rbac.authorization.k8s.io/v1\n"
      "kind: ClusterRoleBinding\n"
      "metadata: {{name: {0}}}\n"
      "roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {0}}}\n"
      "subjects: [{{kind: ServiceAccount, name: meshproof, namespace: meshproof}}]\n",
      role);
  must(client_.create(trees_from(binding).front()));
}

void Account::take(const std::string& role) {
  must(client_.remove(key_for("ClusterRoleBinding", "", role)));
}

void Account::remove() { must(client_.remove(key_for("ServiceAccount", kName, kName))); }

std::string write_kubeconfig(const Live& live, const std::string& token) {
  const TestServer& server = live.server();
  const std::string text = fmt::format(
      "apiVersion: v1\n"
      "kind: Config\n"
      "clusters: [{{name: c, cluster: {{server: '{}', certificate-authority: '{}'}}}}]\n"
      "users: [{{name: u, user: {{token: '{}'}}}}]\n"
      "contexts: [{{name: x, context: {{cluster: c, user: u}}}}]\n"
      "current-context: x\n",
      server.url, (server.state / "pki" / "ca.crt").string(), token);
  return live.secrets().write("kubeconfig-" + std::to_string(text.size()), text);
}

void take_verb(Tree& role, const std::string& resource, const std::string& verb) {
  for (Tree& rule : role.find("rules")->items) {
    const auto& resources = rule.find("resources")->items;
    const bool is_it =
        std::ranges::any_of(resources, [&](const Tree& each) { return each.text == resource; });
    if (is_it)
      std::erase_if(rule.find("verbs")->items, [&](const Tree& each) { return each.text == verb; });
  }
}

}  // namespace meshproof
