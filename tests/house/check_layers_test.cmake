cmake_minimum_required(VERSION 3.25)

set(check "${CMAKE_CURRENT_LIST_DIR}/../../cmake/CheckLayers.cmake")
set(expected_offenders
  "model/upwards.h:3: fmt/format.h: "
  "model/upwards.h:7: solver/sideways.h: "
  "reports/unknown.cpp:1: spdlog/spdlog.h: "
  "reports/unknown.cpp:3: ../model/upwards.h: "
  "reports/unknown.cpp:4: sideways.h: "
  "solver/sideways.cpp:2: nlohmann/json.hpp: "
  "solver/sideways.cpp:5: reports/text.h: ")

execute_process(COMMAND "${CMAKE_COMMAND}" "-DROOT=${CMAKE_CURRENT_LIST_DIR}/bad_layers" -P "${check}"
  RESULT_VARIABLE result ERROR_VARIABLE report)
if(result EQUAL 0)
  message(FATAL_ERROR "the bad tree passed")
endif()
foreach(offender IN LISTS expected_offenders)
  string(FIND "${report}" "${offender}" position)
  if(position EQUAL -1)
    message(FATAL_ERROR "'${offender}' is not in the report:\n${report}")
  endif()
endforeach()
list(LENGTH expected_offenders count)
if(NOT report MATCHES "${count} includes against")
  message(FATAL_ERROR "more or less than ${count} offenders:\n${report}")
endif()

execute_process(COMMAND "${CMAKE_COMMAND}" "-DROOT=${CMAKE_CURRENT_LIST_DIR}/no-such-tree" -P "${check}"
  RESULT_VARIABLE result ERROR_VARIABLE report)
if(result EQUAL 0 OR NOT report MATCHES "no source file")
  message(FATAL_ERROR "looking at no file passed:\n${report}")
endif()
