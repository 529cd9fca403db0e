# What a build can be asked for. The presets set these; nobody needs to by hand.
option(LOADGEN_TESTS "Build the tests" ON)
option(LOADGEN_BENCH "Build the benchmarks (needs libbenchmark-dev)" OFF)
option(LOADGEN_FUZZ "Build libFuzzer targets (needs clang); without it their corpora are replayed as tests" OFF)
option(LOADGEN_PCH "Precompile the headers that most files include (see cmake/precompiled.cmake)" OFF)
option(LOADGEN_WERROR "Treat warnings as errors" OFF)
set(LOADGEN_SANITIZE "" CACHE STRING "Sanitizers, comma separated: address,undefined or thread")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_program(LOADGEN_CCACHE ccache)
if(LOADGEN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${LOADGEN_CCACHE})
    if(LOADGEN_PCH)
        # What ccache asks for before it caches what is compiled with precompiled headers.
        set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros ${LOADGEN_CCACHE})
        add_compile_options($<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>)
    endif()
    set(CMAKE_C_COMPILER_LAUNCHER ${LOADGEN_CCACHE})
endif()

find_program(LOADGEN_MOLD mold)
if(LOADGEN_MOLD)
    add_link_options(-fuse-ld=mold)
endif()
