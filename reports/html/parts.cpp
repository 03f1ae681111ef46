#include "reports/html/parts.h"

#include <fmt/format.h>

#include "reports/markup.h"

namespace meshproof::html {

std::string isolated(std::string_view text) { return "<bdi>" + markup(text) + "</bdi>"; }

std::string cell(std::string_view content_markup) {
  return fmt::format("<td>{}</td>", content_markup);
}

std::string row(std::initializer_list<std::string_view> texts) {
  std::string result = "<tr>";
  bool is_first = true;
  for (const std::string_view text : texts) {
    result +=
        is_first ? fmt::format("<th scope=\"row\">{}</th>", isolated(text)) : cell(isolated(text));
    is_first = false;
  }
  return result + "</tr>\n";
}

std::string table(std::string_view caption, std::initializer_list<std::string_view> headings,
                  const std::string& rows_markup) {
  if (rows_markup.empty()) return paragraph(fmt::format("{}: none", caption));
  std::string head;
  for (const std::string_view heading : headings) {
    head += fmt::format("<th scope=\"col\">{}</th>", markup(heading));
  }
  return fmt::format(
      "<div class=\"wide\"><table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>\n{}"
      "</tbody></table></div>\n",
      markup(caption), head, rows_markup);
}

std::string paragraph(std::string_view text, std::string_view css) {
  const std::string attribute = css.empty() ? "" : fmt::format(" class=\"{}\"", css);
  return fmt::format("<p{}>{}</p>\n", attribute, markup(text));
}

std::string list(const std::vector<std::string>& texts) {
  if (texts.empty()) return {};
  std::string items;
  for (const std::string& text : texts) items += fmt::format("<li>{}</li>\n", markup(text));
  return "<ul>\n" + items + "</ul>\n";
}

std::string place(const SourceLine& line) {
  if (!line.is_known()) return {};
  const std::string rendered =
      line.rendered.empty() ? "" : fmt::format(" (rendered: {})", line.rendered);
  const std::string words =
      fmt::format("<code class=\"place\">{}</code>", isolated(to_string(line) + rendered));
  if (line.address.empty()) return " " + words;
  return fmt::format(" <a rel=\"noreferrer\" href=\"{}\">{}</a>", markup(line.address), words);
}

std::string section(std::string_view id, std::string_view title,
                    const std::string& content_markup) {
  if (content_markup.empty()) return {};
  return fmt::format("<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n{2}</section>\n",
                     id, markup(title), content_markup);
}

std::string filters(std::string_view of, std::string_view label,
                    std::initializer_list<FilterBox> boxes) {
  std::string text = fmt::format(
      "<div class=\"filters\" data-filters=\"{0}\" role=\"search\" aria-label=\"{1}\">"
      "<label>{1} <input type=\"search\"></label>",
      of, markup(label));
  for (const FilterBox& box : boxes) {
    text += fmt::format("<label><input type=\"checkbox\" value=\"{}\"{}> {}</label>", box.value,
                        box.is_ticked ? " checked" : "", markup(box.label));
  }
  return text + "<output></output></div>\n";
}

}  // namespace meshproof::html
