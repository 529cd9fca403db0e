#include "tests/support/http1_trace.hpp"

namespace loadgen::test {
namespace {

class Recorder final : public http::Http1Events {
  public:
    explicit Recorder(const Http1Stream& stream)
        : stream_(stream), parser_(stream.mode, *this, stream.limits) {
        expect_next();
    }

    void feed(std::string_view bytes) {
        const std::size_t consumed = parser_.feed(bytes);
        if (parser_.error() == http::Http1Error::kNone) left_.append(bytes.substr(consumed));
    }

    std::string finish() {
        if (stream_.finish) parser_.finish();
        flush_body();
        if (!left_.empty()) text_ += "left \"" + escaped(left_) + "\"\n";
        if (parser_.error() != http::Http1Error::kNone) {
            text_ += "error " + std::string(http::http1_error_text(parser_.error())) + "\n";
        }
        return std::move(text_);
    }

    void on_head(const http::Http1Head& head) override {
        flush_body();
        text_ += "head ";
        start(head);
        text_ += head.keep_alive ? " keep-alive" : " close";
        if (head.has_length) text_ += " length=" + std::to_string(head.length);
        if (head.chunked) text_ += " chunked";
        if (head.upgrade) text_ += " upgrade";
        if (head.expect_continue) text_ += " expects-continue";
        text_ += "\n";
        fields("field", head.headers);
    }
    void on_interim(const http::Http1Head& head) override {
        flush_body();
        text_ += "interim ";
        start(head);
        text_ += "\n";
        fields("field", head.headers);
    }
    void on_body(std::string_view bytes) override { body_.append(bytes); }
    void on_trailers(std::span<const http::HeaderView> trailers) override {
        flush_body();
        fields("trailer", trailers);
    }
    void on_message_end() override {
        flush_body();
        text_ += "end\n";
        expect_next();
    }

  private:
    void start(const http::Http1Head& head) {
        if (stream_.mode == http::Http1Parser::Mode::kResponse) {
            text_ += std::to_string(head.status) + " \"" + escaped(head.reason) + "\"";
        } else {
            text_ += std::string(head.method) + " \"" + escaped(head.target) + "\"";
        }
        text_ += " 1." + std::to_string(head.minor_version);
    }
    void fields(const char* kind, std::span<const http::HeaderView> views) {
        for (const http::HeaderView& view : views) {
            text_ += std::string(kind) + " " + std::string(view.name) + ": " + escaped(view.value) + "\n";
        }
    }
    void flush_body() {
        if (!body_.empty()) text_ += "body \"" + escaped(body_) + "\"\n";
        body_.clear();
    }
    void expect_next() {
        parser_.expect(next_ < stream_.methods.size() ? stream_.methods[next_++]
                                                      : http::Http1Parser::Method::kOther);
    }

    const Http1Stream& stream_;
    std::size_t next_ = 0;
    std::string text_;
    std::string body_;
    std::string left_;
    http::Http1Parser parser_;
};

}  // namespace

std::string escaped(std::string_view bytes) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        switch (c) {
            case '\r':
                out += "\\r";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\t':
                out += "\\t";
                break;
            case '\0':
                out += "\\0";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '"':
                out += "\\\"";
                break;
            default:
                if (byte >= 0x20 && byte < 0x7f) {
                    out += c;
                } else {
                    out.append("\\x").append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
                }
        }
    }
    return out;
}

std::string trace(const Http1Stream& stream, const std::vector<std::size_t>& splits) {
    Recorder recorder(stream);
    const std::string_view bytes = stream.bytes;
    std::size_t from = 0;
    for (const std::size_t split : splits) {
        // A copy of its own for every piece, so that a sanitizer sees a view that outlives it.
        const std::string piece(bytes.substr(from, split - from));
        recorder.feed(piece);
        from = split;
    }
    const std::string rest(bytes.substr(from));
    recorder.feed(rest);
    return recorder.finish();
}

}  // namespace loadgen::test
