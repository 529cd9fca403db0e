#include "services/platform/middlewares/access_log.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace loadgen::services::platform {
namespace {

constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void append_time(std::string& out, WallTime time) {
    using namespace std::chrono;
    const sys_time<nanoseconds> point{nanoseconds(time.unix_ns)};
    const auto day = floor<days>(point);
    const year_month_day date(day);
    const hh_mm_ss clock(floor<seconds>(point - day));
    std::array<char, 48> text{};
    const int length =
        std::snprintf(text.data(), text.size(), "[%02u/%s/%04d:%02d:%02d:%02d +0000]",
                      static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                      static_cast<int>(date.year()), static_cast<int>(clock.hours().count()),
                      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    out.append(text.data(), static_cast<std::size_t>(length));
}

void append_escaped(std::string& out, std::string_view text) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 0x20 && byte < 0x7f && c != '"' && c != '\\') {
            out += c;
        } else {
            out += "\\x";
            out += kDigits[byte >> 4U];
            out += kDigits[byte & 0xfU];
        }
    }
}

std::string_view version_name(http::Version version) {
    switch (version) {
        case http::Version::kHttp10:
            return "HTTP/1.0";
        case http::Version::kHttp11:
            return "HTTP/1.1";
        case http::Version::kHttp2:
            return "HTTP/2.0";
    }
    return {};
}

}  // namespace

void AccessLog::on_response(Call& call, http::Response& response) {
    const http::Request& request = call.request();
    line_ = call.peer;
    line_ += " - - ";
    append_time(line_, clock_.wall_now());
    line_ += " \"";
    append_escaped(line_, request.method);
    line_ += ' ';
    append_escaped(line_, request.target);
    line_ += ' ';
    line_ += version_name(request.version);
    line_ += "\" " + std::to_string(response.status) + ' ' + std::to_string(response.body.size());
    line_ += " \"" + call.id + "\" ";
    line_ += std::to_string(nanos_since(call.started(), clock_.now()) / 1000) + '\n';
    sink_.write_line(line_);
}

}  // namespace loadgen::services::platform
