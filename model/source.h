#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace meshproof {

/// Index into Sources. The default value means "not read from a file" (a predicted object).
struct FileId {
  static constexpr std::uint32_t kNone = 0xffffffff;
  std::uint32_t value = kNone;

  auto operator<=>(const FileId&) const = default;
  [[nodiscard]] bool is_known() const { return value != kNone; }
};

/// Where something was written. Lines and columns count from 1; columns count bytes. Line 0 means
/// that the place is unknown.
struct Place {
  FileId file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  auto operator<=>(const Place&) const = default;
  [[nodiscard]] bool is_known() const { return file.is_known() && line != 0; }
};

/// The files that one run has read: names for messages, and the text of small files for carets.
/// Ids stay valid while the object lives; copies share the texts.
class Sources {
 public:
  /// Texts above this size are not kept, so messages about them come without the source line.
  static constexpr std::size_t kKeptBytes = 16u << 20;

  /// Registers a file. `name` is shown as it is; `text` may be empty (not kept).
  FileId add(std::string name, std::shared_ptr<const std::string> text = nullptr);

  /// The name given to add(); empty for an unknown id.
  [[nodiscard]] std::string_view name(FileId file) const;

  /// The text given to add(); empty where it was not kept.
  [[nodiscard]] std::string_view text(FileId file) const;

  /// The line of the place without its line end; empty when the text was not kept.
  [[nodiscard]] std::string_view line(const Place& place) const;

  /// `name:line:column`, or `name:line` with_column = false; empty for an unknown place.
  [[nodiscard]] std::string format(const Place& place, bool with_column = true) const;

 private:
  struct File {
    std::string name;
    std::shared_ptr<const std::string> text;
  };
  std::vector<File> files_;
};

}  // namespace meshproof
