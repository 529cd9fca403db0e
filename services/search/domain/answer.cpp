#include "services/search/domain/answer.hpp"

#include "common/text/json_writer.hpp"

namespace loadgen::services::search {
namespace {

/// Without needless zeros; JSON's form of numbers is what the products beside the sentence have.
std::string number_text(double number) {
    std::string text;
    text::append_json_number(text, number);
    return text;
}

std::string count_text(std::size_t count) {
    return std::to_string(count) + (count == 1 ? " product matches " : " products match ");
}

std::string stock_text(double level) {
    return level > 0 ? number_text(level) + " in stock" : "out of stock";
}

std::string describe(const FoundProduct& product) {
    std::string text = product.name + " for " + number_text(product.price);
    if (product.bulk) {
        text +=
            ", " + number_text(product.bulk->price) + " each from " + std::to_string(product.bulk->quantity);
    }
    return text + " (" + stock_text(product.stock_level) + ")";
}

}  // namespace

std::string answer_sentence(std::string_view query, std::span<const FoundProduct> products) {
    const std::string quoted = "\"" + std::string(query) + "\"";
    if (products.empty()) return "No product matches " + quoted + ".";
    std::string sentence = count_text(products.size()) + quoted + ": ";
    for (std::size_t i = 0; i < products.size(); ++i) {
        if (i > 0) sentence += "; ";
        sentence += describe(products[i]);
    }
    return sentence + ".";
}

}  // namespace loadgen::services::search
