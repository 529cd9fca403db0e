// A processor on a loop of its own, whose calls a test makes one by one or many at once.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/io/loop.hpp"
#include "common/text/value.hpp"
#include "loadgen/scripting/node/node_processor.hpp"

namespace loadgen::scripting {

/// The path of a script of these tests.
std::string script(std::string_view name);

/// Parses JSON that a test writes.
text::Value json(std::string_view text);

/// Options for a script and the functions that will be called.
ProcessorOptions options_for(std::string_view name, std::vector<std::string> functions);

class Calls : public ProcessorReplies {
  public:
    explicit Calls(ProcessorOptions options);

    Processor& processor() { return *processor_; }
    io::Loop& loop() { return loop_; }
    /// One turn of the loop.
    void turn();
    void run_until_replies(std::size_t more);
    /// So many altogether.
    void run_until_metrics(std::size_t count);

    /// Makes a call; its token is the number of calls before.
    std::uint64_t begin(std::uint64_t user, std::uint32_t function, std::vector<NamedValue> variables = {});
    std::uint64_t begin(ProcessorCall call);
    /// The same, and waits for the reply.
    ProcessorReply call(std::uint64_t user, std::uint32_t function, std::vector<NamedValue> variables = {});
    ProcessorReply call(ProcessorCall call);

    std::map<std::uint64_t, ProcessorReply> replies;
    std::vector<std::uint64_t> order;  // of the replies, by token
    std::vector<EmittedMetric> metrics;
    std::vector<std::string> lines;  // printed by functions
    std::uint64_t made = 0;

  private:
    void on_reply(ProcessorReply&& reply) override;
    void on_metric(const EmittedMetric& metric) override;

    io::Loop loop_;
    std::unique_ptr<Processor> processor_;
};

/// The value of a changed variable as JSON, "undefined" when it was deleted, "-" when it did not change.
std::string changed(const std::vector<text::Value::Member>& members, std::string_view name);

}  // namespace loadgen::scripting
