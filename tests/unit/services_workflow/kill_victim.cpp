// Starts executions, answers every second one, lets the rest time out, and prints each id as eight raw bytes
// once its start is on disk. The tests kill it. Arguments: database, first id.
#include <unistd.h>

#include "tests/unit/services_workflow/support.hpp"

int main(int argc, char** argv) {
    using namespace loadgen::services::runtime;
    if (argc != 3) return 2;
    test::ManualClock clock(loadgen::system_clock().wall_now().unix_ns);
    Settings settings;
    settings.time_scale = 0;
    test::Process process(argv[1], clock, settings);
    test::define_order_like(process.engine());
    process.open();
    for (std::int64_t id = std::stoll(argv[2]);; ++id) {
        if (!process.start(test::kOrderLike, std::to_string(id))) return 1;
        if (::write(STDOUT_FILENO, &id, sizeof id) != sizeof id) return 3;
        process.settle();
        if (id % 2 == 0) process.answer(test::last_token(process, std::to_string(id)));
        process.pass(std::chrono::milliseconds(500));
    }
}
