#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "reports/html/chapters.h"
#include "reports/html/parts.h"
#include "reports/json.h"
#include "reports/markup.h"
#include "reports/matrix_groups.h"
#include "reports/text.h"

namespace meshproof::html {
namespace {

/// More than these are looked up by name: nobody finds a cell among 10,000.
constexpr std::size_t kMostInGrid = 64;

int kind_of(const MatrixCell& cell) {
  if (!cell.some.is_empty()) return 1;
  return cell.unknown.is_empty() ? 0 : 2;
}

std::string shown_name(const MatrixEnd& end) {
  return end.is_outside ? "outside " + printable(end.name) : printable(end.name);
}

/// As page.js reads it.
Json matrix_json(const NamespaceMatrix& matrix, const IsolationReport& isolation) {
  Json json;
  json["ends"] = Json::array();
  for (const MatrixEnd& end : matrix.ends) json["ends"].push_back(shown_name(end));
  json["cells"] = Json::array();
  for (const MatrixCell& cell : matrix.cells) {
    Json one = Json::array({matrix_cell_words(cell), kind_of(cell)});
    if (!cell.unknown.is_empty()) one.push_back(cell.unknown_because);
    json["cells"].push_back(std::move(one));
  }
  json["causes"] = Json::array();
  for (const std::vector<Reason>& cause : matrix.causes) {
    Json reasons = Json::array();
    for (const Reason& reason : cause) {
      reasons.push_back(Json::array({to_string(reason.direction), printable(reason.text),
                                     printable(to_string(isolation.locate(reason.place)))}));
    }
    json["causes"].push_back(std::move(reasons));
  }
  json["rows"] = Json::array();
  for (const MatrixRow& row : matrix.rows) {
    Json runs = Json::array();
    for (const MatrixRun& run : row) {
      runs.push_back(run.begin);
      runs.push_back(run.value);
    }
    json["rows"].push_back(std::move(runs));
  }
  json["c"] = matrix.cells_of;
  json["i"] = matrix.ingress_of;
  json["e"] = matrix.egress_of;
  return json;
}

/// JSON in a script element: only `<` could end that.
std::string script_json(std::string_view state, const Json& json) {
  std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size());
  for (const char character : text) {
    safe += character == '<' ? std::string{"\\u003c"} : std::string(1, character);
  }
  return fmt::format("<script type=\"application/json\" data-state=\"{}\">{}</script>\n", state,
                     safe);
}

std::string group_table(const ReportedMatrix& reported, std::string_view caption) {
  const auto cells = group_cells(reported);
  std::string rows;
  std::string head;
  for (std::size_t src = 0; src < cells.size(); ++src) {
    head += fmt::format("<th scope=\"col\">to {}</th>", isolated(reported.groups[src]));
    rows += fmt::format("<tr><th scope=\"row\">from {}</th>", isolated(reported.groups[src]));
    for (const GroupCell& cell : cells[src]) {
      const bool is_closed = cell.pairs > 0 && cell.open == 0;
      const std::string_view css = cell.unknown > 0 ? "unsure" : is_closed ? "good" : "";
      rows += fmt::format("<td class=\"{}\">{}</td>", css, markup(group_cell_words(cell)));
    }
    rows += "</tr>\n";
  }
  return fmt::format(
      "<div class=\"wide\"><table><caption>{}</caption><thead><tr><td></td>{}</tr></thead><tbody>\n"
      "{}</tbody></table></div>\n",
      markup(caption), head, rows);
}

struct Sign {
  std::string_view css;
  std::string_view text;
};
Sign sign_of(const MatrixCell& cell, const MatrixEnd& src, const MatrixEnd& dst) {
  const bool has_pods = (src.is_outside || src.pods > 0) && (dst.is_outside || dst.pods > 0);
  if (!has_pods || (src.is_outside && dst.is_outside)) return {"none", " "};
  if (!cell.some.is_empty()) {
    const bool is_all = cell.some == cell.every && cell.some == PortSet::all();
    return is_all ? Sign{"open", "●"} : Sign{"some", "◐"};
  }
  return cell.unknown.is_empty() ? Sign{"closed", "·"} : Sign{"unknown", "?"};
}

std::size_t place_of(const NamespaceMatrix& matrix, const MatrixEnd& wanted) {
  for (std::size_t i = 0; i < matrix.ends.size(); ++i) {
    if (matrix.ends[i].name == wanted.name && matrix.ends[i].is_outside == wanted.is_outside) {
      return i;
    }
  }
  return matrix.ends.size();
}

/// In the order of the groups, then of the names.
std::vector<std::size_t> grid_order(const ReportedMatrix& reported) {
  std::vector<std::size_t> order(reported.matrix.ends.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](std::size_t i) {
    return std::pair{reported.group_of[i], reported.matrix.ends[i].name};
  });
  return order;
}

