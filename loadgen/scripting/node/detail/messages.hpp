// The messages in the frames (their kinds and fields: host/main.cjs). Text in, text out; nothing here waits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/text/json_reader.hpp"
#include "loadgen/scripting/node/node_processor.hpp"
#include "loadgen/scripting/processor.hpp"

namespace loadgen::scripting {

/// Appends the message that starts the host.
void append_start(std::string& out, const ProcessorOptions& options);
/// Appends a call under the number `id`, which the reply carries.
void append_call(std::string& out, std::uint64_t id, const ProcessorCall& call);
void append_end_user(std::string& out, std::uint64_t user);
void append_ping(std::string& out);

/// Receives the messages of a host.
class HostMessages {
  public:
    virtual void on_ready(std::vector<ExportedFunction> functions) = 0;
    virtual void on_cannot_start(std::string problem) = 0;
    /// `reply` has everything but its token and time.
    virtual void on_call_done(std::uint64_t id, ProcessorReply&& reply) = 0;
    virtual void on_host_metric(const EmittedMetric& metric) = 0;

  protected:
    ~HostMessages() = default;
};

/// Reads the payload of one frame. Fails when it is not what a host says; some of its messages may have been
/// handed on by then.
class MessageReader {
  public:
    explicit MessageReader(std::size_t max_bytes);
    Result<void> read(std::string_view payload, HostMessages& receiver);

  private:
    text::JsonDocument document_;
    std::vector<text::JsonValue> fields_;
};

}  // namespace loadgen::scripting
