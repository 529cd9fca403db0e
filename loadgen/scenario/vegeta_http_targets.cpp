#include "loadgen/scenario/vegeta_http_targets.hpp"

#include "loadgen/pacing/text_lines.hpp"

namespace loadgen::scenario {
namespace {

using pacing::quoted_start;
using pacing::trim;

constexpr std::string_view kBlanks = " \t\r\v\f";

/// Capitals, then a blank: the same test as vegeta's.
bool starts_with_method(std::string_view text) {
    const std::size_t end = text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    return end != 0 && end != text.npos && kBlanks.find(text[end]) != kBlanks.npos;
}

/// A request line where a header could stand: capitals, a blank, and something that is no header's end. "TE :
/// x" and "X Y: 1" are taken for headers, the second to be refused as one.
bool is_request_line(std::string_view text) {
    if (!starts_with_method(text)) return false;
    const std::string_view rest = trim(text.substr(text.find_first_of(kBlanks)));
    const std::size_t colon = rest.find(':');
    return colon == rest.npos || rest.substr(colon).starts_with("://");
}

/// Column of a part of a line, counted from 1.
std::size_t column_of(const LineReader::Line& line, std::string_view part) {
    return static_cast<std::size_t>(part.data() - line.text.data()) + 1;
}

}  // namespace

VegetaHttpTargets::VegetaHttpTargets(LineReader lines, TargetDefaults defaults, BodyFiles bodies)
    : lines_(std::move(lines)), defaults_(std::move(defaults)), bodies_(std::move(bodies)) {}

Result<std::shared_ptr<const plan::Request>> VegetaHttpTargets::next() {
    TargetDraft draft;
    const Result<bool> found = read_request_line(draft);
    if (!found) return found.error();
    if (!*found) return std::shared_ptr<const plan::Request>{};
    if (Result<void> rest = read_rest(draft); !rest) return rest.error();
    return make_request(std::move(draft), defaults_);
}

Result<bool> VegetaHttpTargets::read_request_line(TargetDraft& draft) {
    while (true) {
        const Result<std::optional<LineReader::Line>> line = lines_.next();
        if (!line) return line.error();
        if (!*line) return false;
        const std::string_view text = trim((*line)->text);
        if (text.empty() || text.front() == '#') continue;
        if (Result<void> parsed = parse_request_line(**line, draft); !parsed) return parsed.error();
        return true;
    }
}

Result<void> VegetaHttpTargets::parse_request_line(const LineReader::Line& line, TargetDraft& draft) {
    const std::string_view text = trim(line.text);
    const std::size_t method_end = text.find_first_of(kBlanks);
    if (method_end == text.npos) {
        std::string why = "bad target \"" + quoted_start(text) + "\": expected METHOD URL";
        why += text.front() == '@' ? ", found a body file without a request line before it"
                                   : ", such as GET http://localhost:8080/";
        return error(line, column_of(line, text), {ErrorCode::kSyntax, std::move(why)});
    }
    const std::string_view method = text.substr(0, method_end);
    if (!starts_with_method(text)) {
        std::string why = "bad method \"" + quoted_start(method) + "\": expected capital letters A to Z";
        if (method.back() == ':') why += "; a header must follow its request line and precede the @body line";
        return error(line, column_of(line, text), {ErrorCode::kSyntax, std::move(why)});
    }
    const std::string_view url = trim(text.substr(method_end));
    Result<http::Url> parsed = parse_target_url(url);
    if (!parsed) return error(line, column_of(line, url), parsed.error());
    draft.method = method;
    draft.url_text = url;
    draft.url = std::move(*parsed);
    draft.location = lines_.name() + ":" + std::to_string(line.number);
    return {};
}

Result<void> VegetaHttpTargets::read_rest(TargetDraft& draft) {
    while (true) {
        const Result<std::optional<LineReader::Line>> peeked = lines_.peek();
        if (!peeked) return peeked.error();
        if (!*peeked || is_request_line(trim((*peeked)->text))) return {};
        const LineReader::Line line = **peeked;
        if (const auto taken = lines_.next(); !taken) return taken.error();
        const std::string_view text = trim(line.text);
        if (text.empty()) return {};
        if (text.front() == '#') continue;
        if (text.front() == '@') {
            Result<Body> body = bodies_.get(std::string(trim(text.substr(1))));
            if (!body) return error(line, column_of(line, text), body.error());
            draft.body = std::move(*body);
            return {};
        }
        Result<http::Header> header = parse_header(text);
        if (!header) return error(line, column_of(line, text), header.error());
        draft.headers.push_back(std::move(*header));
    }
}

Error VegetaHttpTargets::error(const LineReader::Line& line, std::size_t column, Error cause) const {
    return with_context(lines_.place(line.number, column), std::move(cause));
}

}  // namespace loadgen::scenario
