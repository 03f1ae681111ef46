#include "reports/html/chapters.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/graph_svg.h"
#include "reports/header.h"
#include "reports/html/parts.h"
#include "reports/isolation_formats.h"
#include "reports/markup.h"
#include "reports/report_words.h"
#include "reports/text.h"

namespace meshproof::html {
namespace {

std::string evidence_list(const std::vector<Evidence>& evidence) {
  if (evidence.empty()) return {};
  std::string items;
  for (const Evidence& each : evidence) {
    items += fmt::format("<li>{}{}</li>\n", isolated(each.text), place(each.where));
  }
  return "<ul>\n" + items + "</ul>\n";
}

std::string waiver_words(const Waiver& waiver) {
  return fmt::format("exception {} of {} ({}), until {}", waiver.exception, waiver.owner,
                     waiver.ticket, waiver.expires);
}

std::string verdict_markup(const Report& report, const Judgement& judgement) {
  const JudgedRule* rule = rule_of(report, judgement);
  const std::string phase = judgement.phase == "after" || judgement.phase == "state"
                                ? ""
                                : fmt::format(" ({})", judgement.phase);
  std::string body;
  if (rule != nullptr && !rule->help.empty()) body += paragraph(rule->help);
  body += paragraph(judgement.message);
  if (judgement.count > 1) body += paragraph(fmt::format("{} in all", judgement.count));
  body += evidence_list(judgement.flow);
  if (!judgement.beside.empty()) {
    body += paragraph("Rests on, or is asked by") + evidence_list(judgement.beside);
  }
  for (const Waiver& waiver : judgement.waivers) body += paragraph(waiver_words(waiver));
  return fmt::format(
      "<details data-of=\"verdicts\" data-is=\"{0}\"><summary><span class=\"word {5}\">{1}</span> "
      "{2}: {3}{4}</summary>\n{6}</details>\n",
      to_string(judgement.standing), standing_word(judgement), isolated(judgement.rule),
      isolated(rule == nullptr ? judgement.message : rule->title), markup(phase),
      standing_word(judgement) == "NOTE" ? "noted" : to_string(judgement.standing), body);
}

std::string definition(std::string_view term, std::string_view text) {
  if (text.empty()) return {};
  return fmt::format("<dt>{}</dt><dd>{}</dd>\n", markup(term), isolated(text));
}

std::string input_rows(const std::vector<InputDigest>& inputs) {
  std::string rows;
  for (const InputDigest& input : inputs) {
    rows += row(
        {input.name, input.sha256.empty() ? "not a file that can be read again" : input.sha256});
  }
  return rows;
}

std::string origin_rows(const Coverage& coverage) {
  std::string rows;
  for (const Origin& origin : coverage.origins) {
    rows += row({origin.name, to_string(origin.form), origin.server, origin.identity, origin.time});
  }
  return rows;
}

/// What one rule found, folded: a page with a row for each of 10,000 findings opens slowly.
std::string rule_findings(const JudgedRule& rule, const std::vector<const Judgement*>& found) {
  constexpr std::size_t kMostListed = 200;
  std::string items;
  for (std::size_t i = 0; i < found.size() && i < kMostListed; ++i) {
    const Judgement& each = *found[i];
    const std::string standing =
        each.standing == Standing::Failed ? "" : fmt::format("[{}] ", standing_word(each.standing));
    items += fmt::format("<li>{}{}{}</li>\n", isolated(standing + each.message), place(each.where),
                         evidence_list(each.flow));
  }
  std::string body = rule.help.empty() ? std::string{} : paragraph(rule.help);
  if (!rule.fix.empty()) body += paragraph("How to fix it: " + rule.fix);
  body += "<ul>\n" + items + "</ul>\n";
  if (found.size() > kMostListed) {
    body +=
        paragraph(fmt::format("and {} more: -o csv lists them all", found.size() - kMostListed));
  }
  const std::string name = rule.name == rule.id ? rule.id : rule.id + " " + rule.name;
  return fmt::format(
      "<details data-of=\"findings\" data-is=\"{0}\"><summary><span class=\"word\">{0}</span> {1} "
      "({2}): {3}</summary>\n{4}</details>\n",
      to_string(rule.severity), isolated(name), found.size(), isolated(rule.title), body);
}

/// Of one control: what there is in this report, in words.
std::string support_words(const IsolationReport& isolation, ControlEvidence evidence) {
  const Report& report = isolation.report;
  const auto judged = [&](auto wanted) {
    std::map<Standing, std::size_t> counts;
    for (const Judgement& each : report.judgements) {
      if (wanted(each)) ++counts[each.standing];
    }
    std::vector<std::string> words;
    for (const auto& [standing, count] : counts) {
      words.push_back(fmt::format("{} {}", count, to_string(standing)));
    }
    return words.empty() ? std::string{"nothing"} : fmt::format("{}", fmt::join(words, ", "));
  };
  const auto of_group = [&](std::string_view tag) {
    return judged([&](const Judgement& each) {
      const JudgedRule* rule = rule_of(report, each);
      return each.kind == JudgementKind::Rule && rule != nullptr &&
             std::ranges::find(rule->tags, tag) != rule->tags.end();
    });
  };
  switch (evidence) {
    case ControlEvidence::Tenancy:
      return "tenancy of meshes: " +
             judged([](const Judgement& each) { return each.rule == "builtin:tenancy"; });
    case ControlEvidence::Statements:
      return "assertions: " + judged([](const Judgement& each) {
               return each.kind == JudgementKind::Statement && !each.rule.starts_with("builtin:");
             });
    case ControlEvidence::Matrix:
      return fmt::format("the matrix of {}", counted(isolation.judged().matrix.ends.size(), "end"));
    case ControlEvidence::Rights:
      return "findings about rights: " + of_group("rights");
    case ControlEvidence::Policies:
      return "findings about policies: " + of_group("policies");
    case ControlEvidence::Drift:
      return "drift: " +
             judged([](const Judgement& each) { return each.kind == JudgementKind::Drift; });
    case ControlEvidence::Exceptions:
      return fmt::format("the register: {}", counted(isolation.exceptions.size(), "exception"));
    case ControlEvidence::Change:
      return report.change ? "the change, its moments and its way back" : "no change was given";
    case ControlEvidence::Inventory:
      return counted(isolation.meshes.size(), "mesh", "meshes");
    case ControlEvidence::Provenance:
      return fmt::format("{} with digests, coverage", counted(isolation.inputs.size(), "input"));
  }
  return {};
}

}  // namespace

std::string scope_chapter(const IsolationReport& isolation) {
  const Report& report = isolation.report;
  const ClusterIdentity& cluster = report.coverage.cluster;
  std::string text = "<dl>\n";
  text += definition("Cluster", report.cluster.empty() ? "not named by the input" : report.cluster);
  text += definition("Cluster id", cluster.id());
  text += definition("Network", network_words(report.network));
  text += definition("State", isolation.after ? "after the change, as predicted; the state before "
                                                "it beside it"
                                              : "as given");
  text += definition("Coverage", coverage_words(report.coverage));
  text += definition("Decided by", fmt::format("{}", fmt::join(isolation.engines, ", ")));
  text += definition("Program", "meshproof " + report.version);
  text += definition("Repeated by", report.invocation);
  text += definition("Written", isolation.generated);
  text += "</dl>\n";
  const std::vector<std::string> missing = missing_parts(report.coverage);
  if (!missing.empty()) text += "<h3>Not collected</h3>\n" + list(missing);
  text += table("Inputs", {"file", "SHA-256"}, input_rows(isolation.inputs));
  return text + table("Where the objects come from",
                      {"input", "form", "server", "collected by", "time"},
                      origin_rows(report.coverage));
}

std::string verdict_chapter(const IsolationReport& isolation) {
  const Report& report = isolation.report;
  std::string verdicts;
  for (const Standing standing : {Standing::Failed, Standing::Undecided, Standing::Known,
                                  Standing::Waived, Standing::Passed}) {
    for (const Judgement& each : report.judgements) {
      if (each.kind == JudgementKind::Statement && each.standing == standing) {
        verdicts += verdict_markup(report, each);
      }
    }
  }
  if (verdicts.empty()) return paragraph("Nothing was asked, so nothing is proved.");
  return paragraph(statement_counts(report)) +
         filters("verdicts", "Find in verdicts",
                 {{"failed", "violated"},
                  {"undecided", "unknown"},
                  {"known", "in the baseline"},
                  {"waived", "waived"},
                  {"passed", "hold"}}) +
         verdicts;
}

std::string mesh_chapter(const IsolationReport& isolation) {
  std::string text;
  for (const ReportedMesh& mesh : isolation.meshes) {
    const std::string name = mesh.name.empty()
                                 ? mesh.ns + " (no control plane)"
                                 : fmt::format("{}/{} {}", mesh.ns, mesh.name, mesh.version);
    std::string rows;
    for (const ReportedMember& member : mesh.members) rows += row({member.ns, member.standing});
    text += fmt::format("<h3>{}{}</h3>\n", isolated(name), place(mesh.roll)) +
            table(fmt::format("Members of {}", mesh.ns), {"project", "standing"}, rows);
  }
  return text.empty() ? paragraph("The input has no mesh.") : text;
}

std::string graph_chapter(const IsolationReport& isolation) {
  if (isolation.judged().matrix.ends.empty()) return {};
  const IsolationGraph graph = isolation_graph(isolation);
  const std::string_view what =
      graph.level == GraphLevel::Workloads
          ? "What is open between workloads, in a frame for each project; a dashed line is not "
            "certain."
      : graph.level == GraphLevel::Projects ? "What is open between projects, in a frame for each "
                                              "group; a dashed line is not certain."
                                            : "There are too many projects or lines to draw each: "
                                              "these are the groups, with how many "
                                              "pairs are open.";
  const std::string_view change =
      isolation.after ? "What the change opens is bold and green and begins with +, what it closes "
                        "is dotted and red and begins with −."
                      : "";
  return paragraph(what) + (change.empty() ? "" : paragraph(change)) +
         "<div class=\"graph\" tabindex=\"0\" role=\"region\" aria-label=\"Graph of what is open; "
         "the matrix says the same\">\n" +
         inline_graph_svg(graph.dot) + "</div>\n";
}

std::string finding_chapter(const IsolationReport& isolation) {
  const Report& report = isolation.report;
  std::map<std::string, std::vector<const Judgement*>> found;
  for (const Judgement& each : report.judgements) {
    const bool is_one = each.kind != JudgementKind::Statement && each.standing != Standing::Passed;
    if (is_one) found[each.rule].push_back(&each);
  }
  if (found.empty()) return paragraph("Nothing was found by rules, drift and moments.");
  std::string text = filters("findings", "Find in findings",
                             {{"error", "errors"}, {"warning", "warnings"}, {"note", "notes"}});
  for (const Severity severity : {Severity::Error, Severity::Warning, Severity::Note}) {
    for (const JudgedRule& rule : report.rules) {
      const auto own = found.find(rule.id);
      if (own != found.end() && rule.severity == severity) {
        text += rule_findings(rule, own->second);
      }
    }
  }
  return text;
}

std::string exception_chapter(const IsolationReport& isolation) {
  std::string rows;
  for (const ReportedException& each : isolation.exceptions) {
    const Exception& exception = each.exception;
    rows += row({exception.id, exception.assertion, exception.owner, exception.ticket,
                 exception.expires, exception.reason, std::to_string(each.covers),
                 to_string(each.where)});
  }
  const std::string expired = isolation.expired_exceptions.empty()
                                  ? ""
                                  : "<h3>Expired</h3>\n" + list(isolation.expired_exceptions);
  return table("Exceptions in force",
               {"id", "of", "owner", "ticket", "until", "reason", "verdicts covered", "where"},
               rows) +
         expired;
}

std::string risk_chapter(const IsolationReport& isolation) {
  std::string text = "<h3>What this report does not show</h3>\n" + list(isolation.residual_risks);
  if (!isolation.report.assumptions.empty()) {
    text += "<h3>What is assumed, or not modelled</h3>\n" + list(isolation.report.assumptions);
  }
  return text;
}

std::string control_chapter(const IsolationReport& isolation) {
  std::string text = paragraph(
      "What of this report can be shown for which control. It supports the work on a control; "
      "whether a control is met is for people to judge.");
  for (const ControlCatalogue& catalogue : isolation.controls) {
    std::string rows;
    for (const Control& control : catalogue.controls) {
      std::vector<std::string> support;
      for (const ControlEvidence each : control.supported_by) {
        support.push_back(support_words(isolation, each));
      }
      rows += row(
          {control.id, control.about, fmt::format("{}", fmt::join(support, "; ")), control.note});
    }
    text += table(fmt::format("{} {}", catalogue.framework, catalogue.version),
                  {"control", "about", "supported here by", "limits"}, rows);
  }
  return isolation.controls.empty() ? std::string{} : text;
}

}  // namespace meshproof::html
