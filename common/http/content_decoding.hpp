// Undoes Content-Encoding (RFC 9110 section 8.4): gzip (RFC 1952), deflate (RFC 1950 and bare RFC 1951), br
// (RFC 7932).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace loadgen::http {

/// The Accept-Encoding of a client that decodes with what is here.
inline constexpr std::string_view kAcceptedCodings = "gzip, deflate, br";

/// What a body may become. Past either it is an error of code kLimit, and decoding stops at once.
struct DecodeLimits {
    std::size_t max_bytes = 64U << 20;  ///< that come out, of every coding in a list
    /// Bytes out for each byte in, once more than 256 KiB have come out: an honest text seldom shrinks to a
    /// hundredth, a bomb of zeros to a thousandth and less.
    std::uint32_t max_ratio = 400;
};

/// Decodes one body that comes in pieces. Errors name the coding and the place ("gzip: corrupt data at byte
/// 17: invalid distance too far back", "br: the data end in the middle, after 40 bytes") and are of code
/// kSyntax, or kLimit; after one, and after `finish`, nothing but destruction is allowed. Holds some 40 KiB
/// a coding while it lives. Not thread-safe.
class ContentDecoder {
  public:
    /// `codings` is the field's value: "gzip", "x-gzip", "deflate", "br", "identity", in any case, or a list
    /// of at most three, which is undone from its end. kUnsupported names one that is none of these.
    static Result<ContentDecoder> make(std::string_view codings, const DecodeLimits& limits = {});

    ContentDecoder(ContentDecoder&&) noexcept;
    ContentDecoder& operator=(ContentDecoder&&) noexcept;
    ~ContentDecoder();

    /// Appends what `bytes` decode to. On an error `out` keeps what came before.
    Result<void> feed(std::string_view bytes, std::string& out);
    /// The body is over. An error when it ended in the middle; a body without any byte is fine, as answers
    /// without content keep their fields.
    Result<void> finish();

  private:
    class Chain;
    explicit ContentDecoder(std::unique_ptr<Chain> chain);
    std::unique_ptr<Chain> chain_;
};

/// A whole body at once; appends to `out`.
Result<void> decode(std::string_view codings, std::string_view in, std::string& out,
                    const DecodeLimits& limits = {});

}  // namespace loadgen::http
