#include "model/source.h"

#include <utility>

namespace meshproof {

FileId Sources::add(std::string name, std::shared_ptr<const std::string> text) {
  if (text != nullptr && text->size() > kKeptBytes) text = nullptr;
  files_.push_back({std::move(name), std::move(text)});
  return {static_cast<std::uint32_t>(files_.size() - 1)};
}

std::string_view Sources::name(FileId file) const {
  if (file.value >= files_.size()) return {};
  return files_[file.value].name;
}

std::string_view Sources::text(FileId file) const {
  if (file.value >= files_.size() || files_[file.value].text == nullptr) return {};
  return *files_[file.value].text;
}

std::string_view Sources::line(const Place& place) const {
  if (!place.is_known()) return {};
  std::string_view rest = text(place.file);
  for (std::uint32_t line = 1; line < place.line; ++line) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
  }
  rest = rest.substr(0, rest.find('\n'));
  if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
  return rest;
}

std::string Sources::format(const Place& place, bool with_column) const {
  if (!place.is_known()) return {};
  std::string text{name(place.file)};
  text += ':' + std::to_string(place.line);
  if (with_column && place.column != 0) text += ':' + std::to_string(place.column);
  return text;
}

}  // namespace meshproof
