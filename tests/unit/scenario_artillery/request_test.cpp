#include <gtest/gtest.h>

#include <string>

#include "support.hpp"

namespace loadgen::scenario {
namespace {

struct Compiled {
    Loaded loaded;
    const plan::RequestStep& step() const { return loaded.plan->program.requests.at(0); }
};

Compiled request(const std::string& step, const std::string& config = "",
                 std::map<std::string, std::string> files = {}) {
    Compiled compiled{
        testing::load(testing::script_with_flow("      - " + step + "\n", config), {}, std::move(files))};
    EXPECT_TRUE(compiled.loaded.ok) << ::testing::PrintToString(testing::texts_of(compiled.loaded));
    return compiled;
}

std::string headers_of(const Compiled& compiled) {
    std::string text;
    for (const auto& [name, value] : compiled.step().headers)
        text += name.constant() + "=" + testing::render(*compiled.loaded.plan, value) + ";";
    return text;
}

TEST(Requests, MethodAndNames) {
    const Compiled plain = request("get: {url: \"/a/{{ target }}\"}");
    EXPECT_EQ(plain.step().method, "GET");
    EXPECT_EQ(plain.step().name.constant(), "GET /a/{{ target }}");
    EXPECT_FALSE(plain.step().named);
    const Compiled named = request("purge: {url: /a, name: cache}");
    EXPECT_EQ(named.step().method, "PURGE");
    EXPECT_EQ(named.step().name.constant(), "cache");
    EXPECT_TRUE(named.step().named);
}

TEST(Requests, DefaultHeadersAreInLowerCaseAndOverridden) {
    EXPECT_EQ(headers_of(request("get: {url: /, headers: {X-A: 1, x-b: \"{{ target }}\"}}",
                                 "  http: {defaults: {headers: {x-a: 0, Accept: text/html}}}\n")),
              "x-a=1;accept=text/html;x-b=http://127.0.0.1:1;");
    EXPECT_EQ(headers_of(request("get: {url: /}", "  defaults: {headers: {Old: place}}\n")), "old=place;");
}

// Artillery names itself only where the script has no default headers at all.
TEST(Requests, AUserAgentIsThereOnlyWithoutDefaultHeaders) {
    EXPECT_EQ(headers_of(request("get: {url: /, headers: {a: b}}")), "user-agent=loadgen;a=b;");
    EXPECT_EQ(headers_of(request("get: {url: /}", "  http: {defaults: {headers: {}}}\n")), "");
}

TEST(Requests, JsonBodiesKeepKinds) {
    const Compiled compiled = request(
        "post: {url: /, json: {id: \"{{ id }}\", \"k{{ id }}\": 1, list: [true, null, 1.5, \"5\", \"a{{ id "
        "}}\"]}}",
        "  variables: {id: 7}\n");
    const auto& body = std::get<plan::JsonBody>(compiled.step().body);
    EXPECT_EQ(
        [&] {
            std::string text;
            testing::evaluate(*compiled.loaded.plan, body.value, {{"id", text::Value(7.0)}})
                .append_json(text);
            return text;
        }(),
        R"({"id":7,"k7":1,"list":[true,null,1.5,"5","a7"]})");
}

TEST(Requests, OneBodyIsSentAsInArtillery) {
    const Compiled both = request("post: {url: /, body: text, json: {a: 1}}");
    EXPECT_TRUE(std::holds_alternative<plan::JsonBody>(both.step().body));
    EXPECT_EQ(testing::texts_of(both.loaded),
              (std::vector<std::string>{
                  "5:24: warning: scenarios[0].flow[0].post.body: is not sent, because json is "
                  "there too"}));
    EXPECT_TRUE(std::holds_alternative<plan::TextBody>(
        request("post: {url: /, body: text, json: null}").step().body));
    EXPECT_TRUE(std::holds_alternative<std::monostate>(request("post: {url: /, json: false}").step().body));
}

TEST(Requests, FormsAndFiles) {
    const Compiled compiled = request(
        "post: {url: /, formData: {a: 1, f: {fromFile: x/pic.png, contentType: image/png}, v: {value: \"{{ "
        "target }}\"}}}",
        "", {{"x/pic.png", "PNG"}});
    const auto& parts = std::get<plan::MultipartBody>(compiled.step().body).parts;
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(parts[1].name.constant(), "f");
    EXPECT_EQ(parts[1].file, "x/pic.png");
    EXPECT_EQ(*parts[1].file_bytes, "PNG");
    EXPECT_EQ(parts[1].content_type, "image/png");
    EXPECT_EQ(testing::evaluate(*compiled.loaded.plan, parts[2].value), text::Value("http://127.0.0.1:1"));
    const Compiled form = request("post: {url: /, form: {a: 1, b: x}}");
    EXPECT_EQ(std::get<plan::UrlEncodedBody>(form.step().body).fields.size(), 2U);
}

TEST(Requests, OtherAttributes) {
    const Compiled compiled = request(
        "get: {url: /, qs: {a: 1}, cookie: {c: d}, auth: {user: u, pass: p}, gzip: false, followRedirect: "
        "\"false\", "
        "tags: {kind: read}}");
    EXPECT_EQ(compiled.step().query.size(), 1U);
    EXPECT_EQ(compiled.step().cookies[0].first, "c");
    EXPECT_EQ(compiled.step().basic_auth->first.constant(), "u");
    EXPECT_FALSE(compiled.step().decompress);
    EXPECT_FALSE(compiled.step().follow_redirects);
    EXPECT_EQ(compiled.loaded.plan->tags.at(compiled.step().tags.at(0)), "kind:read");
    EXPECT_TRUE(compiled.step().parameters.is_undefined());
}

TEST(Requests, CapturesOfAllKinds) {
    const Compiled compiled = request(
        "get: {url: /, capture: [{json: \"$.a[*]\", as: a, multiple: false}, {regexp: \"x(?<n>.)\", group: "
        "n, flags: i, "
        "as: b, strict: false}, {header: ETag, as: c.d}, {selector: p, attr: id, index: 2, as: e}, {xpath: "
        "//p, as: "
        "f}, {selector: p, index: random, as: g}]}");
    const auto& captures = compiled.step().captures;
    ASSERT_EQ(captures.size(), 6U);
    EXPECT_EQ(captures[0].kind, plan::Capture::Kind::kJson);
    EXPECT_TRUE(captures[0].collect);
    EXPECT_TRUE(captures[0].path.has_value());
    EXPECT_TRUE(captures[0].strict);
    EXPECT_EQ(captures[1].group, "n");
    EXPECT_TRUE(captures[1].pattern.has_value());
    EXPECT_FALSE(captures[1].strict);
    EXPECT_EQ(captures[2].target.members, (std::vector<std::string>{"d"}));
    EXPECT_EQ(captures[3].pick, plan::Capture::Pick::kAt);
    EXPECT_EQ(captures[3].index, 2U);
    EXPECT_EQ(captures[3].attribute, "id");
    EXPECT_EQ(captures[4].kind, plan::Capture::Kind::kXPath);
    EXPECT_EQ(captures[5].pick, plan::Capture::Pick::kRandom);
}

TEST(Requests, CapturesAreAsStrictAsTheDefaultSays) {
    const Compiled compiled =
        request("get: {url: /, capture: [{json: $.a, as: a}, {json: $.b, as: b, strict: true}]}",
                "  http: {defaults: {strictCapture: false}}\n");
    EXPECT_FALSE(compiled.step().captures[0].strict);
    EXPECT_TRUE(compiled.step().captures[1].strict);
}

TEST(Requests, ExpectationsInBothForms) {
    const Compiled compiled = request(
        "get: {url: /, expect: [{statusCode: [200, 201]}, {matchesRegexp: \"a+\"}, {equals: [\"{{ target "
        "}}\", b]}]}",
        "  plugins: {expect: {reportFailuresAsErrors: true}}\n");
    const auto& expectations = compiled.step().expectations;
    ASSERT_EQ(expectations.size(), 3U);
    EXPECT_EQ(expectations[0].kind, plan::Expectation::Kind::kStatusCode);
    EXPECT_TRUE(expectations[1].pattern.has_value());
    EXPECT_TRUE(compiled.loaded.plan->expect.enabled);
    EXPECT_TRUE(compiled.loaded.plan->expect.failures_are_errors);
    EXPECT_TRUE(compiled.loaded.findings.empty());
    EXPECT_EQ(
        request("get: {url: /, expect: {statusCode: 200, contentType: json}}", "  plugins: {expect: {}}\n")
            .step()
            .expectations.size(),
        2U);
}

// Artillery passes over `expect` when the plugin is not switched on.
TEST(Requests, ExpectationsCountWithoutThePluginToo) {
    const Compiled compiled = request("get: {url: /, expect: {statusCode: 200}}");
    EXPECT_TRUE(compiled.loaded.plan->expect.enabled);
    EXPECT_EQ(
        testing::texts_of(compiled.loaded),
        (std::vector<std::string>{"1:1: warning: config: expectations are checked, though plugins.expect is "
                                  "missing, without which Artillery passes over them"}));
}

TEST(Requests, HooksSeeTheRequestAsWritten) {
    const Loaded loaded = testing::load(
        "config: {target: http://127.0.0.1:1, processor: p.js, http: {timeout: 3}}\n"
        "scenarios:\n  - beforeRequest: a\n    afterResponse: [b]\n    flow:\n"
        "      - post: {url: \"/{{ x }}\", json: {n: 1}, beforeRequest: c, afterResponse: d}\n",
        {}, {{"p.js", "x"}});
    ASSERT_TRUE(loaded.ok) << ::testing::PrintToString(testing::texts_of(loaded));
    const plan::RequestStep& step = loaded.plan->program.requests[0];
    const auto names = [&](const std::vector<plan::FunctionIndex>& functions) {
        std::string text;
        for (const auto function : functions) text += loaded.plan->functions[function];
        return text;
    };
    EXPECT_EQ(names(step.before_request), "ac");
    EXPECT_EQ(names(step.after_response), "bd");
    std::string json;
    step.parameters.append_json(json);
    EXPECT_EQ(json,
              R"({"json":{"n":1},"beforeRequest":"c","afterResponse":"d","url":"http://127.0.0.1:1/{{ x }}",)"
              R"("method":"POST","timeout":3000})");
}

}  // namespace
}  // namespace loadgen::scenario
