// The builders that the tests share report through Catch2, whose library brings a main of its own.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
