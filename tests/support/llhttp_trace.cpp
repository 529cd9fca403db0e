#include <llhttp/llhttp.h>

#include <utility>

#include "tests/support/http1_trace.hpp"

namespace loadgen::test {
namespace {

/// Joins llhttp's spans into the lines of `trace`.
class Llhttp {
  public:
    explicit Llhttp(const Http1Stream& stream) : stream_(stream) {
        llhttp_settings_init(&settings_);
        settings_.on_message_begin = [](llhttp_t* parser) { return self(parser).begin(); };
        settings_.on_url = append<&Llhttp::url_>;
        settings_.on_status = append<&Llhttp::reason_>;
        settings_.on_header_field = append<&Llhttp::name_>;
        settings_.on_header_value = append<&Llhttp::value_>;
        settings_.on_header_value_complete = [](llhttp_t* parser) { return self(parser).field(); };
        settings_.on_headers_complete = [](llhttp_t* parser) { return self(parser).head(); };
        settings_.on_body = append<&Llhttp::body_>;
        settings_.on_message_complete = [](llhttp_t* parser) { return self(parser).end(); };
        const bool request = stream.mode == http::Http1Parser::Mode::kRequest;
        llhttp_init(&parser_, request ? HTTP_REQUEST : HTTP_RESPONSE, &settings_);
        parser_.data = this;
        // Whether a connection goes on is its owner's decision; strict llhttp would stop by itself.
        llhttp_set_lenient_keep_alive(&parser_, 1);
    }

    LlhttpTrace run() {
        llhttp_errno_t error = llhttp_execute(&parser_, stream_.bytes.data(), stream_.bytes.size());
        if (error == HPE_OK && stream_.finish) error = llhttp_finish(&parser_);
        flush_body();
        return {std::move(text_), error == HPE_OK ? std::string() : llhttp_errno_name(error)};
    }

  private:
    static Llhttp& self(llhttp_t* parser) { return *static_cast<Llhttp*>(parser->data); }
    template <std::string Llhttp::*kMember>
    static int append(llhttp_t* parser, const char* at, std::size_t size) {
        (self(parser).*kMember).append(at, size);
        return 0;
    }

    int begin() {
        url_.clear();
        reason_.clear();
        fields_.clear();
        in_trailers_ = false;
        return 0;
    }
    int field() {
        // llhttp leaves blanks behind a value in place.
        while (!value_.empty() && (value_.back() == ' ' || value_.back() == '\t')) value_.pop_back();
        std::string& out = in_trailers_ ? trailers_ : fields_;
        out += std::string(in_trailers_ ? "trailer " : "field ") + name_ + ": " + escaped(value_) + "\n";
        name_.clear();
        value_.clear();
        return 0;
    }
    int head() {
        flush_body();
        in_trailers_ = true;
        const bool response = stream_.mode == http::Http1Parser::Mode::kResponse;
        const int status = parser_.status_code;
        interim_ = response && status >= 100 && status < 200 && status != 101;
        const auto method = next_ < stream_.methods.size() ? stream_.methods[next_] : kOther;
        if (response) {
            text_ +=
                (interim_ ? "interim " : "head ") + std::to_string(status) + " \"" + escaped(reason_) + "\"";
        } else {
            text_ += std::string("head ") + llhttp_method_name(static_cast<llhttp_method_t>(parser_.method)) +
                     " \"" + escaped(url_) + "\"";
        }
        text_ += " 1." + std::to_string(parser_.http_minor);
        const bool bodiless = response && (method == http::Http1Parser::Method::kHead || status == 204 ||
                                           status == 304 || status == 101);
        if (!interim_) framing(bodiless);
        text_ += "\n" + fields_;
        return bodiless || interim_ ? 1 : 0;  // 1: no body follows, whatever the fields say
    }
    void framing(bool bodiless) {
        if (bodiless) parser_.flags |= F_SKIPBODY;  // llhttp sets it itself only after this callback
        // RFC 9112: close wins over keep-alive (9.3), and chunks end a 1.0 connection (6.1). llhttp leaves
        // both.
        const bool chunked10 = parser_.http_minor == 0 && (parser_.flags & F_TRANSFER_ENCODING) != 0;
        const bool closes = chunked10 || (parser_.flags & F_CONNECTION_CLOSE) != 0;
        text_ += !closes && llhttp_should_keep_alive(&parser_) != 0 ? " keep-alive" : " close";
        if (bodiless) return;
        if ((parser_.flags & F_CONTENT_LENGTH) != 0)
            text_ += " length=" + std::to_string(parser_.content_length);
        if ((parser_.flags & F_CHUNKED) != 0) text_ += " chunked";
    }
    int end() {
        flush_body();
        text_ += std::exchange(trailers_, {});
        if (!interim_) {
            text_ += "end\n";
            ++next_;
        }
        return 0;
    }
    void flush_body() {
        if (!body_.empty()) text_ += "body \"" + escaped(body_) + "\"\n";
        body_.clear();
    }

    static constexpr auto kOther = http::Http1Parser::Method::kOther;
    const Http1Stream& stream_;
    llhttp_settings_t settings_{};
    llhttp_t parser_{};
    std::size_t next_ = 0;
    bool in_trailers_ = false;
    bool interim_ = false;
    std::string text_, body_, url_, reason_, name_, value_, fields_, trailers_;
};

}  // namespace

LlhttpTrace llhttp_trace(const Http1Stream& stream) {
    return Llhttp(stream).run();
}

}  // namespace loadgen::test
