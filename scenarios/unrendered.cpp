#include "scenarios/unrendered.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "model/shell.h"

namespace meshproof {
namespace {

Diagnostic at(Place place, std::string code, std::string message) {
  return {.place = place,
          .code = std::move(code),
          .message = std::move(message),
          .notes = {},
          .subject = {}};
}

/// The file's own path, inside of its archive if it is in one.
std::string_view path_of(const SourceText& source) {
  return std::string_view{source.name}.substr(source.path_start);
}

std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? "." : path.substr(0, slash);
}

/// `give the output of COMMAND PATH`; what is in an archive has to come out of it first.
std::string advice(const SourceText& source, std::string_view command, std::string_view path) {
  return fmt::format("{}give the output of {} {}",
                     source.path_start == 0 ? "" : "unpack the archive, and ", command,
                     shell_word(path));
}

Diagnostic kustomization(const SourceText& source, Place place) {
  return at(place, "kustomization",
            "a kustomization is not a manifest: " +
                advice(source, "oc kustomize", folder_of(path_of(source))));
}

/// The folder of the chart that a template is part of.
std::string_view chart_of(std::string_view path) {
  constexpr std::string_view kTemplates = "/templates/";
  const auto templates = path.rfind(kTemplates);
  if (templates != std::string_view::npos) return path.substr(0, templates);
  return path.starts_with(kTemplates.substr(1)) ? "." : "CHART";
}

/// The place of the first `{{` that stands where YAML has a value, a key or a line; unknown if
/// there is none. Inside of quoted strings such braces are text like any other.
Place find_braces(const SourceText& source) {
  std::uint32_t line = 1;
  const std::string_view text = *source.text;
  for (std::size_t start = 0; start < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view row = text.substr(start, end - start);
    const std::size_t brace = row.find("{{");
    if (brace != std::string_view::npos &&
        row.substr(0, brace).find_first_of("\"'#") == std::string_view::npos) {
      return {source.file, line, static_cast<std::uint32_t>(brace + 1)};
    }
    start = end + 1;
  }
  return {};
}

}  // namespace

std::optional<Diagnostic> refuse_kustomization(const SourceText& source) {
  const std::string_view path = path_of(source);
  const std::string_view base = path.substr(path.rfind('/') + 1);
  const bool is_one =
      base == "kustomization.yaml" || base == "kustomization.yml" || base == "Kustomization";
  if (!is_one) return std::nullopt;
  return kustomization(source, {source.file, 1, 1});
}

std::optional<Diagnostic> refuse_unrendered(const Tree& object, const SourceText& source) {
  const std::string_view api_version = object.string_at({"apiVersion"});
  if (api_version.starts_with("kustomize.config.k8s.io/")) {
    return kustomization(source, object.place);
  }
  const bool is_template =
      object.string_at({"kind"}) == "Template" &&
      (api_version == "v1" || api_version.starts_with("template.openshift.io/"));
  if (!is_template || object.find_path({"metadata", "uid"}) != nullptr) return std::nullopt;
  return at(
      object.place, "template-not-rendered",
      "a template, not a manifest: " + advice(source, "oc process --local -f", path_of(source)));
}

std::optional<Diagnostic> explain_syntax(const SourceText& source) {
  if (const Place place = find_braces(source); place.is_known()) {
    return at(place, "template-not-rendered",
              "a template, not a manifest: " +
                  advice(source, "helm template", chart_of(path_of(source))));
  }
  const std::string_view text = *source.text;
  const std::size_t notes = text.starts_with("NOTES:") ? 0 : text.find("\nNOTES:");
  if (notes == std::string_view::npos) return std::nullopt;
  const std::string_view before = text.substr(0, notes + (notes == 0 ? 0 : 1));
  const auto line = static_cast<std::uint32_t>(std::ranges::count(before, '\n') + 1);
  return at({source.file, line, 1}, "helm-notes",
            "the notes of a chart are not YAML: give the output of helm template or helm get "
            "manifest");
}

}  // namespace meshproof
