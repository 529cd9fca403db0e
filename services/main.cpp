// loadgen-services: one binary for the whole service set and the commands of who runs it.
#include "services/cli/program.hpp"

int main(int count, char** values) {
    return loadgen::services::cli::run_program({values + 1, values + count});
}
