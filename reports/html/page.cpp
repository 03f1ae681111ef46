#include <array>
#include <string>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "reports/html/chapters.h"
#include "reports/html/html_files.h"
#include "reports/html/parts.h"
#include "reports/isolation_formats.h"
#include "reports/markup.h"
#include "reports/report_words.h"
#include "reports/text.h"

namespace meshproof {
namespace {

std::string_view asset(std::string_view name) {
  for (const EmbeddedFile& file : html_files()) {
    if (file.name == name) return file.text;
  }
  return {};
}

/// `'sha256-…'` of a Content-Security-Policy: the digest in base64.
std::string policy_digest(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 4 * ((SHA256_DIGEST_LENGTH + 2) / 3) + 1> base64{};
  EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest.size()));
  return fmt::format("'sha256-{}'", reinterpret_cast<const char*>(base64.data()));
}

std::string head(const Report& report, std::string_view style, std::string_view script) {
  const std::string title =
      report.cluster.empty() ? "Isolation report" : "Isolation report: " + report.cluster;
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {}; "
      "script-src {}; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>{}</title>\n<style>{}</style>\n"
      "</head>\n<body>\n",
      policy_digest(style), policy_digest(script), markup(title), style);
}

std::size_t open_findings(const Report& report) {
  std::size_t count = 0;
  for (const Judgement& each : report.judgements) {
    if (each.kind != JudgementKind::Statement && each.standing == Standing::Failed) ++count;
  }
  return count;
}

std::string tile(std::size_t number, std::string_view words, std::string_view css) {
  return fmt::format("<li><b class=\"{}\">{}</b>{}</li>\n", css, number, markup(words));
}

std::string tiles(const IsolationReport& isolation) {
  const StatementCounts counts = count_statements(isolation.report);
  return "<ul class=\"tiles\">\n" +
         tile(counts.hold, "statements hold", counts.hold > 0 ? "good" : "") +
         tile(counts.violated, "violated", counts.violated > 0 ? "bad" : "") +
         tile(counts.unknown, "not known", counts.unknown > 0 ? "unsure" : "") +
         tile(open_findings(isolation.report), "findings", "") +
         tile(isolation.exceptions.size(), "exceptions in force", "") +
         tile(isolation.meshes.size(), "meshes", "") + "</ul>\n";
}

struct Chapter {
  std::string_view id;
  std::string_view title;
  std::string (*content)(const IsolationReport& isolation);
};
constexpr std::array kChapters = std::to_array<Chapter>({
    {"scope", "Scope and provenance", html::scope_chapter},
    {"verdicts", "Verdicts", html::verdict_chapter},
    {"meshes", "Meshes and members", html::mesh_chapter},
    {"matrix", "Who reaches whom", html::matrix_chapter},
    {"graph", "Graph", html::graph_chapter},
    {"change", "The change", html::change_chapter},
    {"findings", "Findings", html::finding_chapter},
    {"exceptions", "Register of exceptions", html::exception_chapter},
    {"risks", "Residual risks and assumptions", html::risk_chapter},
    {"controls", "Controls that this report supports", html::control_chapter},
});

std::string banner(const IsolationReport& isolation) {
  const Report& report = isolation.report;
  std::string links;
  for (const Chapter& chapter : kChapters) {
    const bool is_there = chapter.id != "change" || report.change;
    if (is_there) {
      links += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", chapter.id, markup(chapter.title));
    }
  }
  const std::string of = report.cluster.empty() ? "" : " of " + html::isolated(report.cluster);
  return fmt::format(
             "<a class=\"skip\" href=\"#scope\">To the report</a>\n<header>\n"
             "<h1>Isolation report{}</h1>\n<p class=\"headline\">{}</p>\n",
             of, markup(statement_counts(report))) +
         tiles(isolation) + "<nav aria-label=\"Chapters\"><ul>\n" + links +
         "</ul></nav>\n</header>\n";
}

}  // namespace

void write_isolation_html(const IsolationReport& isolation, const TextSink& sink) {
  const std::string_view style = asset("page.css");
  const std::string_view script = asset("page.js");
  TextStream stream(sink);
  stream.add(head(isolation.report, style, script));
  stream.add(banner(isolation));
  stream.add("<main>\n");
  for (const Chapter& chapter : kChapters) {
    stream.add(html::section(chapter.id, chapter.title, chapter.content(isolation)));
  }
  stream.add(
      fmt::format("</main>\n<footer><p>meshproof {}: not reachable means under the "
                  "assumptions above, for the input named there.</p></footer>\n<script>{}"
                  "</script>\n</body>\n</html>\n",
                  markup(isolation.report.version), script));
  stream.flush();
}

}  // namespace meshproof
