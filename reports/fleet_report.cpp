#include "reports/fleet_report.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "reports/json.h"
#include "reports/text.h"

namespace meshproof {
namespace {

class FleetText : public FleetReport {
 public:
  using FleetReport::FleetReport;

  void begin(std::string_view cluster) override {
    write(fmt::format("{}== cluster {}\n", codes_.empty() ? "" : "\n", printable(cluster)));
    codes_.push_back({printable(cluster), 0});
    is_empty_ = true;
  }
  bool add(std::string_view piece) override {
    is_empty_ = is_empty_ && piece.empty();
    return write(piece);
  }
  void end(int exit_code) override {
    codes_.back().code = exit_code;
    if (is_empty_) write("no result: see the errors\n");
  }
  void finish() override {
    std::size_t width = 0;
    for (const Code& each : codes_) width = std::max(width, display_width(each.cluster));
    std::string text = "\n== exit codes\n";
    for (const Code& each : codes_) {
      text += fmt::format("  {}  {}\n", padded(each.cluster, width), each.code);
    }
    write(text);
  }

 private:
  struct Code {
    std::string cluster;
    int code;
  };
  std::vector<Code> codes_;
  bool is_empty_ = true;
};

/// Each document loses its braces to those of its cluster, and moves to the right.
class FleetJson : public FleetReport {
 public:
  using FleetReport::FleetReport;

  void begin(std::string_view cluster) override {
    std::string name = dump(Json(std::string(cluster)));
    name.pop_back();
    write(fmt::format("{}    {{\n      \"cluster\": {}", is_first_ ? kBegin : ",\n", name));
    is_first_ = false;
    is_empty_ = true;
    held_.clear();
  }
  bool add(std::string_view piece) override {
    held_ += piece;
    // Whether it is the closing brace is known when nothing follows.
    const std::size_t opening = is_empty_ ? kOpening.size() : 0;
    if (held_.size() <= opening + kClosing.size()) return !is_broken();
    const std::size_t sure = held_.size() - kClosing.size();
    if (is_empty_) write(",");
    is_empty_ = false;
    write_moved(std::string_view(held_).substr(opening, sure - opening));
    held_.erase(0, sure);
    return !is_broken();
  }
  void end(int exit_code) override {
    write(fmt::format(",\n      \"exitCode\": {}\n    }}", exit_code));
  }
  void finish() override { write("\n  ]\n}\n"); }

 private:
  static constexpr std::string_view kBegin = "{\n  \"version\": 1,\n  \"clusters\": [\n";
  static constexpr std::string_view kOpening = "{";
  static constexpr std::string_view kClosing = "\n}\n";

  /// Line ends stand between values only: those in strings are escaped.
  void write_moved(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
      result += text.substr(at, end - at);
      if (result.back() == '\n') result += "    ";
      at = end;
    }
    write(result);
  }

  bool is_first_ = true;
  bool is_empty_ = true;
  std::string held_;  ///< the end of what was added
};

}  // namespace

std::unique_ptr<FleetReport> fleet_text(TextSink sink) {
  return std::make_unique<FleetText>(std::move(sink));
}

std::unique_ptr<FleetReport> fleet_json(TextSink sink) {
  return std::make_unique<FleetJson>(std::move(sink));
}

}  // namespace meshproof
