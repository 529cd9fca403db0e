// What a call of a processor costs: CPU time of this process and of Node, and the time until the reply. So
// many users call without a pause; each call tells one changed variable and brings back two. Goal: 15 us
// altogether when 64 or more call at once.
//   bench_processor [--calls N]
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/io/loop.hpp"
#include "common/text/value.hpp"
#include "loadgen/scripting/node/node_processor.hpp"

namespace {

using namespace loadgen;
using namespace loadgen::scripting;
using text::Value;

constexpr std::string_view kScript = R"(
exports.step = (context, events) => {
  context.vars.total = context.vars.round * 2;
  context.vars.label = `round ${context.vars.round}`;
};
exports.stepLater = async (context, events) => {
  await null;
  context.vars.total = context.vars.round * 2;
  context.vars.label = `round ${context.vars.round}`;
};
exports.sign = (request, context, events, done) => {
  request.headers['x-signature'] = `s${context.vars.round}`;
  context.vars.total = context.vars.round * 2;
  done();
};
exports.read = (request, response, context, events) => {
  context.vars.id = JSON.parse(response.body).id;
  context.vars.total = context.vars.round * 2;
};
)";

struct Case {
    const char* name = "";
    std::uint32_t function = 0;
    Hook hook = Hook::kFunction;
    std::uint64_t users = 1;
};

std::int64_t cpu_ns(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// The CPU clock of our only child.
clockid_t clock_of_child() {
    std::ifstream children("/proc/self/task/" + std::to_string(getpid()) + "/children");
    pid_t pid = 0;
    children >> pid;
    clockid_t clock = CLOCK_PROCESS_CPUTIME_ID;
    if (clock_getcpuclockid(pid, &clock) != 0) std::exit(1);
    return clock;
}

Value request_parameters() {
    return *text::parse_json_value(
        R"({"url":"/orders","method":"POST","headers":{"content-type":"application/json","accept":"*/*"},
            "json":{"items":[{"sku":"A-1","quantity":2},{"sku":"B-2","quantity":1}],"customer":"c-17"}})");
}

Value response() {
    const std::string body = R"({"id":"o-1","filler":")" + std::string(1000, 'x') + "\"}";
    return Value(Value::Object{
        {"statusCode", Value(200.0)},
        {"headers",
         *text::parse_json_value(R"({"content-type":"application/json","content-length":"1024"})")},
        {"body", Value(body)},
        {"url", Value("http://127.0.0.1/orders")}});
}

/// Keeps every user calling until so many calls are done.
class Load final : public ProcessorReplies {
  public:
    Load(io::Loop& loop, Processor& processor, const Case& what, std::uint64_t calls)
        : loop_(loop), processor_(processor), case_(what), warm_up_(calls / 5 + what.users), calls_(calls) {
        processor.answer_to(*this);
        if (what.hook != Hook::kFunction) request_ = request_parameters();
        if (what.hook == Hook::kAfterResponse) response_ = response();
        for (std::uint64_t user = 0; user < what.users; ++user) call(user);
    }

    void print() {
        std::sort(took_.begin(), took_.end());
        const auto each = [&](std::int64_t ns) {
            return static_cast<double>(ns) / 1e3 / static_cast<double>(calls_);
        };
        std::printf("%-28s %6llu %10.2f %10.2f %10.2f %12.0f %10.1f %10.1f\n", case_.name,
                    static_cast<unsigned long long>(case_.users), each(own_), each(child_),
                    each(own_ + child_), static_cast<double>(calls_) * 1e9 / static_cast<double>(wall_),
                    static_cast<double>(took_[took_.size() / 2]) / 1e3,
                    static_cast<double>(took_[took_.size() * 99 / 100]) / 1e3);
    }

  private:
    void call(std::uint64_t user) {
        ProcessorCall call;
        call.token = user;
        call.user = user;
        call.function = case_.function;
        call.hook = case_.hook;
        call.variables = {{"round", Value(static_cast<double>(made_++))}};
        call.request = request_;
        call.response = response_;
        processor_.call(call);
    }

    void on_reply(ProcessorReply&& reply) override {
        if (!reply.ok) {
            std::fprintf(stderr, "%s: %s\n", reply.error.c_str(), reply.detail.c_str());
            std::exit(1);
        }
        if (++done_ == warm_up_) begin();
        if (done_ > warm_up_) took_.push_back(reply.took.count());
        if (done_ == warm_up_ + calls_) return end();
        call(reply.token);
    }
    void on_metric(const EmittedMetric&) override {}

    void begin() {
        clock_ = clock_of_child();
        took_.reserve(calls_);
        own_ = -cpu_ns(CLOCK_PROCESS_CPUTIME_ID);
        child_ = -cpu_ns(clock_);
        wall_ = -loop_.now().time_since_epoch().count();
    }

    void end() {
        own_ += cpu_ns(CLOCK_PROCESS_CPUTIME_ID);
        child_ += cpu_ns(clock_);
        wall_ += loop_.now().time_since_epoch().count();
        loop_.stop();
    }

    io::Loop& loop_;
    Processor& processor_;
    Case case_;
    std::uint64_t warm_up_;
    std::uint64_t calls_;
    std::uint64_t made_ = 0;
    std::uint64_t done_ = 0;
    Value request_;
    Value response_;
    clockid_t clock_ = 0;
    std::int64_t own_ = 0;
    std::int64_t child_ = 0;
    std::int64_t wall_ = 0;
    std::vector<std::int64_t> took_;
};

void run(const Case& what, const std::string& script, std::uint64_t calls) {
    io::Loop loop;
    ProcessorOptions options;
    options.script = script;
    options.functions = {"step", "stepLater", "sign", "read"};
    const auto processor = make_node_processor(loop, std::move(options));
    Load load(loop, *processor, what, what.users == 1 ? calls / 10 : calls);
    loop.run();
    load.print();
}

}  // namespace

int main(int argc, char** argv) {
    std::uint64_t calls = 200'000;
    if (argc == 3 && std::string_view(argv[1]) == "--calls") calls = std::strtoull(argv[2], nullptr, 10);
    const auto script =
        std::filesystem::temp_directory_path() / ("bench-processor-" + std::to_string(getpid()) + ".js");
    std::ofstream(script) << kScript;
    std::printf("%-28s %6s %10s %10s %10s %12s %10s %10s\n", "", "users", "own us", "Node us", "both us",
                "calls/s", "p50 us", "p99 us");
    for (const std::uint64_t users : {1, 8, 64, 512}) {
        run({"function", 0, Hook::kFunction, users}, script, calls);
        run({"async function", 1, Hook::kFunction, users}, script, calls);
        run({"beforeRequest", 2, Hook::kBeforeRequest, users}, script, calls);
        run({"afterResponse, 1 KiB body", 3, Hook::kAfterResponse, users}, script, calls);
    }
    std::filesystem::remove(script);
    return 0;
}
