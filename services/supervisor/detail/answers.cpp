#include "services/supervisor/detail/answers.hpp"

#include <unistd.h>

#include <cmath>

#include "common/text/json_writer.hpp"

namespace loadgen::services::supervisor::detail {
namespace {

using text::JsonWriter;

/// Milliseconds, to the microsecond.
double milliseconds(Nanos time) {
    return std::round(static_cast<double>(time.count()) / 1e3) / 1e3;
}

void write_instance(JsonWriter& writer, Instance& instance, unsigned restarts) {
    const platform::Traffic& counts = instance.traffic();
    writer.begin_object().key("group").string(instance.group()).key("pid").integer(instance.pid());
    writer.key("version").string(instance.version()).key("state").string(state_name(instance.state()));
    writer.key("age_ms").number(milliseconds(instance.age())).key("restarts").unsigned_integer(restarts);
    writer.key("connections").unsigned_integer(counts.connections.load());
    writer.key("requests").unsigned_integer(counts.requests.load());
    writer.key("in_flight").unsigned_integer(counts.in_flight()).end_object();
}

}  // namespace

std::string status_line(Fleet& fleet, const std::string& data, Nanos age) {
    std::string line;
    JsonWriter writer(line);
    writer.begin_object().key("event").string("status").key("data").string(data);
    writer.key("pid").integer(::getpid()).key("age_ms").number(milliseconds(age));
    writer.key("deploying").boolean(fleet.deploying());
    writer.key("services").begin_array();
    for (const Ready::Service& service : fleet.listening().services) {
        writer.begin_object().key("service").string(service.name).key("group").string(service.group);
        writer.key("url").string(service.url).key("port").integer(service.port).end_object();
    }
    writer.end_array().key("instances").begin_array();
    for (const auto& group : fleet.groups()) {
        for (const auto& slot : group->slots()) {
            for (const auto& instance : slot->instances())
                write_instance(writer, *instance, slot->restarts());
        }
    }
    writer.end_array().end_object().new_line();
    return line;
}

std::string phase_line(const Phase& phase) {
    std::string line;
    JsonWriter writer(line);
    writer.begin_object().key("event").string("phase").key("phase").string(phase.name);
    writer.key("group").string(phase.group);
    if (phase.pid > 0) writer.key("pid").integer(phase.pid).key("version").string(phase.version);
    writer.key("took_ms").number(milliseconds(phase.took)).end_object().new_line();
    return line;
}

std::string deployed_line(const DeployRequest& request, const DeployOutcome& outcome) {
    std::string line;
    JsonWriter writer(line);
    writer.begin_object().key("event").string(outcome.result ? "deployed" : "failed");
    writer.key("version").string(request.version).key("strategy").string(strategy_name(request.strategy));
    if (!outcome.result) writer.key("error").string(outcome.result.error().message);
    writer.key("refused_ms").number(milliseconds(outcome.refused));
    writer.key("unavailable_ms").number(milliseconds(outcome.unavailable));
    writer.key("took_ms").number(milliseconds(outcome.took)).end_object().new_line();
    return line;
}

std::string event_line(std::string_view event) {
    std::string line;
    JsonWriter(line).begin_object().key("event").string(event).end_object().new_line();
    return line;
}

std::string stopped_line(Nanos took) {
    std::string line;
    JsonWriter writer(line);
    writer.begin_object().key("event").string("stopped").key("took_ms").number(milliseconds(took));
    writer.end_object().new_line();
    return line;
}

}  // namespace loadgen::services::supervisor::detail
