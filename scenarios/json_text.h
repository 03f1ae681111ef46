#pragma once

#include <memory>
#include <string>

#include "model/object_tree.h"
#include "model/source.h"

namespace meshproof {

/// A JSON text whose lists hold objects: read() gives items of a document's own `items`.
class JsonText : public TreeText {
 public:
  /// Items without apiVersion and kind get these, those of their list (add_type()).
  JsonText(std::shared_ptr<const std::string> text, std::string api_version, std::string kind);

  /// The item at the offset, which has been read before without an error.
  [[nodiscard]] Tree read(std::uint64_t offset, Place place, const Outline* outline) const override;

  [[nodiscard]] const std::string& text() const { return *text_; }
  [[nodiscard]] const std::string& api_version() const { return api_version_; }
  [[nodiscard]] const std::string& kind() const { return kind_; }

 private:
  std::shared_ptr<const std::string> text_;
  std::string api_version_;
  std::string kind_;
};

}  // namespace meshproof
