#include "cli/manual_page.h"

#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/examples.h"
#include "cli/exit_code.h"
#include "cli/help.h"
#include "cli/option_list.h"

namespace meshproof {
namespace {

/// The code point that begins at `at`, of text that is valid UTF-8; `at` moves behind it.
std::uint32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80U) return lead;
  std::uint32_t code = lead >= 0xF0U ? lead & 0x07U : lead >= 0xE0U ? lead & 0x0FU : lead & 0x1FU;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) {
    code = (code << 6U) | (static_cast<unsigned char>(text[at++]) & 0x3FU);
  }
  return code;
}

std::string heading(std::string_view title) { return fmt::format(".SH {}\n", title); }

std::string paragraph(std::string_view text) { return ".PP\n" + roff_text(text) + '\n'; }

/// An entry of a list: what it is about, in bold, and what is said of it.
std::string item(std::string_view name, std::string_view says) {
  return fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff_text(name), roff_text(says));
}

/// Options, below the headings of --help.
std::string options_text(const Command& command) {
  std::string text;
  for (const OptionGroup& group : option_groups(command)) {
    text += fmt::format(".PP\n\\fI{}\\fR\n", roff_text(to_string(group.heading)));
    for (const CommandOption& each : group.options) {
      text += item(option_usage(each), each.description);
    }
  }
  return text;
}

std::string examples_text(const Command& command) {
  std::string text;
  for (const Example& example : examples_of(command)) {
    text += paragraph(example.says);
    text += fmt::format(".RS\n.nf\n{}\n.fi\n.RE\n", roff_text(example.line));
  }
  return text;
}

std::string command_text(const Command& command) {
  return fmt::format(".SS meshproof {}\n", roff_text(command.name)) +
         fmt::format("\\fBmeshproof {}\\fR {}\n", roff_text(command.name),
                     roff_text(command.usage)) +
         paragraph(command.summary) + options_text(command) + examples_text(command);
}

}  // namespace

std::string roff_text(std::string_view text) {
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    const bool begins_line = shown.empty() || shown.back() == '\n';
    const std::uint32_t code = next_code_point(text, at);
    switch (code) {
      case '\\':
        shown += "\\e";
        break;
      case '-':
        shown += "\\-";
        break;
      case '\'':
        shown += "\\(aq";
        break;
      case '`':
        shown += "\\(ga";
        break;
      case '^':
        shown += "\\(ha";
        break;
      case '~':
        shown += "\\(ti";
        break;
      case '.':
        shown += begins_line ? "\\&." : ".";
        break;
      case 0x2026:
        shown += "...";  // a terminal of ASCII has no other
        break;
      default:
        if (code < 0x80U) {
          shown += static_cast<char>(code);
        } else {
          shown += fmt::format("\\[u{:04X}]", code);
        }
    }
  }
  return shown;
}

std::string manual_page() {
  std::string text =
      ".TH MESHPROOF 1 \"\" \"meshproof " MESHPROOF_VERSION "\" \"User Commands\"\n.nh\n.ad l\n" +
      heading("NAME") +
      "meshproof \\- what an edit of a ServiceMeshMemberRoll does to a cluster\n" +
      heading("SYNOPSIS") + "\\fBmeshproof\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR ...]\n" +
      heading("DESCRIPTION");
  text +=
      "Before anybody touches an OpenShift cluster: if this ServiceMeshMemberRoll is edited, what "
      "will the mesh write, who can then reach whom, and is isolation kept?\n";
  text += paragraph(
      "The result goes to standard output, warnings and errors to standard error. An INPUT is a "
      "file, a directory, a must-gather, each of them packed too, or - for standard input.");
  text += paragraph(
      "As kubectl-meshproof and oc-meshproof the program is a plugin: kubectl meshproof plan, oc "
      "meshproof plan.");
  text += heading("COMMANDS");
  for (const Command& command : commands()) text += command_text(command);
  text += heading("\"EXIT STATUS\"");
  for (const ExitCodeRow& row : kExitCodes) {
    text += item(fmt::format("{}", static_cast<int>(row.code)), row.meaning);
  }
  text += heading("ENVIRONMENT");
  text += item("NO_COLOR", "not empty: no colour on standard error.");
  text += item("COLUMNS", "the width of what is shown on a terminal.");
  text += item("TERM", "dumb: no colour on standard error, and no progress.");
  text += item("SOURCE_DATE_EPOCH",
               "the time of the run in seconds since 1970, so that a report gives the same bytes.");
  text += item("KUBECONFIG", "how to reach a live cluster, as of kubectl.");
  text += heading("\"SEE ALSO\"");
  return text + "\\fBkubectl\\fR(1), \\fBoc\\fR(1)\n";
}

}  // namespace meshproof
