# loadgen_embed(target VARIABLE name FILE path): compiles a file into `target` as
# `extern const std::string_view <name>` in namespace loadgen::embedded, declared by the user of it.
function(loadgen_embed target)
    cmake_parse_arguments(ARG "" "VARIABLE;FILE" "DEPENDS" ${ARGN})
    set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded_${ARG_VARIABLE}.cpp)
    add_custom_command(OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DINPUT=${ARG_FILE} -DOUTPUT=${output} -DVARIABLE=${ARG_VARIABLE}
                -P ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
        DEPENDS ${ARG_FILE} ${ARG_DEPENDS} ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
        COMMENT "Embedding ${ARG_FILE}" VERBATIM)
    target_sources(${target} PRIVATE ${output})
endfunction()
