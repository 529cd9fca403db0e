#include "common/http/detail/coding_stage.hpp"

#include <brotli/decode.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

#include "common/http/header.hpp"

namespace loadgen::http::detail {
namespace {

constexpr std::uint64_t kRatioFreeBytes = 256 * 1024;
constexpr std::size_t kPieceBytes = 16 * 1024;

/// gzip and deflate. A gzip file may have several members one after the other (RFC 1952 section 2.2).
class ZlibStage final : public CodingStage {
  public:
    enum class Format : std::uint8_t { kGzip, kDeflate };

    ZlibStage(Format format, const DecodeLimits& limits)
        : CodingStage(format == Format::kGzip ? "gzip" : "deflate", limits), format_(format) {}
    ~ZlibStage() override {
        if (open_) inflateEnd(&stream_);
    }

  private:
    bool complete() const override { return ended_; }

    Result<void> run(std::string_view bytes, CodingOutput& output) override {
        while (!bytes.empty()) {
            if (ended_ && format_ == Format::kDeflate) return trailing(fed() - bytes.size());
            if (auto begun = begin(bytes.front(), fed() - bytes.size()); !begun) return begun;
            // zlib counts in 32 bits.
            const auto part = bytes.substr(0, std::numeric_limits<uInt>::max());
            stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));
            stream_.avail_in = static_cast<uInt>(part.size());
            if (auto done = inflate_part(output, fed() - bytes.size()); !done) return done;
            bytes.remove_prefix(part.size() - stream_.avail_in);
        }
        return {};
    }

    /// Makes ready for a byte at the start or behind a member.
    Result<void> begin(char first, std::uint64_t at) {
        if (open_ && !ended_) return {};
        if (open_) {
            constexpr char kGzipMagic = 0x1f;
            if (first != kGzipMagic) return trailing(at);
            inflateReset(&stream_);
        } else {
            // Servers send both under the name deflate. A zlib header has 8 here; a bare block that began so
            // would be an empty stored one with stray bits, which no compressor writes.
            const bool bare = format_ == Format::kDeflate && (static_cast<unsigned char>(first) & 0x0f) != 8;
            const int bits = format_ == Format::kGzip ? MAX_WBITS + 16 : bare ? -MAX_WBITS : MAX_WBITS;
            if (inflateInit2(&stream_, bits) != Z_OK)
                return Error{ErrorCode::kInternal, "no memory for zlib"};
            open_ = true;
        }
        ended_ = false;
        return {};
    }

    Result<void> inflate_part(CodingOutput& output, std::uint64_t at) {
        std::array<char, kPieceBytes> piece;
        const uInt given = stream_.avail_in;
        int status = Z_OK;
        do {
            stream_.next_out = reinterpret_cast<Bytef*>(piece.data());
            stream_.avail_out = static_cast<uInt>(piece.size());
            status = inflate(&stream_, Z_NO_FLUSH);
            if (auto taken = emit({piece.data(), piece.size() - stream_.avail_out}, output); !taken)
                return taken;
            if (status == Z_NEED_DICT || (status < 0 && status != Z_BUF_ERROR)) {
                const char* why = status == Z_NEED_DICT ? "it needs a dictionary" : stream_.msg;
                return corrupt(at + given - stream_.avail_in, why == nullptr ? "" : why);
            }
        } while (status == Z_OK && stream_.avail_out == 0);
        ended_ = status == Z_STREAM_END;
        return {};
    }

    Format format_;
    z_stream stream_{};
    bool open_ = false;
    bool ended_ = false;
};

class BrotliStage final : public CodingStage {
  public:
    explicit BrotliStage(const DecodeLimits& limits)
        : CodingStage("br", limits), state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {}
    ~BrotliStage() override { BrotliDecoderDestroyInstance(state_); }

  private:
    bool complete() const override { return BrotliDecoderIsFinished(state_) == BROTLI_TRUE; }

    Result<void> run(std::string_view bytes, CodingOutput& output) override {
        if (state_ == nullptr) return Error{ErrorCode::kInternal, "no memory for brotli"};
        const auto* next = reinterpret_cast<const std::uint8_t*>(bytes.data());
        std::size_t left = bytes.size();
        for (;;) {
            if (complete()) return left == 0 ? Result<void>() : trailing(fed() - left);
            std::array<std::uint8_t, kPieceBytes> piece;
            std::uint8_t* end = piece.data();
            std::size_t room = piece.size();
            const auto status = BrotliDecoderDecompressStream(state_, &left, &next, &room, &end, nullptr);
            const std::string_view made(reinterpret_cast<char*>(piece.data()), piece.size() - room);
            if (auto taken = emit(made, output); !taken) return taken;
            if (status == BROTLI_DECODER_RESULT_ERROR) {
                return corrupt(fed() - left, BrotliDecoderErrorString(BrotliDecoderGetErrorCode(state_)));
            }
            if (status == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT) return {};
        }
    }

    BrotliDecoderState* state_;
};

}  // namespace

Result<void> CodingStage::feed(std::string_view bytes, CodingOutput& output) {
    fed_ += bytes.size();
    return run(bytes, output);
}

Result<void> CodingStage::finish() const {
    if (fed_ == 0 || complete()) return {};
    return Error{ErrorCode::kSyntax,
                 name_ + ": the data end in the middle, after " + std::to_string(fed_) + " bytes"};
}

Result<void> CodingStage::emit(std::string_view bytes, CodingOutput& output) {
    if (bytes.empty()) return {};
    emitted_ += bytes.size();
    if (emitted_ > limits_.max_bytes) {
        return Error{ErrorCode::kLimit, name_ + ": more than " + std::to_string(limits_.max_bytes) +
                                            " bytes come out of " + std::to_string(fed_)};
    }
    if (emitted_ > kRatioFreeBytes && emitted_ / limits_.max_ratio >= fed_) {
        return Error{ErrorCode::kLimit, name_ + ": the data grow more than " +
                                            std::to_string(limits_.max_ratio) + " times, as a bomb does"};
    }
    return output.take(bytes);
}

Error CodingStage::corrupt(std::uint64_t at, std::string_view why) const {
    std::string text = name_ + ": corrupt data at byte " + std::to_string(at);
    if (!why.empty()) text.append(": ").append(why);
    return Error{ErrorCode::kSyntax, std::move(text)};
}

Error CodingStage::trailing(std::uint64_t at) const {
    return Error{ErrorCode::kSyntax,
                 name_ + ": the data end at byte " + std::to_string(at) + ", but more follow"};
}

std::unique_ptr<CodingStage> make_coding_stage(std::string_view coding, const DecodeLimits& limits) {
    if (equal_name(coding, "gzip") || equal_name(coding, "x-gzip")) {
        return std::make_unique<ZlibStage>(ZlibStage::Format::kGzip, limits);
    }
    if (equal_name(coding, "deflate"))
        return std::make_unique<ZlibStage>(ZlibStage::Format::kDeflate, limits);
    if (equal_name(coding, "br")) return std::make_unique<BrotliStage>(limits);
    return nullptr;
}

}  // namespace loadgen::http::detail
