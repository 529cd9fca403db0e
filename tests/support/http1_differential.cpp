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

}  // namespace

std::string http1_disagreement(const Http1Stream& stream) {
    std::string ours = trace(stream);
    const LlhttpTrace theirs = llhttp_trace(stream);
    // Tunnels, and requests that ask for one, are the connection owner's business.
    if (mentions(ours, " upgrade\n") || mentions(ours, " upgrade ") || theirs.error == "HPE_PAUSED_UPGRADE")
        return {};
    for (std::size_t at; (at = ours.find(" expects-continue\n")) != std::string::npos;) ours.erase(at, 17);
    std::string our_error;
    if (const std::size_t at = ours.rfind("error ");
        at != std::string::npos && (at == 0 || ours[at - 1] == '\n')) {
        our_error = ours.substr(at);
        ours.erase(at);
    }
    bool agreed = ours == theirs.text;
    if (!our_error.empty() && theirs.error.empty()) agreed = is_prefix(ours, theirs.text);
    if (our_error.empty() && !theirs.error.empty()) agreed = is_prefix(theirs.text, ours);
    if (!our_error.empty() && !theirs.error.empty()) {
        agreed = is_prefix(ours, theirs.text) || is_prefix(theirs.text, ours);
    }
    if (agreed) return {};
    return "bytes: " + escaped(stream.bytes) + "\nours:\n" + ours + our_error + "\nllhttp:\n" + theirs.text +
           theirs.error + "\n";
}

}  // namespace loadgen::test
