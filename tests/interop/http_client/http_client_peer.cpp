// The side of the interop test that uses our code. A line of input gives a line of output; fields are in hex
// where they may hold anything. See http_client.test.mjs.
#include <iostream>
#include <iterator>

#include "common/base/encoding.hpp"
#include "common/http/content_decoding.hpp"
#include "common/http/cookie_date.hpp"
#include "common/http/cookie_jar.hpp"
#include "common/http/event_stream.hpp"
#include "common/http/form.hpp"
#include "tests/interop/http_client/hex.hpp"
#include "tests/interop/http_client/websocket_peer.hpp"

namespace {

using namespace loadgen;
using test::from_hex;
using test::words_of;

std::string all_input() {
    return {std::istreambuf_iterator<char>(std::cin), {}};
}

/// "new", "set URL COOKIE" or "get URL" in; the Cookie field in hex out.
void cookies() {
    http::CookieJar jar;
    const WallTime now = system_clock().wall_now();
    for (std::string line; std::getline(std::cin, line);) {
        const auto words = words_of(line);
        if (words[0] == "new") {
            jar.clear();
            continue;
        }
        const auto url = http::parse_url(from_hex(words.at(1)));
        if (words[0] == "set") {
            jar.store(*url, from_hex(words.at(2)), now);
        } else {
            std::string field;
            jar.append_cookie_header(field, *url, now);
            std::cout << to_hex(field) << '\n';
        }
    }
}

/// A date in hex in; seconds, or "none", out.
void dates() {
    for (std::string line; std::getline(std::cin, line);) {
        const auto date = http::parse_cookie_date(from_hex(line));
        std::cout << (date ? std::to_string(date->unix_ns / 1'000'000'000) : "none") << '\n';
    }
}

/// "name value name value ..." in; the body out.
void forms() {
    for (std::string line; std::getline(std::cin, line);) {
        const auto words = words_of(line);
        std::string body;
        http::UrlEncodedWriter writer(body);
        for (std::size_t i = 0; i + 1 < words.size(); i += 2)
            writer.add(from_hex(words[i]), from_hex(words[i + 1]));
        std::cout << body << '\n';
    }
}

/// "field name value" or "file name filename type bytes" in; the content type, a line end and the body out.
void multipart() {
    std::string body;
    Random random(1);
    http::MultipartWriter writer(body, http::random_boundary(random));
    for (std::string line; std::getline(std::cin, line);) {
        auto words = words_of(line);
        const std::string kind = words[0];
        for (std::size_t i = 1; i < words.size(); ++i) words[i] = from_hex(words[i]);
        const bool ok = kind == "field"
                            ? writer.add(words.at(1), words.at(2)).has_value()
                            : writer.add_file(words.at(1), words.at(2), words.at(4), words.at(3)).has_value();
        if (!ok) std::cout << "refused\n";
    }
    writer.finish();
    std::cout << writer.content_type() << '\n' << body;
}

/// A body in; what it decodes to, or the error, out.
void decoding(const std::string& codings) {
    std::string out;
    const auto done = http::decode(codings, all_input(), out);
    std::cout << (done ? out : done.error().message);
}

class PrintEvents final : public http::EventStreamEvents {
  public:
    void on_event(const http::StreamEvent& event) override {
        std::cout << "event " << to_hex(event.type) << ' ' << to_hex(event.data) << ' ' << to_hex(event.id)
                  << '\n';
    }
    void on_retry(std::uint32_t milliseconds) override { std::cout << "retry " << milliseconds << '\n'; }
};

/// A stream in, in pieces of a size that changes; a line for each event out.
void event_stream() {
    PrintEvents events;
    http::EventStreamParser parser(events);
    const std::string stream = all_input();
    for (std::size_t at = 0, piece = 1; at < stream.size(); at += piece, piece = piece % 97 + 1) {
        if (!parser.feed(std::string_view(stream).substr(at, piece))) std::cout << "error\n";
        if (at + piece >= stream.size()) break;
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::string command = argc > 1 ? argv[1] : "";
    if (command == "cookies") cookies();
    if (command == "dates") dates();
    if (command == "forms") forms();
    if (command == "multipart") multipart();
    if (command == "decode" && argc > 2) decoding(argv[2]);
    if (command == "events") event_stream();
    if (command == "websocket" && argc > 3) return test::run_websocket(argv[2], argv[3]);
    return std::cout.good() ? 0 : 1;
}
