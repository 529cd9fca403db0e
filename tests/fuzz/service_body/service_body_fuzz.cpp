// Request bodies read with every kind of reader: values keep their rules, and everything else is a problem.
#include <cmath>
#include <cstdint>

#include "services/platform/json_body.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace loadgen::services::platform;

using loadgen::test::require;

class Nobody final : public CallOwner {
  public:
    void send(Call& /*call*/, loadgen::http::Response&& /*response*/) override {}
};

void read_fields(FieldReader& fields, int depth) {
    for (const std::string& text : fields.strings("l", {.max = 4}, {.max = 8})) {
        require(!check_text(text, {.max = 8}), "elements keep their rule");
    }
    const auto text = fields.optional_string("s", {.min = 0, .max = 8, .lines = true});
    if (text && !text->empty()) {
        require(!check_text(*text, {.min = 0, .max = 8, .lines = true}), "text keeps its rule");
    }
    require(std::isfinite(fields.number("n", {.min = -5})), "numbers are finite");
    const auto whole = fields.integer("i", {.min = 0, .max = 9});
    require(whole >= 0 && whole <= 9, "whole numbers keep their bounds");
    fields.boolean("b");
    if (depth == 0) return;
    FieldReader inner = fields.object("o");
    read_fields(inner, depth - 1);
    for (FieldReader& element : fields.objects("a", {.max = 4})) read_fields(element, depth - 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Loop loop;
    static Nobody owner;
    loadgen::http::Request request;
    request.method = "POST";
    request.target = "/";
    request.body.assign(reinterpret_cast<const char*>(data), size);
    const auto call = std::make_shared<Call>(loop, owner, std::move(request));
    BodyReader body(*call);
    const std::size_t before = body.problems().size();
    read_fields(body.fields(), 2);
    if (!body.readable()) {
        require(before == 1 && body.problems().size() == 1, "a bad body is one problem");
    }
    if (!body.ok()) {
        const auto refusal = body.refusal();
        require(refusal.status >= 400 && refusal.status < 500 && !refusal.body.empty(),
                "refusals say something");
    }
    return 0;
}
