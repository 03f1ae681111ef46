# What most files include is parsed once, which saves a quarter of a build's time. A file that lacks an
# include of its own is found by the presets `tidy` and `fuzz`, which go without.
set(MESHPROOF_STANDARD_HEADERS
  <algorithm> <array> <chrono> <cstdint> <functional> <map> <memory> <optional> <ranges> <set>
  <span> <string> <string_view> <tuple> <utility> <variant> <vector>)
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/standard_headers.cpp" CONTENT "")
add_library(standard_headers OBJECT "${PROJECT_BINARY_DIR}/standard_headers.cpp")
target_link_libraries(standard_headers PRIVATE project_options)
target_precompile_headers(standard_headers PRIVATE ${MESHPROOF_STANDARD_HEADERS})

# meshproof_library(NAME SOURCES file... PUBLIC target... PRIVATE target...)
# One static library per folder. A library without sources yet is an INTERFACE library,
# so that its links and its users are already in place.
function(meshproof_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC;PRIVATE")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "meshproof_library(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(arg_SOURCES)
    add_library(${name} STATIC ${arg_SOURCES})
    target_link_libraries(${name} PUBLIC ${arg_PUBLIC} PRIVATE project_options ${arg_PRIVATE})
    target_precompile_headers(${name} REUSE_FROM standard_headers)
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${arg_PUBLIC})
  endif()
endfunction()

# meshproof_tests(NAME SOURCES file... LINK target...)
# One Catch2 executable per folder, one ctest per test case. The tags [slow], [golden],
# [conformance], [agreement] and [apiserver] become ctest labels; a test case without the first four
# is `unit`. [apiserver] also makes it wait for the server that those tests share.
# NAME without `_tests` is the prefix of the ctest names. Nothing happens without sources.
function(meshproof_tests name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "meshproof_tests(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_SOURCES)
    return()
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE
    project_options ${arg_LINK} test_support rapidcheck Catch2::Catch2WithMain)
  target_precompile_headers(${name} REUSE_FROM catch_header)
  target_compile_definitions(${name} PRIVATE
    MESHPROOF_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
    MESHPROOF_BINARY="${PROJECT_BINARY_DIR}/meshproof")

  string(REGEX REPLACE "_tests$" "" folder ${name})
  set(script "${CMAKE_CURRENT_BINARY_DIR}/${name}_discover.cmake")
  file(GENERATE OUTPUT "${script}" CONTENT
"include([==[${PROJECT_SOURCE_DIR}/cmake/DiscoverTests.cmake]==])
meshproof_discover_tests([==[$<TARGET_FILE:${name}>]==] ${folder} [==[${script}.tests]==])
")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${script}")
endfunction()
