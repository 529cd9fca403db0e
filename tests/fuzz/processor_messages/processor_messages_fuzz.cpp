// What a host of processors may send: any bytes, in any portions. The first byte says how large those are.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "loadgen/scripting/node/detail/frames.hpp"
#include "loadgen/scripting/node/detail/messages.hpp"

namespace {

using namespace loadgen;
using namespace loadgen::scripting;

constexpr std::size_t kMaxFrame = 4096;

/// Reads everything that arrives; keeps a sum of what it saw.
class Receiver final : public FrameEvents, private HostMessages {
  public:
    Result<void> on_frame(std::string_view payload) override {
        if (payload.size() > kMaxFrame) std::abort();
        frames += payload.size() + 1;
        return reader_.read(payload, *this);
    }

    std::size_t frames = 0;

  private:
    void on_ready(std::vector<ExportedFunction> functions) override { frames += functions.size(); }
    void on_cannot_start(std::string problem) override { frames += problem.size(); }
    void on_call_done(std::uint64_t, ProcessorReply&& reply) override {
        if (reply.ok && !reply.error.empty()) std::abort();
        frames += reply.variables.size() + reply.request.size();
    }
    void on_host_metric(const EmittedMetric& metric) override { frames += metric.name.size(); }

    MessageReader reader_{kMaxFrame};
};

std::size_t read_in_portions(std::string_view bytes, std::size_t portion) {
    FrameCutter cutter(kMaxFrame);
    Receiver receiver;
    for (std::size_t at = 0; at < bytes.size(); at += portion) {
        if (!cutter.push(bytes.substr(at, portion), receiver)) break;
    }
    return receiver.frames;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::size_t portion = std::max<std::size_t>(data[0], 1);
    // However the bytes are split, the same is seen.
    if (read_in_portions(bytes, portion) != read_in_portions(bytes, std::max<std::size_t>(bytes.size(), 1)))
        std::abort();
    return 0;
}
