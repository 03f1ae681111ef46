# cmake -DROOT=<absolute source root> -P CheckLayers.cmake
# Which folder may include which, and where each third-party header may appear. CMake cannot stop
# an include below the common include root, so this reads every #include of the program's folders.
cmake_minimum_required(VERSION 3.25)

set(FOLDERS model scenarios solver backends reports cli)

set(model_includes model)
set(scenarios_includes model scenarios)
set(solver_includes model solver)
set(backends_includes model backends)
set(reports_includes model reports)
set(cli_includes ${FOLDERS})

# A prefix of the header's name, and the folders that may write it. A header of no library and
# not of the standard library is an offence: a new library begins with a line here.
set(LIBRARIES
  "tl/ model backends"
  "arpa/inet.h model scenarios backends cli"
  "archive scenarios"
  "emmintrin.h scenarios"
  "zlib.h scenarios backends"
  "yaml-cpp/ scenarios"
  "nlohmann/ backends reports"
  "boost/ solver"
  "z3 solver"
  "curl/ backends"
  "openssl/ backends reports"
  "graphviz/ reports"
  "CLI/ cli"
  "fmt/ scenarios solver backends reports cli")
set(POSIX_HEADERS "^(sys/[a-z]+|unistd|fcntl|poll|spawn|signal|netdb)\\.h$")
set(POSIX_FOLDERS scenarios backends cli)

# Sets `reason` to why `folder` may not include `header`, or to nothing.
function(judge folder header reason)
  set(${reason} "" PARENT_SCOPE)
  string(REGEX MATCH "^[^/]*" top "${header}")
  if("${top}" IN_LIST FOLDERS)
    if(NOT top IN_LIST ${folder}_includes)
      set(${reason} "${folder} must not include ${top}" PARENT_SCOPE)
    endif()
    return()
  endif()
  if(header MATCHES "^[a-z0-9_]+$")
    return()
  endif()
  if(header MATCHES "${POSIX_HEADERS}")
    set(allowed ${POSIX_FOLDERS})
  else()
    set(allowed "")
    foreach(library IN LISTS LIBRARIES)
      string(REPLACE " " ";" folders "${library}")
      list(POP_FRONT folders prefix)
      string(FIND "${header}" "${prefix}" position)
      if(position EQUAL 0)
        set(allowed ${folders})
      endif()
    endforeach()
    if(NOT allowed)
      set(${reason} "not a path from the source root, nor of a known library" PARENT_SCOPE)
      return()
    endif()
  endif()
  if(NOT folder IN_LIST allowed)
    list(JOIN allowed ", " allowed)
    set(${reason} "this header belongs in ${allowed}" PARENT_SCOPE)
  endif()
endfunction()

set(looked_at 0)
set(offences 0)
foreach(folder IN LISTS FOLDERS)
  file(GLOB_RECURSE files RELATIVE "${ROOT}" "${ROOT}/${folder}/*.h" "${ROOT}/${folder}/*.cpp")
  foreach(file IN LISTS files)
    math(EXPR looked_at "${looked_at} + 1")
    file(READ "${ROOT}/${file}" text)
    # These four mean something to a CMake list; no include needs them.
    string(REGEX REPLACE "[][;\\\\]" " " text "${text}")
    string(REPLACE "\n" ";" lines "${text}")
    set(number 0)
    foreach(line IN LISTS lines)
      math(EXPR number "${number} + 1")
      if(NOT line MATCHES "^[ \t]*#[ \t]*include[ \t]*(.*)")
        continue()
      endif()
      set(header "${CMAKE_MATCH_1}")
      if(header MATCHES "^[<\"]([^>\"]+)[>\"]")
        set(header "${CMAKE_MATCH_1}")
      endif()
      judge(${folder} "${header}" reason)
      if(reason)
        message(NOTICE "${file}:${number}: ${header}: ${reason}")
        math(EXPR offences "${offences} + 1")
      endif()
    endforeach()
  endforeach()
endforeach()

if(looked_at EQUAL 0)
  message(FATAL_ERROR "no source file below '${ROOT}'")
endif()
if(offences GREATER 0)
  message(FATAL_ERROR "${offences} includes against the direction of the layers")
endif()
message(STATUS "${looked_at} files keep the direction of the layers")
