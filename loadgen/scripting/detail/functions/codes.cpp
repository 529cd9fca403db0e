// Values as text and back: JSON, base64 (RFC 4648), percent-encoding as encodeURIComponent has it (ECMA-262,
// 19.2.6.5).
#include <algorithm>
#include <utility>

#include "common/base/encoding.hpp"
#include "loadgen/scripting/detail/functions/families.hpp"
#include "loadgen/scripting/detail/functions/tools.hpp"

namespace loadgen::scripting {
namespace {

using text::CallContext;
using text::Value;

Value json_parse(CallContext& context, Arguments arguments) {
    if (!arguments[0].is_string()) return refuse_kind(context, "$jsonParse", arguments[0], "a text");
    auto value = text::parse_json_value(arguments[0].string());
    if (!value) return refuse(context, "$jsonParse", value.error().message);
    return std::move(*value);
}

Value json_stringify(CallContext&, Arguments arguments) {
    if (arguments[0].is_undefined()) return {};
    std::string made;
    arguments[0].append_json(made);
    return Value(std::move(made));
}

Value base64(CallContext&, Arguments arguments) {
    return Value(to_base64(arguments[0].to_text()));
}

Value base64_url(CallContext&, Arguments arguments) {
    return Value(to_base64_url(arguments[0].to_text()));
}

/// Both alphabets, with or without padding.
Value base64_decode(CallContext& context, Arguments arguments) {
    std::string code = arguments[0].to_text();
    std::replace(code.begin(), code.end(), '-', '+');
    std::replace(code.begin(), code.end(), '_', '/');
    while (code.size() % 4 != 0 && code.size() % 4 != 1) code += '=';
    auto bytes = from_base64(code);
    if (!bytes) return refuse(context, "$base64Decode", "found something that is not base64");
    return Value(std::move(*bytes));
}

Value url_encode(CallContext&, Arguments arguments) {
    return Value(percent_encode(arguments[0].to_text(), "-_.!~*'()"));
}

Value url_decode(CallContext& context, Arguments arguments) {
    auto text = percent_decode(arguments[0].to_text());
    if (!text) return refuse(context, "$urlDecode", "found '%' without two hex digits behind it");
    return Value(std::move(*text));
}

constexpr std::array kFunctions{
    text::FunctionEntry{"$jsonParse", json_parse, 1, 1, "$jsonParse(text): the value that JSON text holds"},
    text::FunctionEntry{"$jsonStringify", json_stringify, 1, 1, "$jsonStringify(value): its JSON text"},
    text::FunctionEntry{"$base64", base64, 1, 1, "$base64(text): its bytes in base64"},
    text::FunctionEntry{"$base64Url", base64_url, 1, 1,
                        "$base64Url(text): its bytes in base64 for URLs, without padding"},
    text::FunctionEntry{"$base64Decode", base64_decode, 1, 1,
                        "$base64Decode(text): the bytes of either base64"},
    text::FunctionEntry{"$urlEncode", url_encode, 1, 1, "$urlEncode(text): as one part of a path or a query"},
    text::FunctionEntry{"$urlDecode", url_decode, 1, 1, "$urlDecode(text): without percent-encoding"},
};

}  // namespace

Family code_functions() {
    return kFunctions;
}

}  // namespace loadgen::scripting
