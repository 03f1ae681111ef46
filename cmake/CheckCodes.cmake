# cmake -DROOT=<absolute source root> -P CheckCodes.cmake
# Every code of a diagnostic stands in a test with its text: as `[code]: text` in a rendered line, or
# as the string "code" beside the text. A code that another function passes on is not seen here.
cmake_minimum_required(VERSION 3.25)

# Where a code is written: after a severity, as a field, or as the first string of a call.
set(WORDS "[a-z]+(-[a-z]+)+")
set(MAKERS
  "Severity::[A-Z][a-z]+,[ \n]*\"${WORDS}\""
  "\\.code = \"${WORDS}\""
  "(error|warning|warn|failure|problem|fault|refuse|report|at|add_note)\\([^\";]*\"${WORDS}\"")

function(read_all variable)
  set(text "")
  foreach(pattern IN LISTS ARGN)
    file(GLOB_RECURSE files "${ROOT}/${pattern}")
    foreach(file IN LISTS files)
      file(READ "${file}" content)
      string(APPEND text "${content}\n")
    endforeach()
  endforeach()
  # Brackets would join the elements of CMake's lists.
  string(REPLACE "[" "<" text "${text}")
  string(REPLACE "]" ">" text "${text}")
  set(${variable} "${text}" PARENT_SCOPE)
endfunction()

set(sources "")
foreach(folder model scenarios solver backends reports cli)
  list(APPEND sources "${folder}/*.cpp" "${folder}/*.h")
endforeach()
read_all(program ${sources})
read_all(tests "tests/*.cpp" "tests/golden/*")

set(codes "")
foreach(maker IN LISTS MAKERS)
  string(REGEX MATCHALL "${maker}" made "${program}")
  foreach(place IN LISTS made)
    string(REGEX MATCH "\"(${WORDS})\"$" ignored "${place}")
    list(APPEND codes "${CMAKE_MATCH_1}")
  endforeach()
endforeach()
list(REMOVE_DUPLICATES codes)
list(LENGTH codes count)
if(count EQUAL 0)
  message(FATAL_ERROR "no code below '${ROOT}'")
endif()

set(untested "")
foreach(code IN LISTS codes)
  string(FIND "${tests}" "<${code}>: " rendered)
  string(FIND "${tests}" "\"${code}\"" beside)
  if(rendered EQUAL -1 AND beside EQUAL -1)
    list(APPEND untested "${code}")
  endif()
endforeach()
if(untested)
  list(JOIN untested "\n  " untested)
  message(FATAL_ERROR "no test names these codes with their texts:\n  ${untested}")
endif()
message(STATUS "${count} codes, each in a test")