std::string grid_cell(const NamespaceMatrix& matrix, std::size_t src, std::size_t dst,
                      const NamespaceMatrix* other, bool is_first) {
  const MatrixCell& cell = matrix.cells[value_at(matrix.rows[matrix.cells_of[dst]], src)];
  bool has_changed = false;
  if (other != nullptr) {
    const std::size_t from = place_of(*other, matrix.ends[src]);
    const std::size_t to = place_of(*other, matrix.ends[dst]);
    const bool are_there = from < other->ends.size() && to < other->ends.size();
    const MatrixCell was =
        are_there ? other->cells[value_at(other->rows[other->cells_of[to]], from)] : MatrixCell{};
    has_changed = was.some != cell.some || was.every != cell.every || was.unknown != cell.unknown;
  }
  const Sign sign = sign_of(cell, matrix.ends[src], matrix.ends[dst]);
  return fmt::format(
      "<td><button type=\"button\" class=\"{}{}\" tabindex=\"{}\" aria-pressed=\"false\" "
      "data-s=\"{}\" data-d=\"{}\" aria-label=\"{} to {}: {}{}\">{}</button></td>",
      sign.css, has_changed ? " changed" : "", is_first ? 0 : -1, src, dst,
      markup(shown_name(matrix.ends[src])), markup(shown_name(matrix.ends[dst])),
      markup(matrix_cell_words(cell)), has_changed ? ", changed" : "", sign.text);
}

std::string grid(std::string_view state, std::string_view caption, const ReportedMatrix& reported,
                 const NamespaceMatrix* other) {
  const NamespaceMatrix& matrix = reported.matrix;
  const std::vector<std::size_t> order = grid_order(reported);
  std::string head;
  std::string rows;
  bool is_first = true;
  for (const std::size_t src : order) {
    head += fmt::format("<th scope=\"col\"><span>{}</span></th>",
                        isolated(shown_name(matrix.ends[src])));
    rows += fmt::format("<tr><th scope=\"row\">{}</th>", isolated(shown_name(matrix.ends[src])));
    for (const std::size_t dst : order) {
      rows += grid_cell(matrix, src, dst, other, is_first);
      is_first = false;
    }
    rows += "</tr>\n";
  }
  return fmt::format(
      "<div class=\"wide\" data-grid=\"{0}\"><table class=\"grid\" data-state=\"{0}\">"
      "<caption>{1}</caption><thead><tr><td></td>{2}</tr></thead><tbody>\n{3}</tbody></table>"
      "</div>\n",
      state, markup(caption), head, rows);
}

std::string state_choice(const IsolationReport& isolation) {
  if (!isolation.after) return {};
  return "<div class=\"filters\"><fieldset><legend>State</legend>"
         "<label><input type=\"radio\" name=\"state\" value=\"after\" checked> after the "
         "change</label> <label><input type=\"radio\" name=\"state\" value=\"before\"> before "
         "it</label></fieldset></div>\n";
}

std::string lookup() {
  return "<form id=\"lookup\" class=\"filters\"><label>From <input id=\"from\" list=\"names\" "
         "autocomplete=\"off\"></label> <label>to <input id=\"to\" list=\"names\" "
         "autocomplete=\"off\"></label> <button>Look up</button><datalist "
         "id=\"names\"></datalist></form>\n"
         "<div id=\"pair\" class=\"panel\" role=\"status\" aria-live=\"polite\"><p>Select a cell, "
         "or "
         "look a pair up: its ports, the deciding rules with file and line, or why it is closed. "
         "One "
         "name alone shows all that it reaches, or that reach it.</p></div>\n<div "
         "id=\"all-of\"></div>\n<noscript><p>Looking up needs the script of this page. The tables "
         "do not.</p></noscript>\n";
}

}  // namespace

std::string matrix_chapter(const IsolationReport& isolation) {
  const ReportedMatrix& before = isolation.before;
  if (isolation.judged().matrix.ends.empty()) return {};
  std::string text = paragraph(
      "Rows send, columns receive. ● all ports, ◐ some ports or some pods, · closed, ? not known; "
      "empty: there are no pods. hostNetwork pods and nodes are not in it.");
  const bool has_grid = isolation.judged().matrix.ends.size() <= kMostInGrid;
  if (isolation.after) {
    text += group_table(*isolation.after, "After the change, by groups of projects");
    text += group_table(before, "Before the change, by groups of projects");
  } else {
    text += group_table(before, "By groups of projects");
  }
  text += state_choice(isolation) + lookup();
  if (has_grid && isolation.after) {
    text += grid("after", "After the change, project by project", *isolation.after, &before.matrix);
    text +=
        grid("before", "Before the change, project by project", before, &isolation.after->matrix);
  } else if (has_grid) {
    text += grid("state", "Project by project", before, nullptr);
  } else {
    text += paragraph(fmt::format(
        "{} are too many for a table of all pairs: look them up by name.",
        counted(isolation.judged().matrix.ends.size(), "project or block", "projects and blocks")));
  }
  if (isolation.after) {
    text += script_json("after", matrix_json(isolation.after->matrix, isolation));
    text += script_json("before", matrix_json(before.matrix, isolation));
  } else {
    text += script_json("state", matrix_json(before.matrix, isolation));
  }
  return text;
}

}  // namespace meshproof::html
