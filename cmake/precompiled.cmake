# loadgen_precompiled(target product|tests): with LOADGEN_PCH, the standard headers (and GoogleTest, for tests) that most
# files include are parsed once for all targets with the same compile options, which saves a third of a build under
# sanitizers. CI uses it there only: a file that forgets an include compiles with it, and the release build tells.
function(loadgen_precompiled target kind)
    if(LOADGEN_PCH)
        target_precompile_headers(${target} REUSE_FROM loadgen_precompiled_${kind})
    endif()
endfunction()

function(loadgen_precompile kind)
    # A target needs a source file for its headers to be compiled.
    set(source ${CMAKE_BINARY_DIR}/precompiled_${kind}.cpp)
    file(CONFIGURE OUTPUT ${source} CONTENT "")
    add_library(loadgen_precompiled_${kind} OBJECT ${source})
    target_precompile_headers(loadgen_precompiled_${kind} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled/${kind}.hpp)
    target_link_libraries(loadgen_precompiled_${kind} PRIVATE loadgen_warnings)
endfunction()

if(LOADGEN_PCH)
    # Some libraries ask for it, others do not; precompiled headers are refused where a macro of theirs differs.
    add_compile_options(-pthread)
    loadgen_precompile(product)
    if(LOADGEN_TESTS)
        loadgen_precompile(tests)
        target_link_libraries(loadgen_precompiled_tests PRIVATE GTest::gmock)
        loadgen_test_code(loadgen_precompiled_tests)
    endif()
endif()
