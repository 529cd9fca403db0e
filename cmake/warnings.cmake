# One interface target carries the warning set, so that third-party headers (SYSTEM) stay outside it.
add_library(loadgen_warnings INTERFACE)
target_compile_options(loadgen_warnings INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast>)
if(LOADGEN_WERROR)
    target_compile_options(loadgen_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()
