#include "tests/support/http1_differential.hpp"

#include <string_view>

namespace loadgen::test {
namespace {

std::string_view take_line(std::string_view& text) {
    const std::size_t newline = text.find('\n');
    const std::string_view line = text.substr(0, newline);
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    return line;
}

bool mentions(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// Whether what `shorter` saw is how `longer` begins; the last body of a stream that ended early may be cut.
bool is_prefix(std::string_view shorter, std::string_view longer) {
    while (!shorter.empty()) {
        const std::string_view line = take_line(shorter);
        const std::string_view other = take_line(longer);
        if (line == other) continue;
        const bool cut_body = shorter.empty() && line.starts_with("body \"") &&
                              other.starts_with(line.substr(0, line.size() - 1));
        return cut_body;
    }
    return true;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
        text.replace(at, from.size(), to);
    }
}

/// The trace without its error line, which is returned.
std::string split_error(std::string& text) {
    const std::size_t at = text.rfind("error ");
    if (at == std::string::npos || (at != 0 && text[at - 1] != '\n')) return {};
    const std::string error = text.substr(at + 6, text.size() - at - 7);
    text.erase(at);
    return error;
}

using http::Http1Error;

/// llhttp accepted it all. Never: anything about lengths and chunks.
bool we_may_refuse(std::string_view error, std::string_view events) {
    constexpr Http1Error kMeant[] = {Http1Error::kBadStartLine, Http1Error::kBadVersion,
                                     Http1Error::kBadHeaderName, Http1Error::kObsoleteFolding,
                                     Http1Error::kBadTransferEncoding};
    for (const Http1Error meant : kMeant) {
        if (error == http1_error_text(meant)) return true;
    }
    // llhttp takes an interim response for a whole one.
    return error == http1_error_text(Http1Error::kTruncated) && mentions(events, "interim ");
}

bool has_lone_line_feed(std::string_view bytes) {
    for (std::size_t at = 0; (at = bytes.find('\n', at)) != std::string_view::npos; ++at) {
        if (at == 0 || bytes[at - 1] != '\r') return true;
    }
    return false;
}

/// We accepted it all.
bool llhttp_may_refuse(std::string_view error, const Http1Stream& stream) {
    const bool request = stream.mode == http::Http1Parser::Mode::kRequest;
    if (error == "HPE_INVALID_METHOD" || error == "HPE_INVALID_URL") return request;
    if (error == "HPE_INVALID_HEADER_TOKEN" || error == "HPE_LF_EXPECTED") {
        return !request && has_lone_line_feed(stream.bytes);
    }
    return error == "HPE_INVALID_VERSION" || error == "HPE_INVALID_CHUNK_SIZE" || error == "HPE_STRICT" ||
           error == "HPE_UNEXPECTED_CONTENT_LENGTH" || error == "HPE_INVALID_CONTENT_LENGTH";
}

/// Whether our parser is in the middle of a message: it judges a line when the line has ended, llhttp
/// earlier.
bool is_unfinished(Http1Stream stream) {
    stream.finish = true;
    std::string text = trace(stream);
    return split_error(text) == http1_error_text(Http1Error::kTruncated);
}

/// llhttp 8.1 doesn't take a tab behind a value for a blank, and so misses "chunked" before one.
bool has_tab_behind_chunked(std::string_view bytes) {
    for (std::size_t at = 0; (at = bytes.find('\t', at)) != std::string_view::npos; ++at) {
        std::size_t before = at;
        while (before > 0 && (bytes[before - 1] == ' ' || bytes[before - 1] == '\t')) --before;
        if (before >= 7 && http::equal_name(bytes.substr(before - 7, 7), "chunked")) return true;
    }
    return false;
}

}  // namespace

std::string http1_disagreement(Http1Stream stream) {
    stream.limits = {UINT32_MAX / 2, UINT32_MAX / 2, UINT32_MAX / 2};
    std::string ours = trace(stream);
    const LlhttpTrace theirs = llhttp_trace(stream);
    // Tunnels, and requests that ask for one, are the connection owner's business.
    if (mentions(ours, " upgrade\n") || mentions(ours, " upgrade ") || theirs.error == "HPE_PAUSED_UPGRADE" ||
        has_tab_behind_chunked(stream.bytes)) {
        return {};
    }
    replace_all(ours, " expects-continue\n", "\n");
    const std::string error = split_error(ours);

    bool agreed = false;
    if (error.empty() && theirs.error.empty()) {
        agreed = ours == theirs.text;
    } else if (theirs.error.empty()) {
        agreed = we_may_refuse(error, ours) && is_prefix(ours, theirs.text);
    } else if (error.empty()) {
        agreed = (is_unfinished(stream) || llhttp_may_refuse(theirs.error, stream)) &&
                 is_prefix(theirs.text, ours);
    } else {
        agreed = is_prefix(ours, theirs.text) || is_prefix(theirs.text, ours);
    }
    if (agreed) return {};
    return "bytes: " + escaped(stream.bytes) + "\nours:\n" + ours + error + "\nllhttp:\n" + theirs.text +
           theirs.error + "\n";
}

}  // namespace loadgen::test
