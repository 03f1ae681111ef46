#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace meshproof {

/// Who acts on the cluster by himself.
enum class Controller : std::uint8_t { ControlPlane, Member, Roll, SdnMaster, Namespaces };

/// One object that a controller has to look at.
struct Request {
  Controller controller = Controller::Roll;
  std::string ns;
  std::string name;

  auto operator<=>(const Request&) const = default;
};

/// The controllers' work, first come first served: one of the orders in which they can act. A
/// request stands in it once.
class WorkQueue {
 public:
  void add(Request request);
  /// The next request; empty when everybody is at rest.
  [[nodiscard]] std::optional<Request> next();
  /// True if somebody else than this controller has work.
  [[nodiscard]] bool others_wait(Controller controller) const;

  /// Puts a request aside that failed with `error` and that its controller retries with backoff.
  void fail(const Request& request, std::string error);
  /// Backoffs end: what failed is tried again.
  void retry_failed();
  [[nodiscard]] const std::map<Request, std::string>& failed() const { return failed_; }

 private:
  std::deque<Request> waiting_;
  std::set<Request> known_;
  std::map<Request, std::string> failed_;
};

}  // namespace meshproof
