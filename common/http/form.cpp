#include "common/http/form.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "common/base/encoding.hpp"
#include "common/http/header.hpp"
#include "common/http/http1_writer.hpp"

namespace loadgen::http {
namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

void append_percent(std::string& out, char c) {
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4U];
    out += kHex[byte & 0xFU];
}

void append_encoded(std::string& out, std::string_view text) {
    for (const char c : text) {
        if (is_letter_or_digit(c) || c == '*' || c == '-' || c == '.' || c == '_') {
            out += c;
        } else if (c == ' ') {
            out += '+';
        } else {
            append_percent(out, c);
        }
    }
}

/// The name of a pair, decoded, so that "%61" and "a" are the same.
std::string name_of(std::string_view pair) {
    const std::string_view text = pair.substr(0, pair.find('='));
    std::string name;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                            hex_value(text[i + 2]) >= 0;
        if (escape) {
            name += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else {
            name += text[i] == '+' ? ' ' : text[i];
        }
    }
    return name;
}

template <typename Use>
void for_each_pair(std::string_view query, Use&& use) {
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        if (end > 0) use(query.substr(0, end));
        query.remove_prefix(std::min(end + 1, query.size()));
    }
}

std::string merged(std::string_view old_query, std::string_view query) {
    std::vector<std::string> given;
    for_each_pair(query, [&](std::string_view pair) { given.push_back(name_of(pair)); });
    std::string out;
    for_each_pair(old_query, [&](std::string_view pair) {
        if (std::find(given.begin(), given.end(), name_of(pair)) != given.end()) return;
        if (!out.empty()) out += '&';
        out += pair;
    });
    if (!out.empty() && !query.empty()) out += '&';
    return out.append(query);
}

void append_quoted(std::string& out, std::string_view name) {
    out += '"';
    for (const char c : name) {
        if (c == '"' || c == '\r' || c == '\n') {
            append_percent(out, c);
        } else {
            out += c;
        }
    }
    out += '"';
}

struct FileKind {
    std::string_view ending;
    std::string_view content_type;
};

constexpr std::array kFileKinds{
    FileKind{"avif", "image/avif"},
    FileKind{"bmp", "image/bmp"},
    FileKind{"css", "text/css"},
    FileKind{"csv", "text/csv"},
    FileKind{"gif", "image/gif"},
    FileKind{"gz", "application/gzip"},
    FileKind{"htm", "text/html"},
    FileKind{"html", "text/html"},
    FileKind{"ico", "image/vnd.microsoft.icon"},
    FileKind{"jpeg", "image/jpeg"},
    FileKind{"jpg", "image/jpeg"},
    FileKind{"js", "text/javascript"},
    FileKind{"json", "application/json"},
    FileKind{"md", "text/markdown"},
    FileKind{"mp3", "audio/mpeg"},
    FileKind{"mp4", "video/mp4"},
    FileKind{"pdf", "application/pdf"},
    FileKind{"png", "image/png"},
    FileKind{"svg", "image/svg+xml"},
    FileKind{"tar", "application/x-tar"},
    FileKind{"txt", "text/plain"},
    FileKind{"wasm", "application/wasm"},
    FileKind{"webp", "image/webp"},
    FileKind{"xml", "application/xml"},
    FileKind{"yaml", "application/yaml"},
    FileKind{"yml", "application/yaml"},
    FileKind{"zip", "application/zip"},
};

}  // namespace

void UrlEncodedWriter::add(std::string_view name, std::string_view value) {
    if (!first_) out_ += '&';
    first_ = false;
    append_encoded(out_, name);
    out_ += '=';
    append_encoded(out_, value);
}

std::string with_query(std::string_view path_and_query, std::string_view query, QueryRule rule) {
    const std::size_t mark = std::min(path_and_query.find('?'), path_and_query.size());
    const std::string_view old = path_and_query.substr(std::min(mark + 1, path_and_query.size()));
    const std::string next = rule == QueryRule::kMerge ? merged(old, query) : std::string(query);
    std::string out(path_and_query.substr(0, mark));
    if (!next.empty()) out.append("?").append(next);
    return out;
}

std::string random_boundary(Random& random) {
    std::string boundary(30, '-');
    for (int word = 0; word < 2; ++word) {
        std::uint64_t bits = random.next();
        for (int digit = 0; digit < 16; ++digit, bits >>= 4U) boundary += kHex[bits & 0xFU];
    }
    return boundary;
}

Result<void> MultipartWriter::add(std::string_view name, std::string_view value,
                                  std::string_view content_type) {
    if (auto begun = begin(name, nullptr, content_type); !begun) return begun;
    out_.append(value).append("\r\n");
    return {};
}

Result<void> MultipartWriter::add_file(std::string_view name, std::string_view file_name,
                                       std::string_view bytes, std::string_view content_type) {
    if (content_type.empty()) content_type = content_type_of_file(file_name);
    if (auto begun = begin(name, &file_name, content_type); !begun) return begun;
    out_.append(bytes).append("\r\n");
    return {};
}

Result<void> MultipartWriter::begin(std::string_view name, const std::string_view* file_name,
                                    std::string_view content_type) {
    if (!is_valid_field_value(content_type)) {
        return Error{ErrorCode::kUsage, "form part \"" + std::string(name.substr(0, 60)) +
                                            "\": the content type holds a control character"};
    }
    out_.append("--").append(boundary_).append("\r\nContent-Disposition: form-data; name=");
    append_quoted(out_, name);
    if (file_name != nullptr) {
        out_.append("; filename=");
        append_quoted(out_, *file_name);
    }
    if (!content_type.empty()) out_.append("\r\nContent-Type: ").append(content_type);
    out_.append("\r\n\r\n");
    return {};
}

void MultipartWriter::finish() {
    out_.append("--").append(boundary_).append("--\r\n");
}

std::string_view content_type_of_file(std::string_view file_name) {
    const std::size_t dot = file_name.rfind('.');
    if (dot != std::string_view::npos) {
        for (const FileKind& kind : kFileKinds) {
            if (equal_name(kind.ending, file_name.substr(dot + 1))) return kind.content_type;
        }
    }
    return "application/octet-stream";
}

std::string basic_authorization(std::string_view user, std::string_view password) {
    std::string credentials(user);
    credentials.append(":").append(password);
    std::string out = "Basic ";
    append_base64(out, credentials);
    return out;
}

}  // namespace loadgen::http
