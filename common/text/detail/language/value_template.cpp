#include <algorithm>
#include <utility>
#include <variant>

#include "common/text/detail/json/key_index.hpp"
#include "common/text/json_writer.hpp"
#include "common/text/template_text.hpp"

namespace loadgen::text {
namespace {

struct Constant {
    Value value;
    std::string json;
};

struct KeyedTemplate {
    Template key;
    std::string json_key;  ///< "name": when the key is constant
    ValueTemplate value;
};

Value object_of(Value::Object members) {
    KeyIndex places;
    Value::Object unique;
    unique.reserve(members.size());
    for (auto& [name, value] : members) {
        if (const auto known = places.find_or_add(name, unique.size())) {
            unique[*known].second = std::move(value);
        } else {
            unique.emplace_back(name, std::move(value));  // a copy, for the index holds a view of the name
        }
    }
    return Value(std::move(unique));
}

void append_text_json(std::string& out, const Template& text, const Scope& scope) {
    thread_local std::string rendered;  // its room is used again
    rendered.clear();
    text.append(rendered, scope);
    append_json_string(out, rendered);
}

}  // namespace

struct ValueTemplate::Node {
    using Elements = std::vector<ValueTemplate>;
    struct Members {
        std::vector<KeyedTemplate> list;
        bool constant_keys = true;
    };
    std::variant<Constant, Template, Elements, Members> content;
};

ValueTemplate ValueTemplate::scalar(Value value) {
    std::string json;
    value.append_json(json);
    ValueTemplate made;
    made.node_ = std::make_shared<const Node>(Node{Constant{std::move(value), std::move(json)}});
    return made;
}

ValueTemplate ValueTemplate::text(Template text) {
    if (text.is_constant()) return scalar(Value(text.constant()));
    ValueTemplate made;
    made.node_ = std::make_shared<const Node>(Node{std::move(text)});
    return made;
}

ValueTemplate ValueTemplate::array(std::vector<ValueTemplate> elements) {
    if (std::all_of(elements.begin(), elements.end(), [](const auto& one) { return one.is_constant(); })) {
        Value::Array values;
        values.reserve(elements.size());
        for (const ValueTemplate& element : elements) values.push_back(element.constant());
        return scalar(Value(std::move(values)));
    }
    ValueTemplate made;
    made.node_ = std::make_shared<const Node>(Node{std::move(elements)});
    return made;
}

ValueTemplate ValueTemplate::object(std::vector<Member> members) {
    Node::Members keyed;
    bool constant = true;
    for (auto& [key, value] : members) {
        std::string json_key;
        if (key.is_constant()) {
            append_json_string(json_key, key.constant());
            json_key += ':';
        }
        keyed.constant_keys = keyed.constant_keys && key.is_constant();
        constant = constant && key.is_constant() && value.is_constant();
        keyed.list.push_back({std::move(key), std::move(json_key), std::move(value)});
    }
    if (constant) {
        Value::Object values;
        for (const KeyedTemplate& member : keyed.list)
            values.emplace_back(member.key.constant(), member.value.constant());
        return scalar(object_of(std::move(values)));
    }
    ValueTemplate made;
    made.node_ = std::make_shared<const Node>(Node{std::move(keyed)});
    return made;
}

bool ValueTemplate::is_constant() const {
    return !node_ || std::holds_alternative<Constant>(node_->content);
}

Value ValueTemplate::constant() const {
    return node_ ? std::get<Constant>(node_->content).value : Value::null();
}

Value ValueTemplate::evaluate(const Scope& scope) const {
    if (is_constant()) return constant();
    if (const auto* text = std::get_if<Template>(&node_->content)) return text->evaluate(scope);
    if (const auto* elements = std::get_if<Node::Elements>(&node_->content)) {
        Value::Array values;
        values.reserve(elements->size());
        for (const ValueTemplate& element : *elements) values.push_back(element.evaluate(scope));
        return Value(std::move(values));
    }
    const auto& members = std::get<Node::Members>(node_->content);
    Value::Object values;
    values.reserve(members.list.size());
    for (const KeyedTemplate& member : members.list)
        values.emplace_back(member.key.render(scope), member.value.evaluate(scope));
    return members.constant_keys ? Value(std::move(values)) : object_of(std::move(values));
}

void ValueTemplate::append_json(std::string& out, const Scope& scope) const {
    if (!node_) {
        out += "null";
        return;
    }
    if (const auto* constant = std::get_if<Constant>(&node_->content)) {
        out += constant->json;
        return;
    }
    if (const auto* text = std::get_if<Template>(&node_->content)) {
        return text->is_whole() ? text->evaluate(scope).append_json(out)
                                : append_text_json(out, *text, scope);
    }
    if (const auto* elements = std::get_if<Node::Elements>(&node_->content)) {
        char separator = '[';
        for (const ValueTemplate& element : *elements) {
            out += std::exchange(separator, ',');
            element.append_json(out, scope);
        }
        out += ']';  // an empty one is constant
        return;
    }
    const auto& members = std::get<Node::Members>(node_->content);
    // Keys that come out the same are one member, which only the whole shows.
    if (!members.constant_keys) return evaluate(scope).append_json(out);
    char separator = '{';
    for (const KeyedTemplate& member : members.list) {
        const std::size_t before = out.size();
        out += separator;
        out += member.json_key;
        if (member.value.append_member(out, scope)) {
            separator = ',';
        } else {
            out.resize(before);
        }
    }
    if (separator == '{') out += '{';
    out += '}';
}

/// False when the value is undefined: then there is no such member, and `out` is as it was.
bool ValueTemplate::append_member(std::string& out, const Scope& scope) const {
    const auto* text = node_ ? std::get_if<Template>(&node_->content) : nullptr;
    if (text != nullptr && text->is_whole()) {
        const Value value = text->evaluate(scope);
        if (value.is_undefined()) return false;
        value.append_json(out);
        return true;
    }
    if (is_constant() && constant().is_undefined()) return false;
    append_json(out, scope);
    return true;
}

void ValueTemplate::add_reads(std::vector<Slot>& slots) const {
    if (!node_) return;
    const auto add = [&slots](const Template& text) {
        for (const Slot slot : text.reads()) {
            if (std::find(slots.begin(), slots.end(), slot) == slots.end()) slots.push_back(slot);
        }
    };
    if (const auto* text = std::get_if<Template>(&node_->content)) add(*text);
    if (const auto* elements = std::get_if<Node::Elements>(&node_->content)) {
        for (const ValueTemplate& element : *elements) element.add_reads(slots);
    }
    if (const auto* members = std::get_if<Node::Members>(&node_->content)) {
        for (const KeyedTemplate& member : members->list) {
            add(member.key);
            member.value.add_reads(slots);
        }
    }
}

}  // namespace loadgen::text
