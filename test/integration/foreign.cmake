# Against programs that nobody here wrote.
find_program(BCTRL_CURL curl)
find_program(BCTRL_NGINX nginx PATHS /usr/sbin)
find_program(BCTRL_TINYPROXY tinyproxy)
find_program(BCTRL_HAPROXY haproxy PATHS /usr/sbin)
find_program(BCTRL_APACHE NAMES apache2 httpd PATHS /usr/sbin)
find_program(BCTRL_NGHTTPD nghttpd PATHS /usr/sbin)
find_path(BCTRL_APACHE_MODULES mod_proxy.so PATHS /usr/lib/apache2/modules /usr/lib64/httpd/modules)
mark_as_advanced(BCTRL_CURL BCTRL_NGINX BCTRL_TINYPROXY BCTRL_HAPROXY BCTRL_APACHE BCTRL_APACHE_MODULES
  BCTRL_NGHTTPD)

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

# Waits that are cut after 5 s until this is learned, and reloads under waits: in real time.
if(BCTRL_NGINX AND BCTRL_HAPROXY AND BCTRL_APACHE AND BCTRL_APACHE_MODULES)
  bctrl_add_test(integration_proxies COST 25
    SOURCES
      canned_server.cpp
      proxy/apache_proxy.cpp
      proxy/haproxy_proxy.cpp
      proxy/nginx_proxy.cpp
      proxy/proxy.cpp
      proxy/proxy_calls_test.cpp
      proxy/proxy_fixture.cpp
      proxy/proxy_pages_test.cpp
      proxy/proxy_waits_test.cpp
      ../support/child_process.cpp
    LINK bctrl::emulator Boost::json)
  target_compile_definitions(integration_proxies PRIVATE
    BCTRL_NGINX="${BCTRL_NGINX}"
    BCTRL_HAPROXY="${BCTRL_HAPROXY}"
    BCTRL_APACHE="${BCTRL_APACHE}"
    BCTRL_APACHE_MODULES="${BCTRL_APACHE_MODULES}")
endif()

# What is not installed leaves a name that is no file, and its tests say that they are skipped.
bctrl_add_test(integration_http2_peers COST 30
  SOURCES
    http2_peers/nghttpd.cpp
    http2_peers/nghttpd_test.cpp
    http2_peers/proxied_calls_test.cpp
    http2_peers/proxied_waits_test.cpp
    proxy/haproxy_proxy.cpp
    proxy/nginx_proxy.cpp
    proxy/proxy.cpp
    proxy/proxy_fixture.cpp
    ../support/child_process.cpp
  LINK bctrl::emulator Boost::json)
target_compile_definitions(integration_http2_peers PRIVATE
  BCTRL_NGINX="${BCTRL_NGINX}"
  BCTRL_HAPROXY="${BCTRL_HAPROXY}"
  BCTRL_NGHTTPD="${BCTRL_NGHTTPD}")
