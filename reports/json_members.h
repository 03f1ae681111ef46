#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "reports/json.h"
#include "reports/text_stream.h"

namespace meshproof {

/// A member of the outermost object of a contract, as dump() writes it, without the comma.
[[nodiscard]] std::string member_text(std::string_view name, const Json& value);

/// A contract, member by member: the same bytes as dump() of the whole, which is never held.
class JsonMembers {
 public:
  /// Begins with the version. Keeps the sink by reference.
  explicit JsonMembers(const TextSink& sink);

  void add(std::string_view name, const Json& value);
  /// Takes items until it says false.
  using TakeItem = std::function<bool(const Json&)>;
  /// A list, item by item.
  void add_list(std::string_view name, const std::function<void(const TakeItem&)>& give);
  /// An item that has a list of its own under the key `list`; in `item` it is empty.
  using TakeParent = std::function<bool(const Json& item, std::string_view list,
                                        const std::function<void(const TakeItem&)>& give)>;
  /// A list of lists: neither is ever held.
  void add_nested_list(std::string_view name, const std::function<void(const TakeParent&)>& give);
  /// A list of connections, each with its evidence where there is any.
  void add(std::string_view name, const ChangedConnections& connections, const Sources& sources);
  /// Closes the object; nothing may follow.
  void end();

 private:
  void add_items(std::size_t columns, const std::function<void(const TakeItem&)>& give);

  TextStream stream_;
};

}  // namespace meshproof
