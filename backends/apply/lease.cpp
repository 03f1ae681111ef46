#include "backends/apply/lease.h"

#include <algorithm>
#include <ctime>
#include <optional>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "backends/rfc3339.h"

namespace meshproof {
namespace {

constexpr std::string_view kApiVersion = "coordination.k8s.io/v1";
constexpr std::string_view kName = "meshproof-apply";
constexpr int kTries = 5;

ObjectKey key_in(const std::string& ns) {
  return {"coordination.k8s.io", "Lease", ns, std::string(kName)};
}

using Time = std::chrono::system_clock::time_point;

std::string micro_time(Time time) {
  const auto since = time.time_since_epoch();
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(since).count();
  constexpr std::int64_t kMillion = 1000000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z",
                     fmt::gmtime(static_cast<std::time_t>(micros / kMillion)), micros % kMillion);
}

Tree spec_of(const std::string& holder, Time now, std::string_view acquired) {
  return Tree::mapping(
      {{"holderIdentity", Tree::string(holder)},
       {"leaseDurationSeconds", Tree::number(Lease::kDuration.count())},
       {"acquireTime", Tree::string(acquired.empty() ? micro_time(now) : std::string(acquired))},
       {"renewTime", Tree::string(micro_time(now))}});
}

/// Whether somebody else's lease still counts.
bool counts(const Tree& lease, Time now) {
  if (lease.string_at({"spec", "holderIdentity"}).empty()) return false;
  const auto renewed = moment_of(lease.string_at({"spec", "renewTime"}));
  const auto seconds = lease.integer_at({"spec", "leaseDurationSeconds"});
  return !renewed || now < *renewed + std::chrono::seconds(seconds.value_or(0) + 1);
}

ClusterError held(const Tree& lease, const std::string& ns) {
  return {Refusal::Conflict,
          0,
          fmt::format("another apply is under way: Lease {}/{} is held by {} since {}", ns, kName,
                      lease.string_at({"spec", "holderIdentity"}),
                      lease.string_at({"spec", "acquireTime"})),
          {}};
}

}  // namespace

Lease::Lease(LiveCluster& cluster, Clock& clock, std::vector<std::string> namespaces,
             std::string holder)
    : cluster_(cluster),
      clock_(clock),
      namespaces_(std::move(namespaces)),
      holder_(std::move(holder)),
      renewed_(clock.now()) {}

Answer<void> Lease::take(const std::string& ns) {
  ClusterError last;
  for (int tried = 0; tried < kTries; ++tried) {
    // Later than that it could be somebody else's.
    const auto pause = std::min(last.retry_after.value_or(std::chrono::seconds{1}), kDuration);
    if (tried > 0) clock_.sleep(pause);
    const Answer<std::optional<Tree>> answer = cluster_.get(key_in(ns), kApiVersion);
    if (!answer) return tl::make_unexpected(answer.error());
    const Tree* lease = found_in(answer);
    const Time now = clock_.time_of_day();
    if (lease != nullptr && !is_ours(*lease) && counts(*lease, now)) {
      return tl::make_unexpected(held(*lease, ns));
    }
    const Answer<Tree> kept = lease != nullptr ? write_over(*lease, ns, now) : create(ns, now);
    if (kept) return {};
    last = kept.error();
    const bool may_change =
        last.is_passing() || last.refusal == Refusal::Conflict || last.refusal == Refusal::Exists;
    if (!may_change) break;
  }
  return tl::make_unexpected(std::move(last));
}

bool Lease::is_ours(const Tree& lease) const {
  return lease.string_at({"spec", "holderIdentity"}) == holder_;
}

Answer<Tree> Lease::create(const std::string& ns, Time now) {
  return cluster_.create(
      Tree::mapping({{"apiVersion", Tree::string(std::string(kApiVersion))},
                     {"kind", Tree::string("Lease")},
                     {"metadata", Tree::mapping({{"name", Tree::string(std::string(kName))},
                                                 {"namespace", Tree::string(ns)}})},
                     {"spec", spec_of(holder_, now, {})}}));
}

Answer<Tree> Lease::write_over(const Tree& lease, const std::string& ns, Time now) {
  const Tree version = Tree::string(std::string(lease.string_at({"metadata", "resourceVersion"})));
  const auto acquired =
      is_ours(lease) ? lease.string_at({"spec", "acquireTime"}) : std::string_view{};
  return cluster_.merge(key_in(ns), kApiVersion,
                        Tree::mapping({{"metadata", Tree::mapping({{"resourceVersion", version}})},
                                       {"spec", spec_of(holder_, now, acquired)}}));
}

Answer<void> Lease::take() {
  const auto began = clock_.now();
  for (std::size_t i = 0; i < namespaces_.size(); ++i) {
    Answer<void> answer = take(namespaces_[i]);
    if (answer) continue;
    namespaces_.resize(i);
    release();
    return answer;
  }
  renewed_ = began;
  return {};
}

Answer<void> Lease::keep() {
  const auto age = clock_.now() - renewed_;
  if (age * 3 < kDuration) return {};
  const auto began = clock_.now();
  for (const std::string& ns : namespaces_) {
    Answer<void> answer = take(ns);
    if (answer) continue;
    // Nobody else takes it before it has run out.
    const bool is_held =
        answer.error().refusal != Refusal::Conflict && clock_.now() - renewed_ < kDuration;
    if (!is_held) return answer;
    return {};
  }
  renewed_ = began;
  return {};
}

void Lease::release() {
  for (const std::string& ns : namespaces_) {
    for (int tried = 0; tried < kTries && !is_given_up(ns); ++tried) {
      clock_.sleep(std::chrono::milliseconds{100});
    }
  }
  namespaces_.clear();
}

bool Lease::is_given_up(const std::string& ns) {
  const Answer<std::optional<Tree>> answer = cluster_.get(key_in(ns), kApiVersion);
  if (!answer) return !answer.error().is_passing();
  const Tree* lease = found_in(answer);
  if (lease == nullptr || !is_ours(*lease)) return true;
  const auto removed =
      cluster_.remove(key_in(ns), kApiVersion, lease->string_at({"metadata", "uid"}),
                      lease->string_at({"metadata", "resourceVersion"}));
  return removed.has_value();
}

}  // namespace meshproof
