// What Artillery's own template() gives for the same texts is asked in tests/interop/text_language.
#include "common/text/template_text.hpp"

#include <gtest/gtest.h>

#include "language_fixture.hpp"
#include "tests/support/alloc_counter.hpp"

namespace loadgen::text {
namespace {

using TemplateText = Language;

TEST_F(TemplateText, PutsVariablesIn) {
    set("name", Value("Ada"));
    set_json("order", R"({"id":7,"items":[{"sku":"x"},{"sku":"y"}],"a b":{"c":true},"0":"zero"})");
    set("my-var", Value("dash"));
    EXPECT_EQ(rendered("/users/{{ name }}/{{{name}}}/{{\tname\n}}"), "/users/Ada/Ada/Ada");
    EXPECT_EQ(rendered("{{ order.id }}-{{ order['id'] }}-{{ order[\"a b\"].c }}"), "7-7-true");
    EXPECT_EQ(rendered("{{order.items[1].sku}}{{order.items.0.sku}}{{ order[0] }}"), "yxzero");
    EXPECT_EQ(rendered("{{ my-var }}"), "dash");
    EXPECT_EQ(rendered("{{\u00a0name\u2003}}"), "Ada");
}

TEST_F(TemplateText, MissingReadsUndefinedAndTreesReadAsJson) {
    set_json("tree", R"({"a":[1,null,"x"],"b":{}})");
    set("none", Value::null());
    EXPECT_EQ(rendered("a {{ missing }} b {{ tree.c.d }}"), "a undefined b undefined");
    EXPECT_EQ(rendered("{{ tree }}!"), R"({"a":[1,null,"x"],"b":{}}!)");
    EXPECT_EQ(rendered("{{ none }}!{{ none.more }}"), "null!undefined");
}

TEST_F(TemplateText, AWholeTemplateKeepsItsKind) {
    set_json("list", "[1,2]");
    set("zero", Value(0.0));
    set("no", Value(false));
    EXPECT_EQ(kept("{{ list }}"), "[1,2]");
    EXPECT_EQ(kept("{{{ zero }}}"), "0");
    EXPECT_EQ(kept("{{no}}"), "false");
    EXPECT_EQ(kept("{{ gone }}"), "undefined");
    EXPECT_EQ(kept("{{ zero }} "), "\"0 \"");
    EXPECT_EQ(kept("{{ $count(1, 2) }}"), "2");
    EXPECT_EQ(kept("{{ $countText(1, 2) }}"), "\"2\"") << "as Artillery's own functions";
    EXPECT_TRUE(compiled("{{ zero }}").is_whole());
    EXPECT_FALSE(compiled("{{ zero }}{{ zero }}").is_whole());
    EXPECT_FALSE(compiled("zero").is_whole());
}

TEST_F(TemplateText, BracesAroundAnythingElseAreText) {
    set("a", Value(1.0));
    for (const std::string_view text :
         {"", "{", "{{", "{{}}", "{{ a", "{{ a }", "{ a }}", "{{ a+b }}", "{{ a|upper }}", "{{#each a}}",
          "{{ n\xC3\xA4me }}", "{{ f(1) }}", "{{ $a b() }}", "}}{{"}) {
        EXPECT_TRUE(compiled(text).is_constant()) << text;
        EXPECT_EQ(rendered(text), text);
    }
    EXPECT_EQ(rendered("{{ {{ a }}"), "{{ 1");
    EXPECT_EQ(rendered("{{{{ a }}"), "{1");
    EXPECT_EQ(rendered("{{ a }{{ a }}"), "{{ a }1");
    EXPECT_EQ(rendered("{\"x\":{{ a }} }"), "{\"x\":1 }");
}

// Artillery's pattern takes a third brace behind a template, whatever opened it.
TEST_F(TemplateText, AThirdBraceIsLostAndTold) {
    set("a", Value(1.0));
    EXPECT_EQ(rendered("{\"x\":{{ a }}}"), "{\"x\":1");
    EXPECT_EQ(compiled("{\"x\":{{ a }}}").lost_brace(), 13U);
    EXPECT_EQ(compiled("{\"\u00e9\":{{ a }}}").lost_brace(), 13U) << "characters, not bytes";
    EXPECT_EQ(compiled("{{{ a }}} {{ a }} }").lost_brace(), 0U);
    EXPECT_EQ(rendered("{\"x\":{{ $count() }}}"), "{\"x\":0}") << "not behind a call";
}

TEST_F(TemplateText, NamesWithDotsAreFoundWhole) {
    set("a.b", Value("whole"));
    set_json("a", R"({"b":"path","c":"member"})");
    EXPECT_EQ(rendered("{{ a.b }}"), "whole");
    EXPECT_EQ(rendered("{{ a.c }}"), "member");
    set_json("x.y", R"({"z":[5]})");
    EXPECT_EQ(rendered("{{ x.y.z[0] }}"), "5") << "the longest known beginning";
    const Template later = compiled("{{ p.q }}");
    set("p.q", Value("too late"));
    EXPECT_EQ(later.render(scope()), "undefined") << "names are resolved when a text is compiled";
}

TEST_F(TemplateText, ReadsAsLodash) {
    set_json("list", R"([{"a":1},"t\u00e9\ud83d\ude00xt"])");
    EXPECT_EQ(rendered("{{ list.length }} {{ list[1].length }} {{ list[1][1] }} {{ list[1][4] }}"),
              "2 6 \u00e9 x");
    EXPECT_EQ(kept("{{ list[01] }}"), "undefined");
    EXPECT_EQ(kept("{{ list[-1] }}"), "undefined");
    EXPECT_EQ(kept("{{ list[0]..a }}"), "undefined");
    EXPECT_EQ(kept("{{ list[0].a }}"), "1");
    EXPECT_EQ(kept("{{ list[0][a] }}"), "1");
}

TEST_F(TemplateText, ArgumentsAreLiteralsPathsAndCalls) {
    set_json("user", R"({"name":"Ada","n":3,"a, b":5})");
    set("my-var", Value("dash"));
    EXPECT_EQ(rendered("{{ $echo( -1.5 , 1e3, \"a, b)}}\", '\"' ) }}"), R"([-1.5,1000,"a, b)}}","\""])");
    EXPECT_EQ(rendered("{{ $echo(user.name, my-var, user['a, b'], gone) }}"), R"(["Ada","dash",5,null])");
    EXPECT_EQ(rendered("{{ $echo(true, false, null, \"\\\"\\\\\") }}"), R"([true,false,null,"\"\\"])");
    EXPECT_EQ(rendered("{{ $echo($count(user, 1), $pair(1, $count())) }}"), R"([2,"[1,0]"])");
    EXPECT_EQ(rendered("{{{ $count(1) }}}"), "{1}") << "a call has two braces, as in Artillery";
    EXPECT_EQ(rendered("{{ $nothing() }}"), "undefined");
    EXPECT_EQ(rendered("{{ $count }}"), "undefined") << "without parentheses it is a variable";
}

