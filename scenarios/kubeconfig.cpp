#include "scenarios/kubeconfig.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "model/project/fields.h"
#include "scenarios/base64.h"
#include "scenarios/document.h"
#include "scenarios/files.h"
#include "scenarios/source_text.h"

namespace meshproof {
namespace {

constexpr std::array<std::string_view, 7> kConfigFields{
    "apiVersion", "kind", "clusters", "users", "contexts", "current-context", "preferences"};
constexpr std::array<std::string_view, 8> kClusterFields{"server",
                                                         "certificate-authority",
                                                         "certificate-authority-data",
                                                         "insecure-skip-tls-verify",
                                                         "tls-server-name",
                                                         "proxy-url",
                                                         "disable-compression",
                                                         "extensions"};
constexpr std::array<std::string_view, 5> kImpersonation{"as", "as-uid", "as-groups",
                                                         "as-user-extra", "auth-provider"};
constexpr std::array<std::string_view, 10> kUserFields{"client-certificate",
                                                       "client-certificate-data",
                                                       "client-key",
                                                       "client-key-data",
                                                       "token",
                                                       "tokenFile",
                                                       "username",
                                                       "password",
                                                       "exec",
                                                       "extensions"};
constexpr std::array<std::string_view, 4> kContextFields{"cluster", "user", "namespace",
                                                         "extensions"};
constexpr std::array<std::string_view, 7> kExecFields{
    "apiVersion", "command", "args", "env", "interactiveMode", "provideClusterInfo", "installHint"};

/// One file. Values may be secrets: what is said of them is their type.
class KubeconfigReader {
 public:
  KubeconfigReader(const std::string& path, Diagnostics& found)
      : folder_(std::filesystem::absolute(path).parent_path()), found_(&found) {}

  void read(const Tree& document, Kubeconfig& into) {
    if (!document.is(TreeKind::Mapping) || text(document, "kind") != "Config" ||
        text(document, "apiVersion") != "v1") {
      return add_error(*found_, document.place, "wrong-kind",
                       "a kubeconfig has apiVersion: v1 and kind: Config");
    }
    warn_of_others(document, {kConfigFields.begin(), kConfigFields.end()});
    add_named(document, "clusters", "cluster", into.clusters,
              [&](const Tree& tree, KubeconfigCluster& one) { read_cluster(tree, one); });
    add_named(document, "users", "user", into.users,
              [&](const Tree& tree, KubeconfigUser& one) { read_user(tree, one); });
    add_named(document, "contexts", "context", into.contexts,
              [&](const Tree& tree, KubeconfigContext& one) { read_context(tree, one); });
    if (const std::string current = text(document, "current-context");
        !current.empty() && into.current_context.empty()) {
      into.current_context = current;
      into.current_context_place = document.find("current-context")->place;
    }
  }

 private:
  const Tree* value(const Tree& tree, std::string_view key, TreeKind wanted) {
    if (is_absent(tree, key)) return nullptr;
    const Tree* found = tree.find(key);
    if (found->is(wanted)) return found;
    add_error(*found_, found->place, "wrong-type",
              fmt::format("`{}` is {}, not {}", key, name_of(found->kind), name_of(wanted)));
    return nullptr;
  }

  std::string text(const Tree& tree, std::string_view key) {
    const Tree* found = value(tree, key, TreeKind::String);
    return found == nullptr ? std::string{} : found->text;
  }

  bool is_true(const Tree& tree, std::string_view key) {
    const Tree* found = value(tree, key, TreeKind::Boolean);
    return found != nullptr && found->text == "true";
  }

  [[nodiscard]] std::string resolved(const std::string& path) const {
    if (path.empty()) return path;
    return (folder_ / path).lexically_normal().string();
  }

  void warn_of_others(const Tree& tree, const std::vector<std::string_view>& known) {
    warn_of_pruned_fields(tree, known, *found_);
  }

  /// `NAMEs: [{name, NAME: {…}}]`; the first of a name in all files counts, twice in one is wrong.
  template <typename Entry, typename Read>
  void add_named(const Tree& document, std::string_view list, std::string_view field,
                 std::vector<Entry>& into, const Read& read) {
    const Tree* entries = value(document, list, TreeKind::Sequence);
    if (entries == nullptr) return;
    std::set<std::string> here;
    for (const Tree& tree : entries->items) {
      if (!tree.is(TreeKind::Mapping)) {
        add_error(*found_, tree.place, "wrong-type",
                  fmt::format("an item of `{}` is {}, not a mapping", list, name_of(tree.kind)));
        continue;
      }
      Entry entry;
      entry.place = tree.place;
      entry.name = text(tree, "name");
      if (entry.name.empty()) {
        add_error(*found_, tree.place, "missing-field", "name is missing");
      } else if (!here.insert(entry.name).second) {
        add_error(*found_, tree.find("name")->place, "duplicate-name",
                  fmt::format("the {} {} stands twice in this file", field, entry.name));
      }
      warn_of_others(tree, {"name", field});
      if (const Tree* content = value(tree, field, TreeKind::Mapping)) read(*content, entry);
      const bool is_known =
          std::ranges::any_of(into, [&](const Entry& other) { return other.name == entry.name; });
      if (!is_known) into.push_back(std::move(entry));
    }
  }

