#include "common/fetch/detail/transfer.hpp"

#include <algorithm>
#include <utility>

namespace loadgen::fetch::detail {
namespace {

constexpr std::size_t kMaxHeadBytes = 64 * 1024;

// RFC 9110 section 5.6.2.
bool is_token(std::string_view text) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               kMarks.find(c) != std::string_view::npos;
    });
}

bool is_field_value(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

long milliseconds(Nanos time) {
    // 0 would mean "no limit" to libcurl.
    return std::max(1L, static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(time).count()));
}

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

Transfer::Transfer(FetchRequest request, HttpClient::Done done)
    : request_(std::move(request)), done_(std::move(done)) {}

Transfer::~Transfer() {
    curl_easy_cleanup(handle_);
    curl_slist_free_all(headers_);
}

Result<void> Transfer::check() {
    if (!is_token(request_.method)) return Error{ErrorCode::kUsage, "the method is no token"};
    auto url = http::parse_url(request_.url);
    if (!url) return Error{ErrorCode::kUsage, "the URL is not an absolute http or https URL"};
    url_ = std::move(*url);
    for (const http::Header& header : request_.headers) {
        if (!is_token(header.name) || !is_field_value(header.value)) {
            return Error{ErrorCode::kUsage, "a header field has a character that may not be sent"};
        }
    }
    return {};
}

Result<void> Transfer::add_headers() {
    const auto append = [this](const std::string& line) {
        curl_slist* longer = curl_slist_append(headers_, line.c_str());
        if (longer != nullptr) headers_ = longer;
        return longer != nullptr;
    };
    bool added = true;
    for (const http::Header& header : request_.headers) {
        // libcurl removes its own field for "name:" and sends an empty one for "name;".
        added = added && append(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
    }
    // Without this, larger bodies wait a second for "100 Continue", and every body is called a form.
    added = added && append("Expect:");
    if (http::find_header(request_.headers, "content-type") == nullptr)
        added = added && append("Content-Type:");
    if (!added) return Error{ErrorCode::kInternal, "out of memory"};
    curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, headers_);
    return {};
}

void Transfer::set_method() {
    if (request_.method == "HEAD") {
        curl_easy_setopt(handle_, CURLOPT_NOBODY, 1L);
        return;
    }
    if (!request_.body.empty() || request_.method == "POST" || request_.method == "PUT") {
        curl_easy_setopt(handle_, CURLOPT_POST, 1L);
        curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
        curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, request_.body.data());
    }
    curl_easy_setopt(handle_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

Result<void> Transfer::prepare(const HttpClientOptions& options) {
    if (auto sendable = check(); !sendable) return sendable;
    handle_ = curl_easy_init();
    if (handle_ == nullptr) return Error{ErrorCode::kInternal, "libcurl gives no handle"};
    curl_easy_setopt(handle_, CURLOPT_PRIVATE, this);
    curl_easy_setopt(handle_, CURLOPT_ERRORBUFFER, error_text_);
    curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle_, CURLOPT_URL, url_.text().c_str());
    if (!url_.user_info.empty()) curl_easy_setopt(handle_, CURLOPT_USERPWD, url_.user_info.c_str());
    curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(handle_, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle_, CURLOPT_PROXY, "");  // not even those of the environment
    curl_easy_setopt(handle_, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(handle_, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request_.connect_timeout));
    curl_easy_setopt(handle_, CURLOPT_TIMEOUT_MS, milliseconds(request_.total_timeout));
    curl_easy_setopt(handle_, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle_, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!options.ca_file.empty()) {
        curl_easy_setopt(handle_, CURLOPT_CAINFO, options.ca_file.c_str());
        curl_easy_setopt(handle_, CURLOPT_CAPATH, nullptr);
    }
    curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    curl_easy_setopt(handle_, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(handle_, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    curl_easy_setopt(handle_, CURLOPT_HEADERDATA, this);
    set_method();
    return add_headers();
}

std::size_t Transfer::on_body(const char* bytes, std::size_t size, std::size_t count, void* self) {
    Transfer& transfer = *static_cast<Transfer*>(self);
    const std::size_t length = size * count;
    std::string& body = transfer.response_.body;
    if (length > transfer.request_.max_response_bytes - body.size()) {
        transfer.body_too_long_ = true;
        return CURL_WRITEFUNC_ERROR;
    }
    body.append(bytes, length);
    return length;
}

std::size_t Transfer::on_header(const char* bytes, std::size_t size, std::size_t count, void* self) {
    Transfer& transfer = *static_cast<Transfer*>(self);
    const std::size_t length = size * count;
    transfer.head_bytes_ += length;
    if (transfer.head_bytes_ > kMaxHeadBytes) {
        transfer.head_too_long_ = true;
        return CURL_WRITEFUNC_ERROR;
    }
    transfer.take_header({bytes, length});
    return length;
}

void Transfer::take_header(std::string_view line) {
    if (line.starts_with("HTTP/")) {  // interim responses come first, each with a status line
        response_.headers.clear();
        return;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    response_.headers.push_back(
        {std::string(line.substr(0, colon)), std::string(trim(line.substr(colon + 1)))});
}

std::string Transfer::place() const {
    if (url_.host.empty()) return "request: ";
    return request_.method + " " + url_.scheme + "://" + url_.authority() + ": ";
}

Error Transfer::error_of(CURLcode code) const {
    if (body_too_long_) {
        return {ErrorCode::kLimit,
                "the response is longer than " + std::to_string(request_.max_response_bytes) + " bytes"};
    }
    if (head_too_long_) return {ErrorCode::kLimit, "the response's head is longer than 65536 bytes"};
    const std::string text = error_text_[0] != '\0' ? error_text_ : curl_easy_strerror(code);
    switch (code) {
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL:
            return {ErrorCode::kUsage, text};
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_BAD_CONTENT_ENCODING:
            return {ErrorCode::kSyntax, text};
        case CURLE_OUT_OF_MEMORY:
            return {ErrorCode::kInternal, text};
        default:
            return {ErrorCode::kIo, text};
    }
}

void Transfer::finish(CURLcode code) {
    if (code != CURLE_OK) return fail(error_of(code));
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<int>(status);
    done_(std::move(response_));
}

}  // namespace loadgen::fetch::detail
