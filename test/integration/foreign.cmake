# Against programs that nobody here wrote.
find_program(BCTRL_CURL curl)
find_program(BCTRL_NGINX nginx PATHS /usr/sbin)
find_program(BCTRL_TINYPROXY tinyproxy)
mark_as_advanced(BCTRL_CURL BCTRL_NGINX BCTRL_TINYPROXY)

if(BCTRL_CURL)
  bctrl_add_test(integration_curl
    SOURCES curl_test.cpp ../support/child_process.cpp
    LINK bctrl::emulator Boost::json)
  target_compile_definitions(integration_curl PRIVATE BCTRL_CURL="${BCTRL_CURL}")
endif()

if(BCTRL_NGINX)
  bctrl_add_test(integration_nginx
    SOURCES nginx_server.cpp nginx_test.cpp ../support/child_process.cpp
    LINK bctrl::emulator Boost::json)
  add_dependencies(integration_nginx bctrl_command)
  target_compile_definitions(integration_nginx PRIVATE
    BCTRL_NGINX="${BCTRL_NGINX}"
    BCTRL_COMMAND="$<TARGET_FILE:bctrl_command>")
endif()

if(BCTRL_TINYPROXY)
  bctrl_add_test(integration_tinyproxy
    SOURCES tinyproxy_server.cpp tinyproxy_test.cpp ../support/child_process.cpp
    LINK bctrl::emulator Boost::json)
  target_compile_definitions(integration_tinyproxy PRIVATE BCTRL_TINYPROXY="${BCTRL_TINYPROXY}")
endif()
