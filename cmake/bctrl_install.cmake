# What `cmake --install` puts where: the libraries with their headers, CMake package and pkg-config files
# (component "development"), and the programs and the shared library (component "runtime").
option(BCTRL_INSTALL "Install the library and what was built with it" ${PROJECT_IS_TOP_LEVEL})
if(NOT BCTRL_INSTALL)
  return()
endif()

include(CMakePackageConfigHelpers)

set(bctrl_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/bctrl")

install(TARGETS bctrl bctrl_testing EXPORT bctrl_targets
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT runtime NAMELINK_COMPONENT development
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/bctrl"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development
  FILES_MATCHING PATTERN "*.hpp")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE"
  DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT development)

# The CMake package. While the version is 0.x every minor version may change the interface.
install(EXPORT bctrl_targets NAMESPACE bctrl::
  DESTINATION "${bctrl_package_dir}" COMPONENT development)
set(bctrl_dependencies "find_dependency(Threads)")
if(BUILD_SHARED_LIBS)
  list(APPEND bctrl_dependencies "find_dependency(Boost ${Boost_VERSION_STRING} EXACT)")
else()
  list(APPEND bctrl_dependencies
    "find_dependency(Boost ${Boost_VERSION_STRING} EXACT COMPONENTS json)"
    "find_dependency(OpenSSL 3.0)"
    "find_dependency(ZLIB)"
    "find_dependency(PkgConfig)"
    "pkg_check_modules(nghttp2 REQUIRED IMPORTED_TARGET QUIET libnghttp2)")
endif()
list(JOIN bctrl_dependencies "\n" bctrl_dependencies)
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/bctrl-config.cmake.in"
  "${PROJECT_BINARY_DIR}/bctrl-config.cmake"
  INSTALL_DESTINATION "${bctrl_package_dir}"
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/bctrl-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
install(
  FILES "${PROJECT_BINARY_DIR}/bctrl-config.cmake"
    "${PROJECT_BINARY_DIR}/bctrl-config-version.cmake"
  DESTINATION "${bctrl_package_dir}" COMPONENT development)

# The pkg-config files. An installation holds one kind of the library: for the static kind its own needs are
# everybody's needs, so that a plain `pkg-config --libs` links; the shared kind carries them itself.
if(BUILD_SHARED_LIBS)
  set(bctrl_pc_requires "")
  set(bctrl_pc_libs "-pthread")
else()
  set(bctrl_pc_requires "openssl >= 3.0, zlib, libnghttp2")
  set(bctrl_pc_libs "-lboost_json -lboost_container -pthread")
endif()
get_target_property(bctrl_pc_definitions bctrl INTERFACE_COMPILE_DEFINITIONS)
list(TRANSFORM bctrl_pc_definitions PREPEND "-D")
list(JOIN bctrl_pc_definitions " " bctrl_pc_definitions)
# Relative, as the CMake package is: an installation may be moved.
file(RELATIVE_PATH bctrl_prefix_from_pc
  "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
string(REGEX REPLACE "/$" "" bctrl_prefix_from_pc "${bctrl_prefix_from_pc}")
foreach(package bctrl bctrl-testing)
  configure_file("${CMAKE_CURRENT_LIST_DIR}/${package}.pc.in" "${PROJECT_BINARY_DIR}/${package}.pc" @ONLY)
endforeach()
install(FILES "${PROJECT_BINARY_DIR}/bctrl.pc" "${PROJECT_BINARY_DIR}/bctrl-testing.pc"
  DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT development)

if(BCTRL_TOOLS)
  # The programs find a shared bctrl beside themselves, wherever the installation is moved to.
  file(RELATIVE_PATH bctrl_lib_from_bin
    "${CMAKE_INSTALL_FULL_BINDIR}" "${CMAKE_INSTALL_FULL_LIBDIR}")
  set_target_properties(bctrl_command bctrl_emulator_program PROPERTIES
    INSTALL_RPATH "$ORIGIN/${bctrl_lib_from_bin}")
  install(TARGETS bctrl_command bctrl_emulator_program
    RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT runtime)
endif()