TEST_F(TemplateText, ReadsAreEachVariableOnce) {
    const Template text = compiled("{{ a.b }}{{ c }}{{ a.c }}{{ $echo(d, $echo(c, e)) }}");
    std::vector<std::string> names;
    for (const Slot slot : text.reads()) names.push_back(slots_.name(slot));
    EXPECT_EQ(names, (std::vector<std::string>{"a", "c", "d", "e"}));
    EXPECT_TRUE(compiled("x").reads().empty());
    EXPECT_TRUE(Template::literal("{{ a }}").reads().empty());
    EXPECT_EQ(Template::literal("{{ a }}").constant(), "{{ a }}");
}

TEST_F(TemplateText, ErrorsSayWhereAndWhat) {
    EXPECT_EQ(template_error("x {{  }}"), "character 7: found nothing, expected the name of a variable");
    EXPECT_EQ(template_error("{{ [0].a }}"), "none");
    EXPECT_EQ(template_error("{{ .a }}"),
              "character 4: found '.a', expected it to begin with the name of a variable");
    EXPECT_EQ(template_error("\u00e9 {{ $ecko(1) }}"),
              "character 6: unknown function $ecko; did you mean $echo?");
    EXPECT_EQ(template_error("{{ $zzzzzzzzzzzz() }}"), "character 4: unknown function $zzzzzzzzzzzz");
    EXPECT_EQ(template_error("{{ $pair(1) }}"),
              "character 4: $pair is given 1 argument: $pair(first, second): both");
    EXPECT_EQ(template_error("{{ $echo(1 2) }}"), "none") << "1 2 is a name as lodash has it";
    EXPECT_EQ(template_error("{{ $echo(\"a\" 2) }}"), "character 14: found '2', expected ',' or ')'");
    EXPECT_EQ(template_error("{{ $echo(1,) }}"),
              "character 12: found ')', expected a number, a quoted text, a variable or a function");
    EXPECT_EQ(template_error("{{ $echo('a) }}"), "character 10: found a quoted text without its end");
    EXPECT_EQ(template_error("{{ $echo(a"), "character 11: found the end of the text, expected ',' or ')'");
    EXPECT_EQ(template_error("{{ $echo(a) }"), "character 13: found '}', expected \"}}\"");
    std::string deep = "{{ ";
    for (int i = 0; i < 20; ++i) deep += "$echo(";
    EXPECT_EQ(template_error(deep), "character 100: found calls nested too deeply");
    std::string many = "{{ $echo(1";
    for (int i = 0; i < 16; ++i) many += ",1";
    EXPECT_EQ(template_error(many + ") }}"), "character 42: found too many arguments");
}

TEST_F(TemplateText, RenderingTextsOnlyGrowsTheOutput) {
    set("token", Value(std::string(200, 't')));
    set_json("order", R"({"id":1234567.5,"items":["first item of this order"]})");
    const Template text =
        compiled("/orders/{{ order.id }}/{{ token }}?q={{ order.items[0] }}&m={{ missing }}");
    std::string out;
    text.append(out, scope());
    const std::string first = out;
    out.clear();
    const test::AllocationScope allocations;
    text.append(out, scope());
    EXPECT_EQ(allocations.count(), 0U);
    EXPECT_EQ(out, first);
}

}  // namespace
}  // namespace loadgen::text
