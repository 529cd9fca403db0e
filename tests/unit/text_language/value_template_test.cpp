#include <gtest/gtest.h>

#include "language_fixture.hpp"
#include "tests/support/alloc_counter.hpp"

namespace loadgen::text {
namespace {

class ValueTemplates : public Language {
  protected:
    /// A tree as a scenario holds it: every text and every key is a template.
    ValueTemplate tree(const Value& value) {
        if (value.is_string()) return ValueTemplate::text(compiled(value.string()));
        if (value.is_array()) {
            std::vector<ValueTemplate> elements;
            for (const Value& element : value.elements()) elements.push_back(tree(element));
            return ValueTemplate::array(std::move(elements));
        }
        if (!value.is_object()) return ValueTemplate::scalar(value);
        std::vector<ValueTemplate::Member> members;
        for (const auto& [name, member] : value.members()) members.emplace_back(compiled(name), tree(member));
        return ValueTemplate::object(std::move(members));
    }
    ValueTemplate tree(std::string_view json) { return tree(parsed(json)); }

    std::string written(const ValueTemplate& what) {
        std::string out;
        what.append_json(out, scope());
        EXPECT_EQ(out, json_of(what.evaluate(scope()))) << "both ways say the same";
        return out;
    }
};

TEST_F(ValueTemplates, PutValuesIntoTrees) {
    set_json("user", R"({"id":7,"tags":["a","\"b\""]})");
    EXPECT_EQ(
        written(tree(
            R"({"id":"{{ user.id }}","text":"no {{ user.id }}","all":["{{ user.tags }}",1,null,true]})")),
        R"({"id":7,"text":"no 7","all":[["a","\"b\""],1,null,true]})");
    EXPECT_EQ(written(tree(R"({"a":"say {{ user.tags[1] }}"})")), R"({"a":"say \"b\""})");
    EXPECT_EQ(written(tree(R"("{{ user.id }}")")), "7");
    EXPECT_EQ(written(ValueTemplate()), "null");
}

TEST_F(ValueTemplates, LeaveOutMembersThatAreUndefined) {
    set("b", Value(2.0));
    EXPECT_EQ(written(tree(R"({"a":"{{ none }}","b":"{{ b }}","c":"{{ none }}","d":"{{ none }}!"})")),
              R"({"b":2,"d":"undefined!"})");
    EXPECT_EQ(written(tree(R"({"a":"{{ none }}"})")), "{}");
    EXPECT_EQ(written(tree(R"(["{{ none }}"])")), "[null]");
}

TEST_F(ValueTemplates, HaveTemplatesInKeysAndKeepNamesUnique) {
    set("key", Value("k"));
    EXPECT_EQ(written(tree(R"({"{{ key }}":1,"pre-{{ key }}":"{{ key }}"})")), R"({"k":1,"pre-k":"k"})");
    EXPECT_EQ(written(tree(R"({"{{ key }}":1,"x":2,"k":3})")), R"({"k":3,"x":2})");
    std::vector<ValueTemplate::Member> twice;
    twice.emplace_back(Template::literal("a"), ValueTemplate::scalar(Value(1.0)));
    twice.emplace_back(Template::literal("a"), ValueTemplate::scalar(Value(2.0)));
    EXPECT_EQ(written(ValueTemplate::object(std::move(twice))), R"({"a":2})");
}

TEST_F(ValueTemplates, FoldWhatIsConstant) {
    const ValueTemplate constant = tree(R"({"a":[1,{"b":"text"},[],{}]})");
    EXPECT_TRUE(constant.is_constant());
    EXPECT_EQ(written(constant), R"({"a":[1,{"b":"text"},[],{}]})");
    EXPECT_EQ(json_of(constant.constant()), R"({"a":[1,{"b":"text"},[],{}]})");
    EXPECT_FALSE(tree(R"({"a":[1,{"b":"{{ text }}"}]})").is_constant());
    EXPECT_FALSE(tree(R"({"{{ a }}":1})").is_constant());
}

TEST_F(ValueTemplates, TellWhatTheyRead) {
    const ValueTemplate what = tree(R"({"{{ a }}":["{{ b.c }}","{{ a }}"],"x":"{{ $echo(d) }}"})");
    std::vector<Slot> reads;
    what.add_reads(reads);
    std::vector<std::string> names;
    for (const Slot slot : reads) names.push_back(slots_.name(slot));
    EXPECT_EQ(names, (std::vector<std::string>{"a", "b", "d"}));
}

TEST_F(ValueTemplates, WritingTextsOnlyGrowsTheOutput) {
    set("token", Value(std::string(100, 't')));
    set_json("order", R"({"id":12.5,"lines":[{"sku":"abc"}]})");
    const ValueTemplate body = tree(
        R"({"a":"{{ token }}","b":"Bearer {{ token }}","c":{"d":"{{ order }}","e":["{{ order.id }}",null]}})");
    std::string out;
    body.append_json(out, scope());
    out.clear();
    const test::AllocationScope allocations;
    body.append_json(out, scope());
    EXPECT_EQ(allocations.count(), 0U);
}

}  // namespace
}  // namespace loadgen::text
