#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "model/report.h"

/// Pieces of the page. What they are given is text, never markup, unless its name ends in `markup`.
namespace meshproof::html {

/// Text in which the direction of other text around it does not change.
[[nodiscard]] std::string isolated(std::string_view text);
/// `<td>` around markup.
[[nodiscard]] std::string cell(std::string_view content_markup);
/// A row of cells of text, the first one its heading.
[[nodiscard]] std::string row(std::initializer_list<std::string_view> texts);
/// A table with a caption; without rows a sentence that there is none.
[[nodiscard]] std::string table(std::string_view caption,
                                std::initializer_list<std::string_view> headings,
                                const std::string& rows_markup);
[[nodiscard]] std::string paragraph(std::string_view text, std::string_view css = {});
[[nodiscard]] std::string list(const std::vector<std::string>& texts);
/// `file:line:column` in the font of code, a link if it has an address; nothing for a place that is
/// not known.
[[nodiscard]] std::string place(const SourceLine& line);
/// A chapter with an anchor; empty without content.
[[nodiscard]] std::string section(std::string_view id, std::string_view title,
                                  const std::string& content_markup);
/// A field for words and boxes, all of them ticked but for those of `unticked`.
struct FilterBox {
  std::string_view value;
  std::string_view label;
  bool is_ticked = true;
};
[[nodiscard]] std::string filters(std::string_view of, std::string_view label,
                                  std::initializer_list<FilterBox> boxes);

}  // namespace meshproof::html
