if(LOADGEN_SANITIZE)
    add_compile_options(-fsanitize=${LOADGEN_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${LOADGEN_SANITIZE})
    if(LOADGEN_SANITIZE MATCHES undefined)
        add_compile_options(-fno-sanitize-recover=undefined)
    endif()
endif()

# loadgen_test_code(target): the code of tests is compiled once and run for a moment, so under sanitizers it is built
# without optimisation and without the checks of undefined behaviour: these make its build two and a half times as long.
function(loadgen_test_code target)
    if(LOADGEN_SANITIZE MATCHES undefined)
        target_compile_options(${target} PRIVATE -O0 -fno-sanitize=undefined)
    endif()
endfunction()
