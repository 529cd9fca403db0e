# One interface target carries the warning set, so that third-party headers (SYSTEM) stay outside it.
add_library(loadgen_warnings INTERFACE)
target_compile_options(loadgen_warnings INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # g++ 12 sees overlapping copies inside std::string's own operator+ (GCC bug 105651).
    target_compile_options(loadgen_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()
if(LOADGEN_WERROR)
    target_compile_options(loadgen_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()
