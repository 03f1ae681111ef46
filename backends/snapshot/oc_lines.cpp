#include "backends/snapshot/oc_lines.h"

#include <string_view>

#include <fmt/format.h>

#include "backends/snapshot/kinds.h"
#include "model/shell.h"

namespace meshproof {
namespace {

/// A name that no program takes for an option.
std::string path_word(const std::string& path) {
  return shell_word(path.starts_with('-') ? "./" + path : path);
}

std::string program_of(const OcLinesOptions& options) {
  std::string words = shell_word(options.program.empty() ? "oc" : options.program);
  const auto add = [&](std::string_view option, const std::string& value) {
    if (!value.empty()) words += ' ' + shell_word(fmt::format("{}={}", option, value));
  };
  add("--kubeconfig", options.kubeconfig);
  add("--context", options.context);
  return words;
}

}  // namespace

std::string oc_lines(const OcLinesOptions& options) {
  const std::string program = program_of(options);
  const std::string folder = options.folder.empty() ? "snapshot" : options.folder;
  std::string lines = fmt::format("mkdir -p {}\n", path_word(folder));
  const auto add = [&](const ReadKind& kind, const std::string& where, const std::string& name) {
    const std::string file = path_word(fmt::format("{}/{}.json", folder, name));
    lines += fmt::format("{} get {}{} --chunk-size=500 -o json > {} || rm -f {}\n", program,
                         shell_word(kind.resource()), where, file, file);
  };
  for (const ReadKind& kind : read_kinds()) {
    if (!kind.is_namespaced) {
      add(kind, {}, kind.resource());
    } else if (options.namespaces.empty()) {
      add(kind, " --all-namespaces", kind.resource());
    }
    for (const std::string& ns : options.namespaces) {
      if (!kind.is_namespaced) break;
      add(kind, ' ' + shell_word("--namespace=" + ns), kind.resource() + '@' + ns);
    }
  }
  return lines;
}

}  // namespace meshproof
