#include "scenarios/json.h"

#include <utility>

#include "scenarios/json_reader.h"

namespace meshproof {

std::vector<Document> parse_json(std::string_view text, FileId file, ItemReading items,
                                 ByteTally* tally) {
  std::vector<Document> documents;
  Diagnostics found;
  JsonReader reader{text, file, found};
  if (tally != nullptr) reader.tell(*tally);
  for (bool ok = true; ok && reader.find_next();) {
    Document& document = documents.emplace_back();
    if (items == ItemReading::Left) reader.leave_items_to(document.items);
    ok = reader.read(document.tree);
    reader.tell_read();
    document.diagnostics = std::exchange(found, {});
  }
  return documents;
}

}  // namespace meshproof
