#include "loadgen/cli/command.hpp"

int main(int argc, char** argv) {
    return loadgen::cli::run_program(argc, argv);
}
