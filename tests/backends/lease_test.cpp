#include "backends/apply/lease.h"

#include <string>

#include <catch2/catch.hpp>

#include "tests/backends/memory_cluster.h"

using namespace meshproof;

namespace {

using std::chrono::seconds;

ObjectKey key_in(const std::string& ns) {
  return {"coordination.k8s.io", "Lease", ns, "meshproof-apply"};
}

struct Scene {
  TestClock clock;
  MemoryCluster cluster{clock};

  Scene() { cluster.kinds = {{"coordination.k8s.io/v1", "Lease"}}; }
  Lease lease(const std::string& holder, std::vector<std::string> namespaces = {"mesh"}) {
    return {cluster, clock, std::move(namespaces), holder};
  }
  [[nodiscard]] std::string holder_in(const std::string& ns) const {
    const auto found = cluster.objects.find(key_in(ns));
    if (found == cluster.objects.end()) return {};
    return std::string(found->second.string_at({"spec", "holderIdentity"}));
  }
};

}  // namespace

TEST_CASE("a lease keeps others away as long as it counts") {
  Scene scene;
  Lease one = scene.lease("one");
  REQUIRE(one.take());
  const Tree& object = scene.cluster.objects.at(key_in("mesh"));
  CHECK(object.integer_at({"spec", "leaseDurationSeconds"}) == 30);
  CHECK(object.string_at({"spec", "renewTime"}).size() == 27);  // 2020-01-01T00:00:00.000000Z
  const Answer<void> refused = scene.lease("two").take();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().refusal == Refusal::Conflict);
  CHECK(refused.error().message.find("Lease mesh/meshproof-apply is held by one since 20") !=
        std::string::npos);
  // The same run takes it at once, as after a crash.
  CHECK(scene.lease("one").take());
  scene.clock.sleep(seconds{32});
  CHECK(scene.lease("two").take());
  CHECK(scene.holder_in("mesh") == "two");
  // Who has lost it is told, and takes nothing from the other.
  const Answer<void> lost = one.keep();
  REQUIRE_FALSE(lost);
  CHECK(lost.error().refusal == Refusal::Conflict);
  one.release();
  CHECK(scene.holder_in("mesh") == "two");
}

TEST_CASE("of several leases all are taken, or none is kept") {
  Scene scene;
  Lease other = scene.lease("other", {"b"});
  REQUIRE(other.take());
  Lease mine = scene.lease("mine", {"a", "b"});
  CHECK_FALSE(mine.take());
  CHECK(scene.holder_in("a").empty());
  CHECK(scene.holder_in("b") == "other");
  other.release();
  CHECK(scene.cluster.objects.empty());
  Lease again = scene.lease("mine", {"a", "b"});
  CHECK(again.take());
  CHECK(scene.holder_in("a") == "mine");
  CHECK(scene.holder_in("b") == "mine");
  again.release();
  CHECK(scene.cluster.objects.empty());
}

TEST_CASE("a lease is renewed while it is kept, and no oftener than it has to be") {
  Scene scene;
  Lease lease = scene.lease("one");
  REQUIRE(lease.take());
  const auto writes = [&] { return scene.cluster.effective.size(); };
  const std::size_t taken = writes();
  CHECK(lease.keep());
  CHECK(writes() == taken);
  for (int i = 0; i < 10; ++i) {
    scene.clock.sleep(seconds{11});
    REQUIRE(lease.keep());
  }
  CHECK(writes() == taken + 10);
  CHECK_FALSE(scene.lease("two").take());
}

TEST_CASE("a server that is away does not end a lease that still counts") {
  Scene scene;
  Lease lease = scene.lease("one");
  REQUIRE(lease.take());
  scene.cluster.before = [](const SeenRequest&) -> std::optional<ClusterError> {
    return ClusterError{Refusal::Unreachable, 0, "nobody is there", {}};
  };
  scene.clock.sleep(seconds{12});
  CHECK(lease.keep());
  scene.clock.sleep(seconds{20});
  const Answer<void> lost = lease.keep();
  REQUIRE_FALSE(lost);
  CHECK(lost.error().message == "nobody is there");
}

TEST_CASE("a lease whose holder has left it is anybody's") {
  Scene scene;
  Lease one = scene.lease("one");
  REQUIRE(one.take());
  Tree given_up = scene.cluster.objects.at(key_in("mesh"));
  given_up.find("spec")->set("holderIdentity", Tree::string(""));
  scene.cluster.put(given_up);
  CHECK(scene.lease("two").take());
  CHECK(scene.holder_in("mesh") == "two");
  // One that does not say until when it counts is not taken from its holder.
  Tree timeless = scene.cluster.objects.at(key_in("mesh"));
  timeless.find("spec")->erase("renewTime");
  scene.cluster.put(timeless);
  scene.clock.sleep(seconds{1000});
  CHECK_FALSE(scene.lease("one").take());
}
