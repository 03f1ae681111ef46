#include "model/spelling.h"

#include <array>

#include <catch2/catch.hpp>

using namespace meshproof;

TEST_CASE("the nearest word is at most a third of the word away") {
  constexpr std::array<std::string_view, 4> kWords{"shop", "pay", "istio-system", "payments"};
  CHECK(nearest_word("shopp", kWords) == "shop");
  CHECK(nearest_word("SHOP", kWords) == "shop");
  CHECK(nearest_word("istio-sytem", kWords) == "istio-system");
  CHECK(nearest_word("payment", kWords) == "payments");
  CHECK(nearest_word("pax", kWords) == "pay");
  CHECK(nearest_word("ship-it", kWords).empty());
  CHECK(nearest_word("", kWords).empty());
  CHECK(nearest_word(std::string(65, 'x'), kWords).empty());
}

TEST_CASE("two neighbours that have changed places are one edit") {
  constexpr std::array<std::string_view, 2> kWords{"shop", "tcp"};
  CHECK(nearest_word("shpo", kWords) == "shop");
  CHECK(nearest_word("tpc", kWords) == "tcp");
  CHECK(nearest_word("hsop", kWords) == "shop");
  CHECK(nearest_word("cpt", kWords).empty());
}
