# loadgen_npm_interop(text SOURCES text_peer.cpp LINK common_text): compares a part of ours with npm packages.
# <name>.test.mjs runs under Node beside the packages of the folder's lock file, which are installed into the build
# folder, and talks to the program <name>_peer, whose path it finds in the variable <NAME>_PEER. Never skipped; not
# there without node and npm.
# With PROGRAM instead of SOURCES the peer is a target that there is already.
find_program(LOADGEN_NODE NAMES node nodejs)
find_program(LOADGEN_NPM npm)

function(loadgen_npm_interop name)
    cmake_parse_arguments(ARG "" "PROGRAM" "SOURCES;LINK" ${ARGN})
    if(NOT LOADGEN_NODE OR NOT LOADGEN_NPM)
        message(STATUS "No test interop.${name}: needs node and npm")
        return()
    endif()
    set(stage ${CMAKE_CURRENT_BINARY_DIR}/stage)
    set(modules ${CMAKE_CURRENT_BINARY_DIR}/modules.stamp)
    add_custom_command(OUTPUT ${modules}
        COMMAND ${CMAKE_COMMAND} -E make_directory ${stage}
        COMMAND ${CMAKE_COMMAND} -E copy package.json package-lock.json .npmrc ${stage}
        COMMAND ${CMAKE_COMMAND} -E chdir ${stage}
            ${LOADGEN_NPM} ci --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error
        COMMAND ${CMAKE_COMMAND} -E touch ${modules}
        WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
        DEPENDS package.json package-lock.json .npmrc
        COMMENT "Installing the packages of the test interop.${name}" VERBATIM)
    # Next to the packages, so that they are found.
    set(shared ${PROJECT_SOURCE_DIR}/tests/interop/peer.mjs)
    set(script ${stage}/${name}.test.mjs)
    add_custom_command(OUTPUT ${script}
        COMMAND ${CMAKE_COMMAND} -E copy ${name}.test.mjs ${shared} ${stage}
        WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
        DEPENDS ${name}.test.mjs ${shared} ${modules} VERBATIM)
    add_custom_target(${name}_interop_packages ALL DEPENDS ${script})

    set(peer ${ARG_PROGRAM})
    if(NOT peer)
        set(peer ${name}_peer)
        add_executable(${peer} ${ARG_SOURCES})
        target_link_libraries(${peer} PRIVATE ${ARG_LINK} loadgen_warnings)
    endif()
    string(TOUPPER ${name} variable)
    add_test(NAME interop.${name} COMMAND ${LOADGEN_NODE} --test ${script})
    set_tests_properties(interop.${name} PROPERTIES TIMEOUT 120 LABELS interop
        ENVIRONMENT ${variable}_PEER=$<TARGET_FILE:${peer}>)
endfunction()
