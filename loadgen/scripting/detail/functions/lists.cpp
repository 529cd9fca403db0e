// Lists and objects.
#include <algorithm>
#include <cmath>
#include <utility>

#include "common/text/value_path.hpp"
#include "loadgen/scripting/detail/functions/families.hpp"
#include "loadgen/scripting/detail/functions/tools.hpp"

namespace loadgen::scripting {
namespace {

using text::CallContext;
using text::Value;

Value list(CallContext&, Arguments arguments) {
    return Value(Value::Array(arguments.begin(), arguments.end()));
}

Value object(CallContext& context, Arguments arguments) {
    if (arguments.size() % 2 != 0) return refuse(context, "$object", "found a name without its value");
    Value::Object members;
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        std::string name = arguments[i].to_text();
        const auto known = std::find_if(members.begin(), members.end(),
                                        [&name](const auto& member) { return member.first == name; });
        if (known == members.end()) {
            members.emplace_back(std::move(name), arguments[i + 1]);
        } else {
            known->second = arguments[i + 1];
        }
    }
    return Value(std::move(members));
}

Value range(CallContext& context, Arguments arguments) {
    const double first = arguments[0].to_number();
    const double last = arguments[1].to_number();
    if (!(last - first < kMostMade && std::fabs(first) < 9e15))
        return refuse(context, "$range", "found no range of at most 1000000 numbers");
    Value::Array numbers;
    for (double step = 0; step <= last - first; ++step) numbers.emplace_back(first + step);
    return Value(std::move(numbers));
}

Value first(CallContext& context, Arguments arguments) {
    if (!arguments[0].is_array()) return refuse_kind(context, "$first", arguments[0], "a list");
    const auto& elements = arguments[0].elements();
    return elements.empty() ? Value() : elements.front();
}

Value last(CallContext& context, Arguments arguments) {
    if (!arguments[0].is_array()) return refuse_kind(context, "$last", arguments[0], "a list");
    const auto& elements = arguments[0].elements();
    return elements.empty() ? Value() : elements.back();
}

Value pluck(CallContext& context, Arguments arguments) {
    if (!arguments[0].is_array()) return refuse_kind(context, "$pluck", arguments[0], "a list");
    const std::string member = arguments[1].to_text();
    Value::Array found;
    for (const Value& element : arguments[0].elements()) found.push_back(text::member_value(element, member));
    return Value(std::move(found));
}

Value filter_where(CallContext& context, Arguments arguments) {
    if (!arguments[0].is_array()) return refuse_kind(context, "$filterWhere", arguments[0], "a list");
    Value::Array made;
    for (const Value* found : with_member(arguments[0].elements(), arguments[1].to_text(), arguments[2]))
        made.push_back(*found);
    return Value(std::move(made));
}

Value contains(CallContext& context, Arguments arguments) {
    if (arguments[0].is_string())
        return Value(arguments[0].string().find(arguments[1].to_text()) != std::string::npos);
    if (!arguments[0].is_array()) return refuse_kind(context, "$contains", arguments[0], "a list or a text");
    const auto& elements = arguments[0].elements();
    return Value(std::find(elements.begin(), elements.end(), arguments[1]) != elements.end());
}

Value coalesce(CallContext&, Arguments arguments) {
    for (const Value& one : arguments) {
        if (!one.is_undefined() && !one.is_null()) return one;
    }
    return {};
}

constexpr std::array kFunctions{
    text::FunctionEntry{"$list", list, 0, 16, "$list(value, …): a list of these"},
    text::FunctionEntry{"$object", object, 0, 16, "$object(name, value, …): an object with these members"},
    text::FunctionEntry{"$range", range, 2, 2,
                        "$range(first, last): the list of whole steps from first to last"},
    text::FunctionEntry{"$first", first, 1, 1, "$first(list): its first element"},
    text::FunctionEntry{"$last", last, 1, 1, "$last(list): its last element"},
    text::FunctionEntry{"$pluck", pluck, 2, 2, "$pluck(list, member): this member of each element"},
    text::FunctionEntry{"$filterWhere", filter_where, 3, 3,
                        "$filterWhere(list, member, value): those whose member has this value"},
    text::FunctionEntry{"$contains", contains, 2, 2,
                        "$contains(list, value): whether it is an element, or a part of a text"},
    text::FunctionEntry{"$coalesce", coalesce, 1, 16,
                        "$coalesce(value, …): the first that is neither missing nor null"},
};

}  // namespace

Family list_functions() {
    return kFunctions;
}

}  // namespace loadgen::scripting
