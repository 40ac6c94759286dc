# bctrl_own_code(target): the language level, warnings and sanitizers of this project's own code.
function(bctrl_own_code target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  if(BCTRL_SANITIZE)
    bctrl_sanitize(${target})
    # The builds without a sanitizer check the warnings; instrumentation and files that include files make some of
    # their own.
    target_compile_options(${target} PRIVATE -w)
    # What is instrumented takes long to compile, several files at once half as long.
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
    return()
  endif()
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 takes the frame of a coroutine for a mismatch of new and delete.
    target_compile_options(${target} PRIVATE -Wno-mismatched-new-delete)
  endif()
  if(BCTRL_WARNINGS_AS_ERRORS)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()

# bctrl_sanitize(target): the sanitizers chosen by BCTRL_SANITIZE, for anything that we compile.
function(bctrl_sanitize target)
  if(NOT BCTRL_SANITIZE)
    return()
  endif()
  target_compile_options(${target} PRIVATE
    -fsanitize=${BCTRL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # clang 14 cannot compile coroutines with this check: "cannot represent a difference across sections".
    target_compile_options(${target} PRIVATE -fno-sanitize=function)
  endif()
  if(BCTRL_SANITIZE MATCHES "thread")
    # ThreadSanitizer does not follow fences. Without them Asio counts references by atomic operations
    # that it does follow; everything that shares Asio's types must agree on it, hence PUBLIC.
    target_compile_definitions(${target} PUBLIC
      BOOST_ASIO_DISABLE_STD_ATOMIC BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
  target_link_options(${target} PUBLIC -fsanitize=${BCTRL_SANITIZE})
endfunction()
