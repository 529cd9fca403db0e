// The published JSON Schema, from the table of keys.
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/json_writer.hpp"
#include "loadgen/scenario/artillery.hpp"
#include "loadgen/scenario/artillery/keys.hpp"

namespace loadgen::scenario {
namespace {

using namespace artillery;

/// A type that JSON and YAML writers may use for one of our kinds.
struct Alternative {
    std::uint32_t kind;
    std::string_view json;
};

// Templates stand for any scalar of config, so their braces are let through everywhere.
constexpr Alternative kAlternatives[] = {
    {kText, R"({"type":["string","number","boolean"]})"},
    {kNumber, R"({"type":"number"})"},
    {kNumber, R"({"type":"string","pattern":"^\\s*[-+]?[0-9.]+([eE][-+]?[0-9]+)?\\s*$|\\{\\{"})"},
    {kWhole, R"({"type":"integer","minimum":0})"},
    {kWhole, R"({"type":"string","pattern":"^\\s*[0-9]+\\s*$|\\{\\{"})"},
    {kBool, R"({"type":"boolean"})"},
    {kBool, R"({"type":"string","pattern":"^(true|false)$|\\{\\{"})"},
    {kDuration, R"({"type":"number","minimum":0})"},
    {kDuration, R"({"type":"string","pattern":"^\\s*[0-9.]+ *[a-zA-Z]*\\s*$|\\{\\{"})"},
    {kRate, R"({"type":"number","minimum":0})"},
    {kRate, R"({"type":"string","pattern":"^[0-9.]+(/.+)?$|\\{\\{"})"},
    {kNull, R"({"type":"null"})"},
};

class SchemaWriter {
  public:
    explicit SchemaWriter(std::string& out) : json_(out) {}

    void write() {
        json_.begin_object();
        json_.key("$schema").string("https://json-schema.org/draft/2020-12/schema");
        json_.key("title").string("Scenario files of loadgen");
        object_body(kScript);
        json_.key("$defs").begin_object();
        json_.key("step");
        steps();
        while (!waiting_.empty()) {
            const ObjectKind* kind = waiting_.back();
            waiting_.pop_back();
            json_.key(kind->id).begin_object();
            object_body(*kind);
            json_.end_object();
        }
        json_.end_object().end_object();
    }

  private:
    text::JsonWriter json_;
    std::set<std::string_view> known_;
    std::vector<const ObjectKind*> waiting_;

    void refer(const ObjectKind& kind) {
        if (known_.insert(kind.id).second) waiting_.push_back(&kind);
        json_.begin_object().key("$ref").string("#/$defs/" + std::string(kind.id)).end_object();
    }

    void object_body(const ObjectKind& kind) {
        json_.key("description").string(kind.doc).key("type").string("object");
        json_.key("properties").begin_object();
        for (const KeyRow& row : kind.keys) property(row);
        json_.end_object();
        required(kind.keys);
        others(kind);
    }

    void required(std::span<const KeyRow> keys) {
        bool any = false;
        for (const KeyRow& row : keys) any = any || row.required;
        if (!any) return;
        json_.key("required").begin_array();
        for (const KeyRow& row : keys)
            if (row.required) json_.string(row.name);
        json_.end_array();
    }

    void others(const ObjectKind& kind) {
        if (&kind == &kScript) return;  // keys that only hold anchors
        json_.key("patternProperties").begin_object().key("^x-").boolean(true).end_object();
        json_.key("additionalProperties");
        if (kind.others == 0) {
            json_.boolean(false);
        } else {
            value(kind.others, kind.others_object, kAny, {}, {});
        }
    }

    void property(const KeyRow& row) {
        json_.key(row.name);
        value(row.kinds, row.object, row.items, row.words, row.doc);
    }

    void value(std::uint32_t kinds, const ObjectKind* object, std::uint32_t items,
               std::span<const std::string_view> words, std::string_view doc) {
        json_.begin_object();
        if (!doc.empty()) json_.key("description").string(doc);
        if (!words.empty()) {
            json_.key("enum").begin_array();
            for (const std::string_view word : words) json_.string(word);
            json_.end_array().end_object();
            return;
        }
        if ((kinds & kAny) == kAny) {
            json_.end_object();
            return;
        }
        json_.key("anyOf").begin_array();
        for (const Alternative& alternative : kAlternatives)
            if ((kinds & alternative.kind) != 0) json_.raw(alternative.json);
        if ((kinds & kList) != 0) list(items, object);
        if ((kinds & kSteps) != 0) json_.raw(R"({"type":"array","items":{"$ref":"#/$defs/step"}})");
        if ((kinds & kMap) != 0) map(object);
        json_.end_array().end_object();
    }

    void list(std::uint32_t items, const ObjectKind* object) {
        json_.begin_object().key("type").string("array").key("items");
        value(items, object, kAny, {}, {});
        json_.end_object();
    }

    void map(const ObjectKind* object) {
        if (object != nullptr) return refer(*object);
        json_.begin_object().key("type").string("object").end_object();
    }

    void steps() {
        json_.begin_object().key("description").string("One step of a flow, or a list of steps.");
        json_.key("anyOf").begin_array();
        json_.raw(R"({"type":"array","items":{"$ref":"#/$defs/step"}})");
        std::set<const ObjectKind*> seen;
        for (const StepKind& kind : step_kinds()) {
            if (kind.request) {
                request_step(kind);
            } else if (seen.insert(&kind.object).second) {
                refer(kind.object);
            }
        }
        // Other HTTP methods: a key of letters with a url in its map.
        json_.raw(
            R"({"type":"object","patternProperties":{"^[a-z-]+$":{"type":"object","required":["url"]}},)"
            R"("additionalProperties":false,"minProperties":1,"maxProperties":1})");
        json_.end_array().end_object();
    }

    void request_step(const StepKind& kind) {
        json_.begin_object().key("type").string("object").key("properties").begin_object();
        json_.key(kind.action);
        refer(kRequest);
        for (const KeyRow& row : kind.object.keys) property(row);
        json_.end_object();
        json_.key("required").begin_array().string(kind.action).end_array();
        json_.key("additionalProperties").boolean(false).end_object();
    }
};

/// With a line for every member and element, for people who read changes to it.
std::string indented(std::string_view json) {
    std::string out;
    std::size_t depth = 0;
    bool in_string = false;
    const auto new_line = [&out, &depth] { out += "\n" + std::string(2 * depth, ' '); };
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (in_string || c == '"') {
            out += c;
            if (c == '"') in_string = !in_string;
            if (c == '\\') out += json[++i];
        } else if (c == '{' || c == '[') {
            ++depth;
            out += c;
            new_line();
        } else if (c == '}' || c == ']') {
            --depth;
            new_line();
            out += c;
        } else {
            out += c;
            if (c == ',') new_line();
            if (c == ':') out += ' ';
        }
    }
    return out + "\n";
}

}  // namespace

std::string scenario_schema_json() {
    std::string compact;
    SchemaWriter(compact).write();
    return indented(compact);
}

}  // namespace loadgen::scenario
