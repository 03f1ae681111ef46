#include "scenarios/listings.h"

#include <catch2/catch.hpp>

#include "model/object.h"
#include "model/unmodelled.h"
#include "tests/scenarios/told.h"

namespace meshproof {
namespace {

using Lines = std::vector<std::string>;

/// What an answer to a failed request leaves missing.
Lines missing_after(const std::string& status) {
  return missing_parts(
      reading_of("{apiVersion: v1, kind: Status, status: Failure, " + status + "}").input.coverage);
}

}  // namespace

TEST_CASE("every kind is found by the name of its resource") {
  for (const auto& kinds : {known_kinds(), unmodelled_kinds()}) {
    for (const std::string_view kind : kinds) {
      CHECK(kind_of_resource(resource_of(kind)) == kind);
    }
  }
  CHECK(resource_of("NetworkPolicy") == "networkpolicies");
  CHECK(resource_of("Endpoints") == "endpoints");
  CHECK(resource_of("Ingress") == "ingresses");
  CHECK(kind_of_resource("quuxes") == "quuxes");
}

TEST_CASE("the answer to a refused request says what is missing, and is told") {
  const InputReading reading = reading_of(R"(apiVersion: v1
kind: Status
status: Failure
reason: Forbidden
message: 'pods is forbidden: User "ci" cannot list resource "pods" in API group "" in the namespace "shop"'
details: {kind: pods}
)");
  CHECK(reading.told ==
        Lines{"a.yaml:1:1: warning[request-failed]: the answer to a request that failed: pods is "
              "forbidden: User \"ci\" cannot list resource \"pods\" in API group \"\" in the "
              "namespace \"shop\"; what it asked for is missing"});
  CHECK(reading.input.coverage.find({"Pod", "shop"}).collected == Collected::Denied);
  CHECK_FALSE(reading.input.coverage.lacks({"Pod", "pay"}));
}

TEST_CASE("a refusal without a namespace is one of the whole cluster") {
  CHECK(missing_after("reason: Unauthorized, details: {group: networking.k8s.io, kind: "
                      "networkpolicies}") == Lines{"NetworkPolicy: denied (Unauthorized)"});
  CHECK(missing_after("reason: Forbidden, details: {group: policy.networking.k8s.io, kind: "
                      "adminnetworkpolicies}") == Lines{"AdminNetworkPolicy: denied (Forbidden)"});
}

TEST_CASE("a request that failed for another reason collected nothing") {
  CHECK(missing_after("reason: Timeout, details: {kind: namespaces}") ==
        Lines{"Namespace: never collected (Timeout)"});
}

TEST_CASE("a refusal that names no kind may be of any") {
  CHECK(missing_after("reason: Forbidden") == Lines{"any object: denied (Forbidden)"});
}

TEST_CASE("the answer to a request that succeeded lacks nothing") {
  const Input input = reading_of("{apiVersion: v1, kind: Status, status: Success}").input;
  CHECK(input.coverage.is_silent());
  CHECK(input.coverage.skipped_documents == 1);
}

TEST_CASE("a list of several kinds that was cut off leaves each of them open") {
  const Input input = reading_of(R"(apiVersion: v1
kind: List
metadata: {continue: abc}
items:
- {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}}
- {apiVersion: v1, kind: Service, metadata: {name: a, namespace: shop}}
)")
                          .input;
  const std::string why = ": the list was cut off (after 2: metadata.continue is set)";
  CHECK(missing_parts(input.coverage) == Lines{"Pod" + why, "Service" + why});
  const Input empty =
      reading_of("{apiVersion: v1, kind: List, metadata: {continue: abc}, items: []}").input;
  CHECK(missing_parts(empty.coverage) ==
        Lines{"any object: the list was cut off (after 0: metadata.continue is set)"});
}

TEST_CASE("a typed list of a cluster-scoped kind shows which objects there are") {
  const Input input = reading_of(R"({apiVersion: v1, kind: NamespaceList, items: [
    {metadata: {name: shop}}]})")
                          .input;
  REQUIRE(input.coverage.listings.contains({"Namespace", ""}));
  CHECK(input.coverage.find({"Namespace", ""}).collected == Collected::Assumed);
  CHECK(input.coverage.is_complete());
}

}  // namespace meshproof