  /// `KEY` names a file, `KEY-data` is its content, which wins as it does for kubectl.
  KubeFile file(const Tree& tree, std::string_view key) {
    KubeFile file;
    const std::string inline_key = fmt::format("{}-data", key);
    if (const Tree* inline_value = value(tree, inline_key, TreeKind::String)) {
      file.place = inline_value->place;
      auto content = decode_base64(inline_value->text);
      if (content) {
        file.content = std::move(*content);
      } else {
        add_error(*found_, inline_value->place, "bad-base64",
                  fmt::format("`{}` is no base64", inline_key));
      }
      if (!inline_value->text.empty()) return file;
    }
    file.path = resolved(text(tree, key));
    if (!file.path.empty()) file.place = tree.find(key)->place;
    return file;
  }

  void read_cluster(const Tree& tree, KubeconfigCluster& cluster) {
    warn_of_others(tree, {kClusterFields.begin(), kClusterFields.end()});
    cluster.server = text(tree, "server");
    cluster.authority = file(tree, "certificate-authority");
    cluster.is_unverified = is_true(tree, "insecure-skip-tls-verify");
    cluster.tls_server_name = text(tree, "tls-server-name");
    cluster.proxy_url = text(tree, "proxy-url");
    if (const Tree* extensions = value(tree, "extensions", TreeKind::Sequence)) {
      for (const Tree& each : extensions->items) {
        const bool is_exec = each.string_at({"name"}) == "client.authentication.k8s.io/exec";
        const Tree* content = each.find("extension");
        if (is_exec && content != nullptr) cluster.exec_configuration = *content;
      }
    }
  }

  void read_user(const Tree& tree, KubeconfigUser& user) {
    std::vector<std::string_view> known(kUserFields.begin(), kUserFields.end());
    known.insert(known.end(), kImpersonation.begin(), kImpersonation.end());
    warn_of_others(tree, known);
    user.certificate = file(tree, "client-certificate");
    user.key = file(tree, "client-key");
    user.token = text(tree, "token");
    user.token_file = resolved(text(tree, "tokenFile"));
    user.username = text(tree, "username");
    user.password = text(tree, "password");
    if (const Tree* exec = value(tree, "exec", TreeKind::Mapping)) user.exec = read_exec(*exec);
    for (const std::string_view name : kImpersonation) {
      if (!is_absent(tree, name)) {
        user.unsupported.push_back({std::string{name}, tree.find(name)->place});
      }
    }
  }

  ExecCommand read_exec(const Tree& tree) {
    warn_of_others(tree, {kExecFields.begin(), kExecFields.end()});
    ExecCommand exec;
    exec.place = tree.place;
    exec.api_version = text(tree, "apiVersion");
    exec.command = text(tree, "command");
    // As a shell does: a name is looked for in PATH, a path is one.
    if (exec.command.find('/') != std::string::npos) exec.command = resolved(exec.command);
    exec.install_hint = text(tree, "installHint");
    exec.provides_cluster = is_true(tree, "provideClusterInfo");
    exec.interactive_mode = text(tree, "interactiveMode");
    if (const Tree* arguments = value(tree, "args", TreeKind::Sequence)) {
      for (const Tree& each : arguments->items) {
        if (each.is(TreeKind::String)) {
          exec.arguments.push_back(each.text);
        } else {
          add_error(*found_, each.place, "wrong-type",
                    fmt::format("an item of `args` is {}, not a string", name_of(each.kind)));
        }
      }
    }
    if (const Tree* variables = value(tree, "env", TreeKind::Sequence)) {
      for (const Tree& each : variables->items) {
        const std::string name = each.is(TreeKind::Mapping) ? text(each, "name") : std::string{};
        if (name.empty() || name.find('=') != std::string::npos) {
          add_error(*found_, each.place, "wrong-type",
                    "an item of `env` is a mapping with a name and a value");
        } else {
          exec.environment.emplace_back(name, text(each, "value"));
        }
      }
    }
    return exec;
  }

  void read_context(const Tree& tree, KubeconfigContext& context) {
    warn_of_others(tree, {kContextFields.begin(), kContextFields.end()});
    context.cluster = text(tree, "cluster");
    context.user = text(tree, "user");
    context.ns = text(tree, "namespace");
  }

  std::filesystem::path folder_;
  Diagnostics* found_;
};

/// Its source text is not registered, so that no message shows a line of it.
void read_file(const std::string& path, Sources& sources, Diagnostics& found, Kubeconfig& into) {
  Sources unseen;
  Diagnostics of_file;
  const auto source = load_file({path}, unseen, of_file);
  const FileId file = sources.add(path);
  if (source) {
    KubeconfigReader reader(path, of_file);
    for (Document& document : parse_documents(*source->text, file)) {
      const bool is_broken = has_errors(document.diagnostics);
      std::ranges::move(document.diagnostics, std::back_inserter(of_file));
      if (!is_broken && !document.tree.is_null()) reader.read(document.tree, into);
    }
    into.files.push_back(path);
  }
  for (Diagnostic& each : of_file) {
    if (each.place.file.is_known()) each.place.file = file;
    found.push_back(std::move(each));
  }
}

}  // namespace

Kubeconfig read_kubeconfigs(const std::vector<std::string>& paths, Sources& sources,
                            Diagnostics& diagnostics) {
  Kubeconfig all;
  for (const std::string& path : paths) read_file(path, sources, diagnostics, all);
  return all;
}

}  // namespace meshproof
