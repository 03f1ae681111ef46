#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/object.h"
#include "scenarios/byte_tally.h"
#include "scenarios/json_items.h"
#include "scenarios/json_text.h"
#include "scenarios/list_items.h"

namespace meshproof {

/// The items of a list that was left unread.
struct PlainObjects {
  /// Those that are whole objects in the form in which the API server keeps them, with nothing to
  /// tell about them, in order; their trees stay in the text.
  std::vector<Object> objects;
  /// All others, in order, to be unfolded, checked and brought into normal form one by one.
  std::vector<Tree> others;
  ListItems listed;
};

/// Reads the items of a list of the text, on all processors. Nothing if one of them is not JSON or
/// has a key twice: then the whole text has to be read at once, which tells it.
/// `tally`, unless it is null, is told of the bytes as they are read. O(length), in memory
/// O(objects).
[[nodiscard]] std::optional<PlainObjects> read_plain_objects(
    const JsonItems& items, const std::shared_ptr<const JsonText>& text,
    ByteTally* tally = nullptr);

}  // namespace meshproof
