#include "loadgen/scripting/node/detail/node_child.hpp"

#include <poll.h>

#include <array>
#include <utility>

#include "common/base/live_line.hpp"
#include "loadgen/scripting/node/detail/program.hpp"

namespace loadgen::scripting {
namespace {

// The host ends a frame when it has so much; a frame of one long reply may have max_frame_bytes besides.
constexpr std::size_t kFrameSlackBytes = std::size_t{4} << 20U;
constexpr Nanos kPartingTime{500'000'000};

void print_to_stderr(std::string_view line) {
    std::string text = "processor: ";
    text += line;
    LiveLine::of_stderr().say(text);
}

LineReader::Print printer(const ProcessorOptions& options) {
    return options.print ? options.print : print_to_stderr;
}

}  // namespace

Result<std::unique_ptr<NodeChild>> NodeChild::start(io::Loop& loop, const ProcessorOptions& options,
                                                    NodeChildEvents& events) {
    Result<std::string> node = options.node.empty() ? find_node() : Result<std::string>(options.node);
    if (!node) return std::move(node).error();
    Result<Child> child = Child::start(*node, host_program());
    if (!child) return std::move(child).error();
    std::unique_ptr<NodeChild> run(new NodeChild(loop, std::move(*child), options, events));
    FrameBuilder first;
    first.add(static_cast<std::size_t>(-1), [&](std::string& out) { append_start(out, options); });
    run->send(first.frames());
    return run;
}

NodeChild::NodeChild(io::Loop& loop, Child child, const ProcessorOptions& options, NodeChildEvents& events)
    : loop_(loop),
      events_(events),
      child_(std::move(child)),
      cutter_(options.max_frame_bytes + kFrameSlackBytes),
      reader_(options.max_frame_bytes + kFrameSlackBytes),
      output_lines_(printer(options)),
      error_lines_(printer(options)),
      socket_(Channel::make(loop, child_.take_socket(), *this)),
      output_(Channel::make(loop, child_.take_output(), output_lines_)),
      errors_(Channel::make(loop, child_.take_errors(), error_lines_)) {}

NodeChild::~NodeChild() {
    end();
}

void NodeChild::part() {
    socket_->finish_sending();
    const Instant until = loop_.refresh() + kPartingTime;
    while ((output_->is_open() || errors_->is_open()) && loop_.refresh() < until) {
        std::array<pollfd, 2> outputs{
            {{output_->descriptor(), POLLIN, 0}, {errors_->descriptor(), POLLIN, 0}}};
        const auto patience = std::chrono::ceil<std::chrono::milliseconds>(until - loop_.now());
        poll(outputs.data(), outputs.size(), static_cast<int>(patience.count()));
        output_->read_now();
        errors_->read_now();
    }
}

std::string NodeChild::end() {
    std::string how = child_.end();
    output_->read_now();
    errors_->read_now();
    return how;
}

void NodeChild::on_bytes(std::string_view bytes) {
    events_.on_life_sign();
    const Result<void> taken = cutter_.push(bytes, *this);
    if (!taken) events_.on_lost(taken.error().message);
}

void NodeChild::on_gone() {
    events_.on_lost("Node " + end());
}

Result<void> NodeChild::on_frame(std::string_view payload) {
    return reader_.read(payload, events_);
}

}  // namespace loadgen::scripting
