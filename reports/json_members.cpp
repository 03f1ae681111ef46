#include "reports/json_members.h"

#include <fmt/format.h>

namespace meshproof {
namespace {

std::string indented(const Json& value, std::size_t columns) {
  std::string text = value.dump(2, ' ', false, Json::error_handler_t::replace);
  const std::string line_end = '\n' + std::string(columns, ' ');
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += line_end.size()) {
    text.replace(at, 1, line_end);
  }
  return text;
}

}  // namespace

std::string member_text(std::string_view name, const Json& value) {
  return fmt::format("  \"{}\": {}", name, indented(value, 2));
}

JsonMembers::JsonMembers(const TextSink& sink) : stream_(sink) {
  stream_.add("{\n  \"version\": 1");
}

void JsonMembers::add(std::string_view name, const Json& value) {
  stream_.add(",\n");
  stream_.add(member_text(name, value));
}

void JsonMembers::add_list(std::string_view name,
                           const std::function<void(const TakeItem&)>& give) {
  stream_.add(fmt::format(",\n  \"{}\": ", name));
  add_items(2, give);
}

/// A list, at the end of a line that begins in this column.
void JsonMembers::add_items(std::size_t columns, const std::function<void(const TakeItem&)>& give) {
  const std::string line_end = '\n' + std::string(columns, ' ');
  bool is_empty = true;
  give([&](const Json& item) {
    stream_.add((is_empty ? "[" : ",") + line_end + "  ");
    stream_.add(indented(item, columns + 2));
    is_empty = false;
    return !stream_.is_broken();
  });
  stream_.add(is_empty ? "[]" : line_end + "]");
}

void JsonMembers::add_nested_list(std::string_view name,
                                  const std::function<void(const TakeParent&)>& give) {
  stream_.add(fmt::format(",\n  \"{}\": ", name));
  bool is_empty = true;
  give([&](const Json& item, std::string_view list, const auto& give_items) {
    stream_.add(is_empty ? "[\n    " : ",\n    ");
    is_empty = false;
    const std::string text = indented(item, 4);
    const std::string mark = fmt::format("\n      \"{}\": []", list);
    const std::size_t inside = text.find(mark) + mark.size() - 2;
    stream_.add(text.substr(0, inside));
    add_items(6, give_items);
    stream_.add(text.substr(inside + 2));
    return !stream_.is_broken();
  });
  stream_.add(is_empty ? "[]" : "\n  ]");
}

void JsonMembers::add(std::string_view name, const ChangedConnections& connections,
                      const Sources& sources) {
  add_list(name, [&](const TakeItem& take) {
    connections.for_each([&](const Connection& each) {
      Connection connection = each;
      connection.evidence = connections.evidence_of(each);
      return take(to_json(connection, sources));
    });
  });
}

void JsonMembers::end() {
  stream_.add("\n}\n");
  stream_.flush();
}

}  // namespace meshproof
