// Writes the pages that the browser tests look at, and beside each what must be found in it:
//   plot_pages SCENE OUTPUT.html [REQUESTS]
// prints one JSON line with the page's true figures. Scenes are seeded: the same every time.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>

#include "common/base/random.hpp"
#include "reports/model/plot_data.hpp"
#include "reports/render/plot_html.hpp"

namespace {

using loadgen::Cause;
using loadgen::Nanos;
using loadgen::Random;
using loadgen::WallTime;
using loadgen::reports::PlotBuilder;
using loadgen::runlog::Record;

constexpr std::int64_t kStart = 1'780'000'000'123'456'789;

struct Figures {
    std::uint64_t requests = 0;
    std::uint64_t failures = 0;
    std::int64_t longest_ns = 0;
};

void add(PlotBuilder& builder, Figures& figures, const Record& record) {
    builder.add(record);
    ++figures.requests;
    if (loadgen::reports::is_failure(record)) ++figures.failures;
    figures.longest_ns = std::max(figures.longest_ns, record.latency.count());
}

Record request(std::string attack, std::int64_t due_ns, double latency_ms) {
    Record record;
    record.attack = std::move(attack);
    record.code = 200;
    record.timestamp = WallTime{kStart + due_ns};
    record.latency = Nanos(static_cast<std::int64_t>(latency_ms * 1e6));
    return record;
}

void fail(Record& record, std::uint16_t code, Cause cause, std::string error) {
    record.code = code;
    record.error = std::move(error);
    if (!record.detail) record.detail.emplace();
    record.detail->cause = cause;
}

double log_normal(Random& random, double median, double sigma) {
    const double radius = std::sqrt(2 * random.exponential());
    return median * std::exp(sigma * radius * std::cos(6.283185307179586 * random.uniform()));
}

// A deploy under load: two modes of latency, a stall in the middle, refused connections, some 503.
void deploy(PlotBuilder& builder, Figures& figures, std::uint64_t requests, std::string attack,
            double scale) {
    Random random(7);
    const std::int64_t step = 60'000'000'000 / static_cast<std::int64_t>(requests);
    for (std::uint64_t i = 0; i < requests; ++i) {
        const std::int64_t due = static_cast<std::int64_t>(i) * step;
        const double at = static_cast<double>(due) / 1e9;
        const bool cold = random.uniform() < 0.12;
        Record record = request(attack, due, scale * log_normal(random, cold ? 38 : 6, 0.28));
        record.detail.emplace();
        record.detail->send_delay = Nanos(static_cast<std::int64_t>(20'000 * random.exponential()));
        if (at > 31 && at < 32.2) record.latency += Nanos(static_cast<std::int64_t>((32.2 - at) * 1e9));
        if (at > 30.4 && at < 31 && random.uniform() < 0.5) {
            record.latency = Nanos(static_cast<std::int64_t>(180'000 * random.exponential()) + 60'000);
            fail(record, 0, Cause::kRefused, "connect 127.0.0.1:8080: connection refused");
        } else if (at > 45 && random.uniform() < 0.002) {
            fail(record, 503, Cause::kHttp5xx, "503 Service Unavailable");
        } else if (random.uniform() < 0.0002) {
            record.latency = Nanos(5'000'000'000);
            fail(record, 0, Cause::kTimeout, "no answer within 5s");
        }
        add(builder, figures, record);
    }
}

void hostile(PlotBuilder& builder, Figures& figures) {
    const std::string text =
        "</script><script>document.title='owned'</script>\"'`<img src=\"http://127.0.0.1:9/\" "
        "onerror=alert(1)>"
        "\xE2\x80\xA8\xE2\x80\xA9\xFF\xC0\x80 <!--loadgen:payload--> &amp; ${x} {{script}}";
    for (int i = 0; i < 50; ++i) {
        Record record = request(i % 2 == 0 ? text : "plain", i * std::int64_t{10'000'000}, 1 + i);
        if (i % 5 == 0) fail(record, 500, Cause::kHttp5xx, text + std::to_string(i % 3));
        add(builder, figures, record);
    }
}

// Several failures at one and the same instant with one and the same latency: each still counts.
void twins(PlotBuilder& builder, Figures& figures) {
    for (int i = 0; i < 20; ++i) {
        Record record = request("", (i / 10) * std::int64_t{1'000'000'000}, 3);
        if (i % 10 < 7) fail(record, 0, Cause::kResetInflight, "connection reset by peer");
        record.detail.reset();
        add(builder, figures, record);
    }
}

void broken(PlotBuilder& builder, Figures& figures, std::uint64_t requests) {
    Random random(11);
    for (std::uint64_t i = 0; i < requests; ++i) {
        Record record = request("", static_cast<std::int64_t>(i) * 60'000, log_normal(random, 2, 0.5));
        fail(record, 502, Cause::kHttp5xx, "502 Bad Gateway");
        add(builder, figures, record);
    }
}

bool build(std::string_view scene, std::uint64_t requests, PlotBuilder& builder, Figures& figures) {
    if (scene == "deploy") {
        deploy(builder, figures, requests, "checkout", 1);
    } else if (scene == "compare") {
        deploy(builder, figures, requests, "before", 1);
        deploy(builder, figures, requests, "after", 1.4);
    } else if (scene == "hostile") {
        hostile(builder, figures);
    } else if (scene == "twins") {
        twins(builder, figures);
    } else if (scene == "broken") {
        broken(builder, figures, requests);
    } else if (scene == "single") {
        add(builder, figures, request("", 0, 12.5));
    } else if (scene != "empty") {
        return false;
    }
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    std::uint64_t requests = 30'000;
    if (argc == 4) std::from_chars(argv[3], argv[3] + std::strlen(argv[3]), requests);
    PlotBuilder builder;
    Figures figures;
    if (argc < 3 || requests == 0 || !build(argv[1], requests, builder, figures)) {
        std::fputs(
            "usage: plot_pages deploy|compare|hostile|twins|broken|single|empty OUTPUT.html [REQUESTS]\n",
            stderr);
        return 2;
    }
    const bool is_hostile = std::string_view(argv[1]) == "hostile";
    const std::string title =
        is_hostile ? "</title><script>document.title='owned'</script>&\"'" : "Checkout, 500/s for a minute";
    std::ofstream(argv[2], std::ios::binary) << loadgen::reports::render_plot_html(builder.finish(), title);
    std::printf("{\"requests\":%llu,\"failures\":%llu,\"longest_ns\":%lld}\n",
                static_cast<unsigned long long>(figures.requests),
                static_cast<unsigned long long>(figures.failures),
                static_cast<long long>(figures.longest_ns));
    return 0;
}
