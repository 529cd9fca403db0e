#include "services/store/full_text_terms.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>

namespace loadgen::services::store::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(FoldTerms, Table) {
    const auto folded = [](std::string_view text) {
        std::string joined;
        for (const std::string& term : fold_terms(text))
            joined.append(joined.empty() ? "" : "|").append(term);
        return joined;
    };
    EXPECT_EQ(folded("Verse HALFVOLLE melk, 1,5L"), "verse|halfvolle|melk|1|5l");
    EXPECT_EQ(folded("Crème brûlée & Gruyère"), "creme|brulee|gruyere");
    EXPECT_EQ(folded("cre\xcc\x80me"), "creme");  // a combining grave accent
    EXPECT_EQ(folded("Æbleskiver œuf Straße ĳs"), "aebleskiver|oeuf|strasse|ijs");
    EXPECT_EQ(folded("kilo's pizza’s"), "kilos|pizzas");
    EXPECT_EQ(folded("Łódź ñandú Şiş"), "lodz|nandu|sis");
    EXPECT_EQ(folded("a—b…c € d×e"), "a|b|c|d|e");
    EXPECT_EQ(folded("сыр 牛乳"), "сыр|牛乳");
    EXPECT_EQ(folded("\xff\xfe x\xc3 y\0z"), "x|y");
    EXPECT_EQ(folded(std::string_view("y\0z", 3)), "y|z");
    EXPECT_EQ(folded("\"; DROP TABLE x --"), "drop|table|x");
    EXPECT_EQ(folded(" \t' ’ "), "");
}

TEST(FoldTerms, HasLimits) {
    EXPECT_THAT(fold_terms(std::string(1000, 'a')), ElementsAre(std::string(kMaxTermBytes, 'a')));
    std::string many;
    for (std::size_t i = 0; i < kMaxIndexedTerms + 10; ++i) many += "w ";
    EXPECT_THAT(fold_terms(many), SizeIs(kMaxIndexedTerms));
    EXPECT_THAT(fold_terms("a b c", 2), ElementsAre("a", "b"));
}

/// Words of one row are the same word to a search.
TEST(StemTerm, SingularsAndPluralsMeet) {
    const std::vector<std::vector<std::string_view>> rows = {// Dutch
                                                             {"kaas", "kazen"},
                                                             {"fles", "flessen"},
                                                             {"appel", "appels", "appeltje", "appeltjes"},
                                                             {"banaan", "bananen"},
                                                             {"peer", "peren"},
                                                             {"brood", "broden"},
                                                             {"druif", "druiven"},
                                                             {"huis", "huizen"},
                                                             {"kip", "kippen"},
                                                             {"pizza", "pizzas"},
                                                             {"kilo", "kilos"},
                                                             {"koek", "koeken", "koekje", "koekjes"},
                                                             {"bier", "bieren", "biertje", "biertjes"},
                                                             {"rood", "rode"},
                                                             {"vers", "verse"},
                                                             {"tomaat", "tomaten"},
                                                             {"aardappel", "aardappelen", "aardappels"},
                                                             {"wortel", "wortels", "worteltjes"},
                                                             {"blik", "blikken"},
                                                             {"olijf", "olijven"},
                                                             {"noot", "noten", "nootjes"},
                                                             {"vlees"},
                                                             {"melk"},
                                                             {"kaars", "kaarsen"},
                                                             {"kers", "kersen"},
                                                             {"grens", "grenzen"},
                                                             {"roos", "rozen"},
                                                             {"saus", "sauzen"},
                                                             // English
                                                             {"berry", "berries"},
                                                             {"egg", "eggs"},
                                                             {"box", "boxes"},
                                                             {"peach", "peaches"},
                                                             {"dish", "dishes"},
                                                             {"potato", "potatoes"},
                                                             {"grape", "grapes"},
                                                             {"bottle", "bottles"},
                                                             {"cookie", "cookies"},
                                                             {"cheese", "cheeses"},
                                                             {"horse", "horses"},
                                                             {"rose", "roses"},
                                                             {"knife"},
                                                             {"apple", "apples"}};
    for (const auto& row : rows) {
        for (const std::string_view word : row) EXPECT_EQ(stem_term(word), stem_term(row.front())) << word;
    }
}

TEST(StemTerm, DifferentWordsStayApart) {
    const std::vector<std::string_view> words = {"kaas",  "kip",   "kas",   "melk", "meel", "bier", "boter",
                                                 "brood", "rijst", "ijs",   "sap",  "sla",  "soep", "thee",
                                                 "vis",   "vla",   "worst", "wijn", "ei",   "ui",   "peer",
                                                 "appel", "noot",  "fles",  "blik", "doos", "pak"};
    std::map<std::string, std::string_view> seen;
    for (const std::string_view word : words) {
        const auto [other, fresh] = seen.emplace(stem_term(word), word);
        // The one price of writing long vowels once: a rare pair like kaas (cheese) and kas (greenhouse).
        if (word != "kas") {
            EXPECT_TRUE(fresh) << word << " and " << other->second;
        }
    }
}

TEST(StemTerm, LeavesAloneWhatHasNoEndings) {
    for (const std::string_view word : {"", "a", "xs", "2024", "1000s", "сыр", "bbq", "kg"}) {
        EXPECT_EQ(stem_term(word), word);
    }
}

TEST(MatchExpression, AllWordsTheLastAlsoAsABeginning) {
    EXPECT_EQ(match_expression("Verse kazen"), R"("ver" AND ("kas" OR "kazen"*))");
    EXPECT_EQ(match_expression("melk"), R"(("melk" OR "melk"*))");
    EXPECT_EQ(match_expression(R"(" OR name:x NEAR(a b) * ^ - +)"),
              R"("or" AND "nam" AND "x" AND "near" AND "a" AND ("b" OR "b"*))");
    EXPECT_EQ(match_expression("  ,;'\" "), "");
    EXPECT_EQ(completion_expression("Verse ka"), R"("verse" AND "ka"*)");
    EXPECT_EQ(completion_expression("!"), "");
}

TEST(MatchExpression, HasLimits) {
    std::string many;
    for (int i = 0; i < 100; ++i) many += "w" + std::to_string(i) + " ";
    const std::string expression = match_expression(many);
    EXPECT_EQ(std::count(expression.begin(), expression.end(), '*'), 1);
    EXPECT_NE(expression.find("\"w15\""), std::string::npos);
    EXPECT_EQ(expression.find("\"w16\""), std::string::npos);
    EXPECT_LT(match_expression(std::string(1'000'000, 'x')).size(), 200U);
    EXPECT_THAT(match_expression(std::string(1'000'000, '-')), IsEmpty());
}

TEST(IndexText, HoldsWordsAndTheirStems) {
    EXPECT_EQ(index_text("Verse kazen, melk"), "verse ver kazen kas melk");
}

}  // namespace
}  // namespace loadgen::services::store::test
