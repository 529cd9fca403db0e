#include "services/bus/detail/queue_table.hpp"

#include <algorithm>
#include <array>

#include "common/text/json_reader.hpp"
#include "common/text/json_writer.hpp"

namespace loadgen::services::bus::detail {
namespace {

constexpr std::size_t kMostKnownTargets = 4096;
constexpr std::string_view kSelectQueues =
    "SELECT id, name, visibility_ns, max_receives, batch_size, window_ns, retention_ns, rules FROM queues";
constexpr std::string_view kSelectQueue =
    "SELECT id, name, visibility_ns, max_receives, batch_size, window_ns, retention_ns, rules FROM queues "
    "WHERE name = ?";

void write_texts(text::JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
    json.key(name).begin_array();
    for (const std::string& text : texts) json.string(text);
    json.end_array();
}

std::vector<std::string> read_texts(text::JsonValue rule, std::string_view name) {
    std::vector<std::string> texts;
    if (const auto array = rule.find(name)) {
        array->for_each_element([&texts](text::JsonValue element) {
            texts.emplace_back(element.as_string().value_or(std::string_view()));
            return true;
        });
    }
    return texts;
}

Result<Queue> queue_of(const store::Row& row) {
    auto rules = read_rules(row.text(7));
    if (!rules) return std::move(rules).error();
    Queue queue;
    queue.id = row.integer(0);
    queue.settings.name = row.text(1);
    queue.settings.visibility_timeout = Nanos(row.integer(2));
    queue.settings.max_receives = static_cast<int>(row.integer(3));
    queue.settings.batch_size = static_cast<std::size_t>(row.integer(4));
    queue.settings.batch_window = Nanos(row.integer(5));
    queue.settings.dead_letter_retention = Nanos(row.integer(6));
    queue.settings.rules = std::move(*rules);
    return queue;
}

bool any_or_one(const std::vector<std::string>& wanted, std::string_view found) {
    return wanted.empty() || std::ranges::find(wanted, found) != wanted.end();
}

bool wants(const Queue& queue, std::string_view type, std::string_view source) {
    return std::ranges::any_of(queue.settings.rules, [&](const Rule& rule) {
        return any_or_one(rule.types, type) && any_or_one(rule.sources, source);
    });
}

}  // namespace

std::string write_rules(const std::vector<Rule>& rules) {
    std::string text;
    text::JsonWriter json(text);
    json.begin_array();
    for (const Rule& rule : rules) {
        json.begin_object();
        write_texts(json, "types", rule.types);
        write_texts(json, "sources", rule.sources);
        json.end_object();
    }
    json.end_array();
    return text;
}

Result<std::vector<Rule>> read_rules(std::string_view text) {
    text::JsonDocument document;
    const auto root = document.parse(text);
    if (!root) return with_context("bus: the rules of a queue: ", root.error());
    std::vector<Rule> rules;
    root->for_each_element([&rules](text::JsonValue rule) {
        rules.push_back({.types = read_texts(rule, "types"), .sources = read_texts(rule, "sources")});
        return true;
    });
    return rules;
}

bool same_settings(const QueueSettings& left, const QueueSettings& right) {
    return left.visibility_timeout == right.visibility_timeout && left.max_receives == right.max_receives &&
           left.batch_size == right.batch_size && left.batch_window == right.batch_window &&
           left.dead_letter_retention == right.dead_letter_retention &&
           write_rules(left.rules) == write_rules(right.rules);
}

Result<Queue> read_queue(store::Statements& tables, std::string_view name) {
    Result<Queue> queue = Queue{};
    const std::array<store::Parameter, 1> parameters = {name};
    auto done =
        tables.run(kSelectQueue, parameters, [&queue](const store::Row& row) { queue = queue_of(row); });
    if (!done) return std::move(done).error();
    return queue;
}

Result<void> QueueTable::refresh(store::Statements& tables, std::int64_t version) {
    if (version == version_) return {};
    std::vector<Queue> queues;
    Result<void> read;
    auto done = tables.run(kSelectQueues, {}, [&](const store::Row& row) {
        auto queue = queue_of(row);
        if (queue) {
            queues.push_back(std::move(*queue));
        } else {
            read = std::move(queue).error();
        }
    });
    if (!done) return done;
    if (!read) return read;
    known_targets_.clear();
    queues_ = std::move(queues);
    version_ = version;
    return {};
}

const Queue* QueueTable::find(std::int64_t id) const {
    const auto found = std::ranges::find(queues_, id, &Queue::id);
    return found == queues_.end() ? nullptr : &*found;
}

const QueueTable::Targets& QueueTable::targets(std::string_view type, std::string_view source) {
    key_.assign(type).append(1, '\0').append(source);
    if (const auto found = known_targets_.find(key_); found != known_targets_.end()) return found->second;
    if (known_targets_.size() >= kMostKnownTargets) known_targets_.clear();
    Targets& targets = known_targets_[key_];
    for (const Queue& queue : queues_) {
        if (wants(queue, type, source)) targets.push_back(&queue);
    }
    return targets;
}

}  // namespace loadgen::services::bus::detail
