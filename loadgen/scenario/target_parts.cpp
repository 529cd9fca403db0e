#include "loadgen/scenario/target_parts.hpp"

#include <algorithm>

#include "loadgen/pacing/text_file.hpp"
#include "loadgen/pacing/text_lines.hpp"

namespace loadgen::scenario {
namespace {

using pacing::quoted_start;
using pacing::trim;

/// tchar of RFC 9110 section 5.6.2.
bool is_token_char(char c) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != kMarks.npos;
}

bool is_host(const http::Header& header) {
    return http::equal_name(header.name, "host");
}

/// " HTTP/1.1" at the end, as request lines of the protocol itself have it.
bool ends_with_version(std::string_view text) {
    const std::size_t blank = text.find_last_of(" \t");
    return blank != text.npos && text.substr(blank + 1).starts_with("HTTP/");
}

Error bad_header(std::string_view text, std::string_view why) {
    return {ErrorCode::kSyntax, "bad header \"" + quoted_start(text) + "\": " + std::string(why)};
}

}  // namespace

BodyFiles::BodyFiles(Read read) : read_(std::move(read)) {
    if (!read_) read_ = [](const std::string& path) { return pacing::read_file(path, kMaxBodyFile); };
}

Result<Body> BodyFiles::get(const std::string& path) {
    const auto found = bodies_.find(path);
    if (found != bodies_.end()) return found->second;
    if (path.empty()) return Error{ErrorCode::kSyntax, "bad body: the file name after '@' is missing"};
    Result<std::string> bytes = read_(path);
    if (!bytes) return with_context("bad body: ", bytes.error());
    total_ += bytes->size();
    if (total_ > kMaxTargetMemory)
        return Error{ErrorCode::kLimit, "bad body: " + path + ": body files hold more than 1 GiB in all"};
    Body body = std::make_shared<const std::string>(std::move(*bytes));
    bodies_.emplace(path, body);
    return body;
}

Result<http::Url> parse_target_url(std::string_view text) {
    if (ends_with_version(text))
        return Error{ErrorCode::kSyntax, "bad URL \"" + quoted_start(text) +
                                             "\": leave out the HTTP version, the URL ends the line"};
    const std::size_t host = text.find("://");
    if (host != text.npos && text.substr(host + 3).starts_with(':'))
        return http::parse_url(std::string(text.substr(0, host + 3)) + "localhost" +
                               std::string(text.substr(host + 3)));
    return http::parse_url(text);
}

Result<void> check_header(const http::Header& header) {
    if (header.name.empty()) return bad_header(header.name, "the name is empty");
    if (!std::all_of(header.name.begin(), header.name.end(), is_token_char))
        return bad_header(header.name, "a name may hold letters, digits and !#$%&'*+-.^_`|~ only");
    const bool clean = std::none_of(header.value.begin(), header.value.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    });
    if (!clean) return bad_header(header.name, "the value holds a control character");
    return {};
}

Result<http::Header> parse_header(std::string_view text) {
    constexpr std::string_view kExpected = "expected Name: value";
    const std::size_t colon = text.find(':');
    if (colon == text.npos) return bad_header(text, std::string(kExpected) + ", found no ':'");
    http::Header header{std::string(trim(text.substr(0, colon))), std::string(trim(text.substr(colon + 1)))};
    if (header.name.empty()) return bad_header(text, std::string(kExpected) + ", found no name");
    if (header.value.empty()) return bad_header(text, std::string(kExpected) + ", found no value");
    if (Result<void> checked = check_header(header); !checked) return checked.error();
    return header;
}

std::shared_ptr<const plan::Request> make_request(TargetDraft draft, const TargetDefaults& defaults) {
    auto request = std::make_shared<plan::Request>();
    const std::string& path = draft.url.path_and_query;
    request->endpoint = draft.method + " " + path.substr(0, path.find('?'));
    request->method = std::move(draft.method);
    request->url_text = std::move(draft.url_text);
    request->url = std::move(draft.url);
    request->location = std::move(draft.location);
    request->body = draft.body ? std::move(draft.body) : defaults.body;
    const bool own_host = std::any_of(draft.headers.begin(), draft.headers.end(), is_host);
    bool has_host = false;
    const auto add = [&](http::Header header) {
        if (is_host(header) && std::exchange(has_host, true)) return;
        request->headers.push_back(std::move(header));
    };
    for (const http::Header& header : defaults.headers)
        if (!own_host || !is_host(header)) add(header);
    for (http::Header& header : draft.headers) add(std::move(header));
    return request;
}

}  // namespace loadgen::scenario
