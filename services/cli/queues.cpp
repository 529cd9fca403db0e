// queues, dead-letters, redrive: what waits on the bus of a data folder.
#include <algorithm>
#include <filesystem>

#include "common/base/duration_text.hpp"
#include "common/telemetry/logger.hpp"
#include "common/text/json_writer.hpp"
#include "services/bus/bus.hpp"
#include "services/cli/commands.hpp"
#include "services/cli/data_option.hpp"
#include "services/cli/text_table.hpp"

namespace loadgen::services::cli {
namespace {

using platform::Arguments;
using platform::OptionGroup;

constexpr std::string_view kQueuesAbout =
    "usage: loadgen-services queues --data DIR [--json]\n\n"
    "Shows for each queue how many events wait, how many are being handled, how many are dead letters, and "
    "the\n"
    "age of the oldest one that is not done. Works beside running services and without them.\n";
constexpr std::string_view kDeadAbout =
    "usage: loadgen-services dead-letters QUEUE --data DIR [--limit N] [--json]\n\n"
    "Lists the events of a queue that were received too often: when they died, their id, type and, with "
    "--json,\n"
    "the whole message.\n";
constexpr std::string_view kRedriveAbout =
    "usage: loadgen-services redrive QUEUE [ID...] --data DIR\n\n"
    "Puts dead letters back into their queue with their count reset: those with the given ids, or all.\n";
constexpr std::string_view kDataHelp = "the folder of the services (required)";
constexpr unsigned kDefaultLimit = 100;
constexpr unsigned kMaxLimit = 100'000;

Result<std::unique_ptr<bus::Bus>> open_bus(const std::string& data) {
    auto given = require_data(data, "the folder of the services");
    if (!given) return std::move(given).error();
    // Asking must not make a bus where there is none.
    if (!std::filesystem::exists(std::filesystem::path(data) / "bus.db")) {
        return Error{ErrorCode::kNotFound,
                     "the folder " + data + " has no bus: no service with events ran there"};
    }
    return bus::open_embedded_bus({.folder = data});
}

Result<std::string> queue_word(const Arguments& arguments) {
    if (arguments.words.empty()) {
        return Error{ErrorCode::kUsage, "names no queue; `loadgen-services queues` lists them"};
    }
    return std::string(arguments.words.front());
}

/// An unknown queue is a mistake, not an empty answer.
Result<void> check_queue(bus::Bus& bus, const std::string& queue) {
    const auto depths = bus.depths();
    if (!depths) return depths.error();
    const bool known = std::any_of(depths->begin(), depths->end(),
                                   [&queue](const bus::QueueDepth& depth) { return depth.queue == queue; });
    if (known) return {};
    return Error{ErrorCode::kUsage, '"' + queue + "\" is no queue; `loadgen-services queues` lists them"};
}

std::string depths_text(const std::vector<bus::QueueDepth>& depths) {
    TextTable table({"QUEUE", "WAITING", "IN FLIGHT", "DEAD", "OLDEST"});
    for (const bus::QueueDepth& depth : depths) {
        table.add({depth.queue, std::to_string(depth.waiting), std::to_string(depth.in_flight),
                   std::to_string(depth.dead), display_duration(depth.oldest_age)});
    }
    return table.text();
}

std::string depths_json(const std::vector<bus::QueueDepth>& depths) {
    std::string text;
    text::JsonWriter writer(text);
    for (const bus::QueueDepth& depth : depths) {
        writer.begin_object().key("queue").string(depth.queue).key("waiting").unsigned_integer(depth.waiting);
        writer.key("in_flight").unsigned_integer(depth.in_flight).key("dead").unsigned_integer(depth.dead);
        writer.key("oldest_ms")
            .integer(std::chrono::duration_cast<std::chrono::milliseconds>(depth.oldest_age).count());
        writer.end_object().new_line();
    }
    return text;
}

std::string time_text(WallTime time) {
    std::string text;
    telemetry::append_rfc3339(text, time);
    return text;
}

std::string letters_text(const std::vector<bus::DeadLetter>& letters) {
    TextTable table({"DIED", "ID", "TYPE", "RECEIVED"});
    for (const bus::DeadLetter& letter : letters) {
        table.add({time_text(letter.died), letter.id, letter.type, std::to_string(letter.receives)});
    }
    return table.text();
}

std::string letters_json(const std::vector<bus::DeadLetter>& letters) {
    std::string text;
    text::JsonWriter writer(text);
    for (const bus::DeadLetter& letter : letters) {
        writer.begin_object().key("queue").string(letter.queue).key("id").string(letter.id);
        writer.key("type").string(letter.type).key("receives").integer(letter.receives);
        writer.key("enqueued").string(time_text(letter.enqueued)).key("died").string(time_text(letter.died));
        writer.key("body").string(letter.body).end_object().new_line();
    }
    return text;
}

}  // namespace

int run_queues(Words words) {
    std::string data;
    bool json = false;
    const std::vector<OptionGroup> groups = {
        {"Options",
         {data_option(data, kDataHelp), {"--json", platform::into_flag(json), "print a JSON line a queue"}}}};
    Arguments arguments;
    int exit_code = kExitDone;
    if (!parse_or_explain("queues", kQueuesAbout, groups, words, arguments, exit_code)) return exit_code;
    const auto bare = refuse_words(arguments);
    if (!bare) return fail("queues", bare.error());
    auto bus = open_bus(data);
    if (!bus) return fail("queues", bus.error());
    const auto depths = (*bus)->depths();
    if (!depths) return fail("queues", depths.error());
    return print(json ? depths_json(*depths) : depths_text(*depths));
}

int run_dead_letters(Words words) {
    std::string data;
    bool json = false;
    unsigned limit = kDefaultLimit;
    const std::vector<OptionGroup> groups = {
        {"Options",
         {data_option(data, kDataHelp),
          {"--limit", platform::into_number(limit, 1, kMaxLimit),
           "at most so many, oldest first (default 100)"},
          {"--json", platform::into_flag(json), "print a JSON line an event, with the whole message"}}}};
    Arguments arguments;
    int exit_code = kExitDone;
    if (!parse_or_explain("dead-letters", kDeadAbout, groups, words, arguments, exit_code)) return exit_code;
    const auto queue = queue_word(arguments);
    if (!queue) return fail("dead-letters", queue.error());
    if (arguments.words.size() > 1) {
        return fail(kExitUsage, "dead-letters: \"" + std::string(arguments.words[1]) +
                                    "\": lists one queue at a time; --help lists the options");
    }
    auto bus = open_bus(data);
    if (!bus) return fail("dead-letters", bus.error());
    const auto known = check_queue(**bus, *queue);
    if (!known) return fail("dead-letters", known.error());
    const auto letters = (*bus)->dead_letters(*queue, limit);
    if (!letters) return fail("dead-letters", letters.error());
    return print(json ? letters_json(*letters) : letters_text(*letters));
}

int run_redrive(Words words) {
    std::string data;
    const std::vector<OptionGroup> groups = {{"Options", {data_option(data, kDataHelp)}}};
    Arguments arguments;
    int exit_code = kExitDone;
    if (!parse_or_explain("redrive", kRedriveAbout, groups, words, arguments, exit_code)) return exit_code;
    const auto queue = queue_word(arguments);
    if (!queue) return fail("redrive", queue.error());
    auto bus = open_bus(data);
    if (!bus) return fail("redrive", bus.error());
    const auto known = check_queue(**bus, *queue);
    if (!known) return fail("redrive", known.error());
    const std::vector<std::string> ids(arguments.words.begin() + 1, arguments.words.end());
    const auto count = (*bus)->redrive(*queue, ids);
    if (!count) return fail("redrive", count.error());
    return print("put back " + std::to_string(*count) + '\n');
}

}  // namespace loadgen::services::cli
