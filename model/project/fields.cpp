#include "model/project/fields.h"

#include <algorithm>
#include <utility>

namespace meshproof {
namespace {

constexpr std::size_t kShownBytes = 60;

std::string quoted(std::string_view text) {
  if (text.size() <= kShownBytes) return '`' + std::string{text} + '`';
  return '`' + std::string{text.substr(0, kShownBytes)} + "…`";
}

void add_wrong_type(Diagnostics& diagnostics, std::string_view key, const Tree& value,
                    TreeKind wanted) {
  add_error(
      diagnostics, value.place, "wrong-type",
      '`' + std::string{key} + "` is " + describe(value) + ", not " + std::string{name_of(wanted)});
}

std::vector<const Tree*> items(const Tree& parent, std::string_view key, TreeKind wanted,
                               bool null_counts, Diagnostics& diagnostics) {
  std::vector<const Tree*> found;
  const Tree* list = field(parent, key, TreeKind::Sequence, diagnostics);
  if (list == nullptr) return found;
  for (const auto& item : list->items) {
    if (item.is(wanted) || (null_counts && item.is_null())) {
      found.push_back(&item);
    } else {
      add_error(diagnostics, item.place, "wrong-type",
                "an item of `" + std::string{key} + "` is " + describe(item) + ", not " +
                    std::string{name_of(wanted)});
    }
  }
  return found;
}

}  // namespace

std::string_view name_of(TreeKind kind) {
  switch (kind) {
    case TreeKind::Null:
      return "null";
    case TreeKind::Boolean:
      return "a boolean";
    case TreeKind::Number:
      return "a number";
    case TreeKind::String:
      return "a string";
    case TreeKind::Sequence:
      return "a list";
    case TreeKind::Mapping:
      return "a mapping";
  }
  return "";
}

std::string describe(const Tree& value) {
  switch (value.kind) {
    case TreeKind::Boolean:
      return "the boolean " + quoted(value.text);
    case TreeKind::Number:
      return "the number " + quoted(value.text);
    case TreeKind::String:
      return "the string " + quoted(value.text);
    case TreeKind::Null:
    case TreeKind::Sequence:
    case TreeKind::Mapping:
      return std::string{name_of(value.kind)};
  }
  return "";
}

void add_error(Diagnostics& diagnostics, Place place, std::string_view code, std::string message) {
  diagnostics.push_back({place, Severity::Error, std::string{code}, std::move(message), {}, {}});
}

void add_warning(Diagnostics& diagnostics, Place place, std::string_view code,
                 std::string message) {
  diagnostics.push_back({place, Severity::Warning, std::string{code}, std::move(message), {}, {}});
}

bool is_absent(const Tree& parent, std::string_view key) {
  const Tree* value = parent.find(key);
  return value == nullptr || value->is_null();
}

const Tree* field(const Tree& parent, std::string_view key, TreeKind wanted,
                  Diagnostics& diagnostics) {
  if (is_absent(parent, key)) return nullptr;
  const Tree* value = parent.find(key);
  if (value->is(wanted)) return value;
  add_wrong_type(diagnostics, key, *value, wanted);
  return nullptr;
}

std::optional<std::string_view> string_field(const Tree& parent, std::string_view key,
                                             Diagnostics& diagnostics) {
  const Tree* value = field(parent, key, TreeKind::String, diagnostics);
  if (value == nullptr) return std::nullopt;
  return value->text;
}

std::optional<std::int64_t> integer_field(const Tree& parent, std::string_view key,
                                          Diagnostics& diagnostics) {
  const Tree* value = field(parent, key, TreeKind::Number, diagnostics);
  if (value == nullptr) return std::nullopt;
  const auto integer = value->as_integer();
  if (!integer) {
    add_error(diagnostics, value->place, "wrong-type",
              '`' + std::string{key} + "` is " + describe(*value) + ", not an integer");
  }
  return integer;
}

bool boolean_field(const Tree& parent, std::string_view key, Diagnostics& diagnostics) {
  const Tree* value = field(parent, key, TreeKind::Boolean, diagnostics);
  return value != nullptr && value->text == "true";
}

std::vector<const Tree*> object_items(const Tree& parent, std::string_view key,
                                      Diagnostics& diagnostics) {
  return items(parent, key, TreeKind::Mapping, true, diagnostics);
}

std::vector<const Tree*> string_items(const Tree& parent, std::string_view key,
                                      Diagnostics& diagnostics) {
  return items(parent, key, TreeKind::String, false, diagnostics);
}

std::optional<IpAddress> parse_address(const Tree& text, Diagnostics& diagnostics) {
  const auto address = IpAddress::parse(text.text);
  if (!address) {
    add_error(
        diagnostics, text.place, "bad-address",
        quoted(text.text) + " is no IP address; one is written like `10.128.0.4` or `fd01::4`");
  }
  return address;
}

std::optional<Cidr> parse_cidr(const Tree& text, Diagnostics& diagnostics) {
  const auto block = Cidr::parse(text.text);
  if (!block) {
    add_error(diagnostics, text.place, "bad-cidr",
              quoted(text.text) + " is no block of addresses; one is written like `10.128.0.0/14`");
  }
  return block;
}

void warn_of_pruned_fields(const Tree& object, std::span<const std::string_view> known,
                           Diagnostics& diagnostics) {
  for (const auto& entry : object.fields) {
    if (std::ranges::find(known, entry.key) != known.end()) continue;
    add_warning(diagnostics, entry.key_place, "pruned-field",
                "field " + quoted(entry.key) +
                    " is unknown here and pruned by the API server: what it meant to say does not "
                    "count");
  }
}

}  // namespace meshproof
