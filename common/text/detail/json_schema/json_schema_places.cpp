#include "common/text/detail/json_schema/json_schema_places.hpp"

#include <algorithm>
#include <charconv>

namespace loadgen::text {
namespace {

/// One step of a JSON pointer in a URI fragment: % first, then ~.
std::string unescaped(std::string_view step) {
    std::string bytes;
    for (std::size_t i = 0; i < step.size(); ++i) {
        unsigned byte = 0;
        const std::string_view digits = step.substr(i + 1, 2);
        const bool coded =
            step[i] == '%' && digits.size() == 2 &&
            std::from_chars(digits.data(), digits.data() + 2, byte, 16).ptr == digits.data() + 2;
        bytes += coded ? static_cast<char>(byte) : step[i];
        if (coded) i += 2;
    }
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const bool coded =
            bytes[i] == '~' && i + 1 < bytes.size() && (bytes[i + 1] == '0' || bytes[i + 1] == '1');
        out += !coded ? bytes[i] : bytes[i + 1] == '0' ? '~' : '/';
        if (coded) ++i;
    }
    return out;
}

}  // namespace

std::string pointer_step(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c == '~') {
            out += "~0";
        } else if (c == '/') {
            out += "~1";
        } else {
            out += c;
        }
    }
    return out;
}

SchemaPlaces::SchemaPlaces(JsonValue root) : root_(root) {
    find_anchors(root, "#");
}

void SchemaPlaces::find_anchors(JsonValue value, const std::string& place) {
    if (const auto anchor = value.find("$anchor")) {
        if (const auto name = anchor->as_string())
            anchors_.try_emplace(std::string(*name), std::pair(value, place));
    }
    value.for_each_member([&](std::string_view name, JsonValue member) {
        // What stands there is no schema, whatever it looks like.
        if (name != "enum" && name != "const") find_anchors(member, place + "/" + pointer_step(name));
        return true;
    });
    std::size_t index = 0;
    value.for_each_element([&](JsonValue element) {
        find_anchors(element, place + "/" + std::to_string(index++));
        return true;
    });
}

std::optional<std::pair<JsonValue, std::string>> SchemaPlaces::find(std::string_view pointer) const {
    if (const auto anchor = anchors_.find(pointer); anchor != anchors_.end()) return anchor->second;
    std::optional<JsonValue> value = root_;
    std::string place = "#";
    while (value && !pointer.empty()) {
        if (pointer.front() != '/') return std::nullopt;
        const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
        const std::string step = unescaped(pointer.substr(1, end - 1));
        pointer.remove_prefix(end);
        place += "/" + pointer_step(step);
        std::size_t index = 0;
        const char* const last = step.data() + step.size();
        const bool is_index = std::from_chars(step.data(), last, index).ptr == last && !step.empty();
        value = value->kind() == JsonKind::kArray && is_index ? value->at(index) : value->find(step);
    }
    if (!value) return std::nullopt;
    return std::pair(*value, place);
}

}  // namespace loadgen::text
