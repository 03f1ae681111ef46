#include "scenarios/json_text.h"

#include <utility>

#include "model/diagnostic.h"
#include "scenarios/json_reader.h"
#include "scenarios/list_items.h"

namespace meshproof {

JsonText::JsonText(std::shared_ptr<const std::string> text, std::string api_version,
                   std::string kind)
    : text_(std::move(text)), api_version_(std::move(api_version)), kind_(std::move(kind)) {}

Tree JsonText::read(std::uint64_t offset, Place place, const Outline* outline) const {
  Tree tree;
  Diagnostics none;
  JsonReader reader{*text_, offset, place, none};
  reader.trust();
  static_cast<void>(reader.read(tree, outline));
  if (!kind_.empty()) add_type(tree, api_version_, kind_);
  return tree;
}

}  // namespace meshproof
