// The precompiled <catch2/catch.hpp> needs a source file to belong to.
