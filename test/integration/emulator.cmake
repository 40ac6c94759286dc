bctrl_add_test(integration_emulator THREADS
  SOURCES "${CMAKE_CURRENT_LIST_DIR}/emulator_server_test.cpp"
  LINK bctrl_emulator Boost::json)

# Brings Asio's TLS code along, which neither the library nor the emulator contains.
bctrl_add_test(integration_emulator_tls
  SOURCES "${CMAKE_CURRENT_LIST_DIR}/emulator_tls_test.cpp"
  LINK bctrl_emulator Boost::json OpenSSL::SSL OpenSSL::Crypto)

bctrl_add_test(integration_emulator_http2
  SOURCES
    "${CMAKE_CURRENT_LIST_DIR}/emulator_faults_test.cpp"
    "${CMAKE_CURRENT_LIST_DIR}/emulator_http2_test.cpp"
    "${CMAKE_CURRENT_LIST_DIR}/http2_peer.cpp"
  LINK bctrl_emulator Boost::json PkgConfig::nghttp2)

# What is not installed leaves an empty name, and its tests say that they are skipped.
find_program(BCTRL_CURL curl)
find_program(BCTRL_H2LOAD h2load)
mark_as_advanced(BCTRL_CURL BCTRL_H2LOAD)
bctrl_add_test(integration_emulator_http2_tools
  SOURCES
    "${CMAKE_CURRENT_LIST_DIR}/emulator_http2_tools_test.cpp"
    "${PROJECT_SOURCE_DIR}/test/support/child_process.cpp"
  LINK bctrl_emulator)
target_compile_definitions(integration_emulator_http2_tools PRIVATE
  BCTRL_CURL="$<$<BOOL:${BCTRL_CURL}>:${BCTRL_CURL}>"
  BCTRL_H2LOAD="$<$<BOOL:${BCTRL_H2LOAD}>:${BCTRL_H2LOAD}>")

bctrl_add_test(integration_emulator_program
  SOURCES "${CMAKE_CURRENT_LIST_DIR}/emulator_program_test.cpp")
add_dependencies(integration_emulator_program bctrl_emulator_program)
target_compile_definitions(integration_emulator_program PRIVATE
  BCTRL_EMULATOR_PROGRAM="$<TARGET_FILE:bctrl_emulator_program>")

bctrl_add_test(integration_emulator_state
  SOURCES
    "${CMAKE_CURRENT_LIST_DIR}/emulator_process.cpp"
    "${CMAKE_CURRENT_LIST_DIR}/emulator_state_test.cpp"
    "${PROJECT_SOURCE_DIR}/test/support/child_process.cpp"
  LINK Boost::json)

# 500 waits, a killed emulator and 5 s without one, in real time.
bctrl_add_test(integration_outage COST 20
  SOURCES
    "${CMAKE_CURRENT_LIST_DIR}/emulator_process.cpp"
    "${CMAKE_CURRENT_LIST_DIR}/outage_test.cpp"
    "${PROJECT_SOURCE_DIR}/test/support/child_process.cpp"
  LINK Boost::json)

# Thousands of waits over TLS, and the times of the calls beside them; under a sanitizer they tell nothing.
if(NOT BCTRL_SANITIZE)
  bctrl_add_test(integration_control_latency SERIAL COST 40
    SOURCES
      "${CMAKE_CURRENT_LIST_DIR}/emulator_process.cpp"
      "${CMAKE_CURRENT_LIST_DIR}/control_latency_test.cpp"
      "${PROJECT_SOURCE_DIR}/test/support/child_process.cpp"
    LINK Boost::json)
  bctrl_add_test(integration_http2_scale SERIAL COST 40
    SOURCES
      "${CMAKE_CURRENT_LIST_DIR}/emulator_process.cpp"
      "${CMAKE_CURRENT_LIST_DIR}/http2_scale_test.cpp"
      "${PROJECT_SOURCE_DIR}/test/support/child_process.cpp"
    LINK Boost::json)
  set(control_latency integration_control_latency integration_http2_scale)
endif()

# A hundred waits with 64 descriptors, in real time. Not under sanitizers: UBSan looks at objects through a pipe, takes
# those for broken that it has no descriptor for, and says so.
if(NOT BCTRL_SANITIZE)
  bctrl_add_test(integration_descriptors COST 10
    SOURCES
      "${CMAKE_CURRENT_LIST_DIR}/descriptors_test.cpp"
      "${CMAKE_CURRENT_LIST_DIR}/emulator_process.cpp"
      "${PROJECT_SOURCE_DIR}/test/support/child_process.cpp"
    LINK Boost::json)
  set(descriptors integration_descriptors)
endif()

# A hundred thousand requests to a server that closes connections at random.
bctrl_add_test(integration_keep_alive COST 40
  SOURCES "${CMAKE_CURRENT_LIST_DIR}/keep_alive_test.cpp"
  LINK bctrl::emulator OpenSSL::SSL OpenSSL::Crypto)

foreach(name integration_emulator_state integration_outage ${descriptors} ${control_latency})
  add_dependencies(${name} bctrl_emulator_program)
  target_compile_definitions(${name} PRIVATE
    BCTRL_EMULATOR_PROGRAM="$<TARGET_FILE:bctrl_emulator_program>")
endforeach()
