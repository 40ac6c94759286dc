# Compiles through ccache where it is present, unless the user has set a launcher already.
if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(BCTRL_CCACHE ccache)
  mark_as_advanced(BCTRL_CCACHE)
  if(BCTRL_CCACHE)
    # Without this sloppiness ccache refuses every file that uses a precompiled header.
    set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${BCTRL_CCACHE})
  endif()
endif()
