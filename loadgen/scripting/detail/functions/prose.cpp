// Fake prose: words, sentences, colours, things.
#include "loadgen/scripting/detail/functions/fakes.hpp"
#include "loadgen/scripting/detail/functions/families.hpp"
#include "loadgen/scripting/detail/functions/tools.hpp"
#include "loadgen/scripting/detail/functions/words.hpp"

namespace loadgen::scripting {
namespace {

std::string phrase(Random& random) {
    std::string made(any_of(random, words::kVerbs));
    (made += " the ") += any_of(random, words::kAdjectives);
    return (made += ' ') += any_of(random, words::kNouns);
}

std::string joined(Random& random, std::int64_t least, std::int64_t most, std::string (*part)(Random&),
                   char separator) {
    std::string made = part(random);
    for (auto left = whole_between(random, least, most) - 1; left > 0; --left)
        (made += separator) += part(random);
    return made;
}

std::string paragraph(Random& random) {
    return joined(random, 3, 5, fake_sentence, ' ');
}

std::string long_text(Random& random) {
    return joined(random, 2, 3, paragraph, '\n');
}

std::string latin(Random& random) {
    return std::string(any_of(random, words::kLatin));
}

std::string latin_words(Random& random) {
    return joined(random, 3, 3, latin, ' ');
}

std::string letter(Random& random) {
    return filled(random, "?");
}

std::string letter_or_digit(Random& random) {
    return drawn_from(random, "abcdefghijklmnopqrstuvwxyz0123456789", 1);
}

std::string hex_digit(Random& random) {
    return hex_digits(random, 1);
}

std::string hex_colour(Random& random) {
    return '#' + hex_digits(random, 6);
}

std::string rgb_colour(Random& random) {
    std::string made = "rgb(" + std::to_string(random.below(256));
    for (int i = 0; i < 2; ++i) made += ", " + std::to_string(random.below(256));
    return made + ")";
}

constexpr std::array kFunctions{
    fake("$randWord", one_of<words::kLatin>, "$randWord(): a word that looks like Latin"),
    fake("$randNoun", one_of<words::kNouns>, "$randNoun(): a noun"),
    fake("$randVerb", one_of<words::kVerbs>, "$randVerb(): a verb"),
    fake("$randAdjective", one_of<words::kAdjectives>, "$randAdjective(): an adjective"),
    fake("$randPhrase", made_by<phrase>, "$randPhrase(): a few words of English"),
    fake("$randSentence", made_by<fake_sentence>, "$randSentence(): a sentence that looks like Latin"),
    fake("$randParagraph", made_by<paragraph>, "$randParagraph(): a few such sentences"),
    fake("$randText", made_by<long_text>, "$randText(): a few such paragraphs"),
    fake("$randQuote", made_by<fake_sentence>, "$randQuote(): a sentence"),
    fake("$randAlpha", made_by<letter>, "$randAlpha(): a letter"),
    fake("$randAlphaNumeric", made_by<letter_or_digit>, "$randAlphaNumeric(): a letter or a digit"),
    fake("$randHexaDecimal", made_by<hex_digit>, "$randHexaDecimal(): a hex digit"),
    fake("$randColor", one_of<words::kColours>, "$randColor(): a colour"),
    fake("$randHex", made_by<hex_colour>, "$randHex(): a colour, such as #8fb549"),
    fake("$randRgb", made_by<rgb_colour>, "$randRgb(): a colour, such as rgb(1, 2, 3)"),
    fake("$randAnimal", one_of<words::kAnimals>, "$randAnimal(): an animal"),
    fake("$randFood", one_of<words::kFoods>, "$randFood(): something to eat"),
    fake("$randVehicle", one_of<words::kVehicles>, "$randVehicle(): something to ride"),
    fake("$randMusicGenre", one_of<words::kGenres>, "$randMusicGenre(): such as Jazz"),
    fake("$randEmoji", one_of<words::kEmoji>, "$randEmoji(): an emoji"),
    fake("$loremWord", one_of<words::kLatin>, "$loremWord(): a word that looks like Latin"),
    fake("$loremWords", made_by<latin_words>, "$loremWords(): three such words"),
    fake("$loremSentence", made_by<fake_sentence>, "$loremSentence(): a sentence of them"),
    fake("$loremParagraph", made_by<paragraph>, "$loremParagraph(): a few sentences"),
    fake("$loremText", made_by<long_text>, "$loremText(): a few paragraphs"),
    fake("$wordNoun", one_of<words::kNouns>, "$wordNoun(): a noun"),
    fake("$wordVerb", one_of<words::kVerbs>, "$wordVerb(): a verb"),
    fake("$wordAdjective", one_of<words::kAdjectives>, "$wordAdjective(): an adjective"),
    fake("$colorHuman", one_of<words::kColours>, "$colorHuman(): a colour"),
    fake("$colorRgb", made_by<hex_colour>, "$colorRgb(): a colour, such as #8fb549"),
    fake("$animalType", one_of<words::kAnimals>, "$animalType(): an animal"),
    fake("$foodDish", one_of<words::kFoods>, "$foodDish(): something to eat"),
};

}  // namespace

std::string fake_sentence(Random& random) {
    return capitalised(joined(random, 4, 10, latin, ' ')) + '.';
}

Family prose_functions() {
    return kFunctions;
}

}  // namespace loadgen::scripting
