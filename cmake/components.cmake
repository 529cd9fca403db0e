# loadgen_component(common_stats SOURCES a.cpp b.cpp [PUBLIC dep...] [PRIVATE dep...])
# One static library a folder. PUBLIC are the components whose headers its headers include; PRIVATE is the rest.
# Link visibility keeps the rule of who may know whom; scripts/check-includes checks the include lines too.
function(loadgen_component name)
    cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    add_library(${name} STATIC ${ARG_SOURCES})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE} loadgen_warnings)
    loadgen_precompiled(${name} product)
endfunction()

# loadgen_header_component(loadgen_plan [PUBLIC dep...]): a folder of headers only.
function(loadgen_header_component name)
    cmake_parse_arguments(ARG "" "" "PUBLIC" ${ARGN})
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} INTERFACE ${ARG_PUBLIC})
endfunction()

# loadgen_test(unit_stats SOURCES a_test.cpp [LINK dep...] [LABELS slow] [TIMEOUT s]): one GoogleTest binary a component.
function(loadgen_test name)
    cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 60)
    endif()
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE ${ARG_LINK} loadgen_warnings GTest::gmock_main)
    target_compile_definitions(${name} PRIVATE LOADGEN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    loadgen_test_code(${name})
    loadgen_precompiled(${name} tests)
    gtest_discover_tests(${name} TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 60
        PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()

# loadgen_fuzz(http1 SOURCES http1_fuzz.cpp [LINK dep...]): the source defines LLVMFuzzerTestOneInput. With
# LOADGEN_FUZZ it becomes a libFuzzer program fuzz_<name>; always it becomes a test that replays the corpus
# folder tests/fuzz/corpus/<name> (seeds and past findings), so that a finding stays fixed without clang.
function(loadgen_fuzz name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
    if(NOT TARGET fuzz_replay_main)
        add_library(fuzz_replay_main OBJECT ${PROJECT_SOURCE_DIR}/tests/fuzz/replay_main.cpp)
        target_link_libraries(fuzz_replay_main PRIVATE loadgen_warnings)
    endif()
    add_executable(fuzz_replay_${name} ${ARG_SOURCES})
    target_link_libraries(fuzz_replay_${name} PRIVATE ${ARG_LINK} fuzz_replay_main loadgen_warnings)
    loadgen_precompiled(fuzz_replay_${name} product)
    add_test(NAME fuzz_replay.${name}
        COMMAND fuzz_replay_${name} ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
    set_tests_properties(fuzz_replay.${name} PROPERTIES TIMEOUT 60 LABELS fuzz)
    if(LOADGEN_FUZZ)
        add_executable(fuzz_${name} ${ARG_SOURCES})
        target_link_libraries(fuzz_${name} PRIVATE ${ARG_LINK} loadgen_warnings)
        target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    endif()
endfunction()

function(loadgen_add_folder folder)
    if(EXISTS ${PROJECT_SOURCE_DIR}/${folder}/CMakeLists.txt)
        add_subdirectory(${PROJECT_SOURCE_DIR}/${folder})
    endif()
endfunction()
