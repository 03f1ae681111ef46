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
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${arg_PUBLIC})
  endif()
endfunction()

# meshproof_tests(NAME SOURCES file... LINK target...)
# One Catch2 executable per folder, one ctest per test case. The tags [slow], [golden],
# [conformance] and [agreement] become ctest labels; a test case without them is `unit`.
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
  target_precompile_headers(${name} PRIVATE <catch2/catch.hpp>)
  target_compile_definitions(${name} PRIVATE
    MESHPROOF_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
    MESHPROOF_BINARY="${PROJECT_BINARY_DIR}/meshproof")

  string(REGEX REPLACE "_tests$" "" folder ${name})
  set(without "")
  foreach(label slow golden conformance agreement unit)
    # Each spec leaves out the tags before it: a test case is discovered once.
    set(spec "[${label}]${without}")
    if(label STREQUAL "unit")
      set(spec "${without}")
    endif()
    catch_discover_tests(${name}
      TEST_PREFIX "${folder}: "
      TEST_SPEC "${spec}"
      PROPERTIES LABELS ${label} ENVIRONMENT "RC_PARAMS=seed=42 max_success=200")
    string(APPEND without "~[${label}]")
  endforeach()
endfunction()
