# Makes each Catch2 test case a ctest, when ctest starts. Instead of Catch2's own script, because
# that one splits names at `;`, gives a test case with two tags to ctest twice, and warns about
# each tag that a program does not use.
# meshproof_discover_tests(PROGRAM PREFIX CACHE_FILE)
cmake_policy(VERSION 3.25)

# Sets `variable` to the names of the test cases that match `spec`, with the characters that a
# CMake list does not hold replaced.
function(meshproof_list_tests program spec variable)
  execute_process(COMMAND "${program}" ${spec} --list-test-names-only
    OUTPUT_VARIABLE names RESULT_VARIABLE count)
  if(NOT count MATCHES "^[0-9]+$")
    message(FATAL_ERROR "${program} --list-test-names-only: ${count}")
  endif()
  string(ASCII 1 semicolon)
  string(ASCII 2 open)
  string(ASCII 3 close)
  string(REPLACE ";" "${semicolon}" names "${names}")
  string(REPLACE "[" "${open}" names "${names}")
  string(REPLACE "]" "${close}" names "${names}")
  string(REPLACE "\n" ";" names "${names}")
  list(REMOVE_ITEM names "")
  set(${variable} "${names}" PARENT_SCOPE)
endfunction()

function(meshproof_write_tests program prefix cache_file)
  set(labels slow golden conformance agreement apiserver)
  meshproof_list_tests("${program}" "" names)
  foreach(label IN LISTS labels)
    meshproof_list_tests("${program}" "[${label}]" tagged_${label})
  endforeach()
  string(ASCII 1 semicolon)
  string(ASCII 2 open)
  string(ASCII 3 close)
  set(script "")
  foreach(name IN LISTS names)
    set(own_labels "")
    foreach(label IN LISTS labels)
      if(name IN_LIST tagged_${label})
        list(APPEND own_labels ${label})
      endif()
    endforeach()
    set(properties "")
    if("apiserver" IN_LIST own_labels)
      # There is one server with fixed names of projects, and only its own step may build it. The
      # line is that of tests/support/apiserver/test_server.cpp.
      string(CONCAT properties " FIXTURES_REQUIRED apiserver RESOURCE_LOCK apiserver"
        " ENVIRONMENT KUBE_NO_BUILD=1 SKIP_REGULAR_EXPRESSION \"SKIPPED: no \"")
    endif()
    if(NOT own_labels OR own_labels STREQUAL "apiserver")
      list(PREPEND own_labels unit)
    endif()
    string(REPLACE "${semicolon}" ";" name "${name}")
    string(REPLACE "${open}" "[" name "${name}")
    string(REPLACE "${close}" "]" name "${name}")
    string(REGEX REPLACE "([][,\\\\])" "\\\\\\1" spec "${name}")
    # A name that selects no test case must fail, not pass.
    string(APPEND script
      "add_test([==[${prefix}: ${name}]==] [==[${program}]==] [==[${spec}]==] --warn NoTests)\n"
      "set_tests_properties([==[${prefix}: ${name}]==] PROPERTIES LABELS \"${own_labels}\"${properties})\n")
  endforeach()
  file(WRITE "${cache_file}" "${script}")
endfunction()

function(meshproof_discover_tests program prefix cache_file)
  if(NOT EXISTS "${program}")
    add_test("${prefix}: not built" "${program}")
    return()
  endif()
  if(NOT EXISTS "${cache_file}" OR "${program}" IS_NEWER_THAN "${cache_file}")
    meshproof_write_tests("${program}" "${prefix}" "${cache_file}")
  endif()
  include("${cache_file}")
endfunction()
