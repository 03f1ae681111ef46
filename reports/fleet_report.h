#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "reports/text_stream.h"

namespace meshproof {

/// The results of one command for several clusters as one result, written while they come.
class FleetReport {
 public:
  explicit FleetReport(TextSink sink) : sink_(std::move(sink)) {}
  virtual ~FleetReport() = default;
  FleetReport(const FleetReport&) = delete;
  FleetReport& operator=(const FleetReport&) = delete;

  /// What follows is of this cluster.
  virtual void begin(std::string_view cluster) = 0;
  /// The next piece of its result; false if it could not be written.
  virtual bool add(std::string_view piece) = 0;
  /// Its result is whole, or there is none.
  virtual void end(int exit_code) = 0;
  /// After the last cluster.
  virtual void finish() = 0;

  /// Something could not be written, and more would be in vain.
  [[nodiscard]] bool is_broken() const { return is_broken_; }

 protected:
  bool write(std::string_view text) {
    is_broken_ = is_broken_ || !sink_(text);
    return !is_broken_;
  }

 private:
  TextSink sink_;
  bool is_broken_ = false;
};

/// Each below a heading; in the end the exit code of each.
[[nodiscard]] std::unique_ptr<FleetReport> fleet_text(TextSink sink);

/// `{"version", "clusters": [{"cluster", …the document of the command…, "exitCode"}]}`. The
/// documents must be as dump() writes them.
[[nodiscard]] std::unique_ptr<FleetReport> fleet_json(TextSink sink);

}  // namespace meshproof
