#include "tests/support/http1_cases.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace loadgen::test {
namespace {

std::string repeated(const std::string& text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t open = text.find("\\{", at);
        out.append(text, at, open - at);
        if (open == std::string::npos) break;
        const std::size_t close = text.find('}', open);
        const std::size_t star = text.rfind('*', close);
        const int count = std::stoi(text.substr(star + 1, close - star - 1));
        for (int i = 0; i < count; ++i) out.append(text, open + 2, star - open - 2);
        at = close + 1;
    }
    return out;
}

std::string unescaped(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            out += text[i];
            continue;
        }
        switch (text.at(++i)) {
            case 'r':
                out += '\r';
                break;
            case 'n':
                out += '\n';
                break;
            case 't':
                out += '\t';
                break;
            case '0':
                out += '\0';
                break;
            case '\\':
                out += '\\';
                break;
            case 'x':
                out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
                i += 2;
                break;
            default:
                throw std::runtime_error("unknown escape in \"" + text + "\"");
        }
    }
    return out;
}

std::string with_newlines(std::string text) {
    for (std::size_t at = 0; (at = text.find("\\n", at)) != std::string::npos;) text.replace(at, 2, "\n");
    return text;
}

http::Http1Parser::Method method_named(const std::string& name) {
    using Method = http::Http1Parser::Method;
    return name == "HEAD" ? Method::kHead : name == "CONNECT" ? Method::kConnect : Method::kOther;
}

void read_setting(const std::string& line, Http1Stream& stream) {
    std::istringstream words(line);
    std::string word;
    words >> word;
    std::uint32_t number = 0;
    if (word == "mode") {
        words >> word;
        stream.mode =
            word == "request" ? http::Http1Parser::Mode::kRequest : http::Http1Parser::Mode::kResponse;
    } else if (word == "methods") {
        while (words >> word) stream.methods.push_back(method_named(word));
    } else if (word == "finish") {
        stream.finish = true;
    } else if (word == "limit-head" && words >> number) {
        stream.limits.max_head_bytes = number;
    } else if (word == "limit-fields" && words >> number) {
        stream.limits.max_headers = number;
    } else if (word == "limit-extension" && words >> number) {
        stream.limits.max_chunk_extension_bytes = number;
    } else {
        throw std::runtime_error("unknown setting: " + line);
    }
}

void read_file(const std::filesystem::path& path, std::vector<Http1Case>& cases) {
    enum class Part { kSettings, kBytes, kEvents } part = Part::kSettings;
    std::ifstream file(path);
    int number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (line.starts_with("=== ")) {
            cases.push_back({path.filename().string(), number, line.substr(4), {}, {}});
            part = Part::kSettings;
        } else if (line == "--- bytes") {
            part = Part::kBytes;
        } else if (line == "--- events") {
            part = Part::kEvents;
        } else if (line.empty() || (part == Part::kSettings && line.starts_with("#"))) {
            continue;
        } else if (part == Part::kSettings) {
            read_setting(line, cases.back().stream);
        } else if (part == Part::kBytes) {
            cases.back().stream.bytes += unescaped(repeated(line));
        } else if (line.find("\\{") != std::string::npos) {
            cases.back().events += with_newlines(repeated(line)) + "\n";
        } else {
            cases.back().events += line + "\n";
        }
    }
}

}  // namespace

std::vector<Http1Case> read_http1_cases(const std::string& folder) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".txt") paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    std::vector<Http1Case> cases;
    for (const auto& path : paths) read_file(path, cases);
    return cases;
}

}  // namespace loadgen::test
