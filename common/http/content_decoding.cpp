#include "common/http/content_decoding.hpp"

#include <algorithm>
#include <vector>

#include "common/http/detail/coding_stage.hpp"
#include "common/http/header.hpp"

namespace loadgen::http {
namespace {

constexpr std::size_t kMaxCodings = 3;

std::vector<std::string_view> split_list(std::string_view text) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        std::string_view part = text.substr(0, comma);
        text.remove_prefix(std::min(comma + 1, text.size()));
        const auto begin = part.find_first_not_of(" \t");
        if (begin == std::string_view::npos)
            continue;  // RFC 9110 section 5.6.1.2: empty elements don't count
        part = part.substr(begin, part.find_last_not_of(" \t") - begin + 1);
        if (!equal_name(part, "identity")) parts.push_back(part);
    }
    return parts;
}

Error unknown_coding(std::string_view coding) {
    std::string shown;
    for (const char c : coding.substr(0, 40)) shown += c >= 0x20 && c < 0x7f ? c : '?';
    return Error{ErrorCode::kUnsupported,
                 "content coding \"" + shown + "\" is not known here: gzip, deflate and br are"};
}

}  // namespace

class ContentDecoder::Chain {
  public:
    /// `stages` in the order in which they are undone.
    explicit Chain(std::vector<std::unique_ptr<detail::CodingStage>> stages) : stages_(std::move(stages)) {}

    Result<void> feed(std::string_view bytes, std::string& out) { return feed_from(0, bytes, out); }

    Result<void> finish() const {
        for (const auto& stage : stages_) {
            if (auto ended = stage->finish(); !ended) return ended;
        }
        return {};
    }

  private:
    /// Hands what comes out of one stage to the next.
    class Next final : public detail::CodingOutput {
      public:
        Next(Chain& chain, std::size_t stage, std::string& out) : chain_(chain), stage_(stage), out_(out) {}
        Result<void> take(std::string_view bytes) override { return chain_.feed_from(stage_, bytes, out_); }

      private:
        Chain& chain_;
        std::size_t stage_;
        std::string& out_;
    };

    Result<void> feed_from(std::size_t stage, std::string_view bytes, std::string& out) {
        if (stage == stages_.size()) {
            out.append(bytes);
            return {};
        }
        Next next(*this, stage + 1, out);
        return stages_[stage]->feed(bytes, next);
    }

    std::vector<std::unique_ptr<detail::CodingStage>> stages_;
};

ContentDecoder::ContentDecoder(std::unique_ptr<Chain> chain) : chain_(std::move(chain)) {}
ContentDecoder::ContentDecoder(ContentDecoder&&) noexcept = default;
ContentDecoder& ContentDecoder::operator=(ContentDecoder&&) noexcept = default;
ContentDecoder::~ContentDecoder() = default;

Result<ContentDecoder> ContentDecoder::make(std::string_view codings, const DecodeLimits& limits) {
    std::vector<std::string_view> names = split_list(codings);
    if (names.size() > kMaxCodings) {
        return Error{ErrorCode::kLimit, "more than " + std::to_string(kMaxCodings) + " content codings"};
    }
    std::reverse(names.begin(), names.end());
    std::vector<std::unique_ptr<detail::CodingStage>> stages;
    for (const std::string_view name : names) {
        stages.push_back(detail::make_coding_stage(name, limits));
        if (stages.back() == nullptr) return unknown_coding(name);
    }
    return ContentDecoder(std::make_unique<Chain>(std::move(stages)));
}

Result<void> ContentDecoder::feed(std::string_view bytes, std::string& out) {
    return chain_->feed(bytes, out);
}

Result<void> ContentDecoder::finish() {
    return chain_->finish();
}

Result<void> decode(std::string_view codings, std::string_view in, std::string& out,
                    const DecodeLimits& limits) {
    auto decoder = ContentDecoder::make(codings, limits);
    if (!decoder) return std::move(decoder).error();
    if (auto fed = decoder->feed(in, out); !fed) return fed;
    return decoder->finish();
}

}  // namespace loadgen::http
