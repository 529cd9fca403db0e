#include "loadgen/cli/attack/attack_settings.hpp"

#include "loadgen/pacing/rate.hpp"

namespace loadgen::cli {
namespace {

OptionGroup load_group(AttackSettings& s) {
    return {"Load",
            {{"rate", into(s.rate, "N[/UNIT]"), "50/1s",
              "Requests per time unit, sent on schedule whatever the answers do. 0 or infinity: as fast as "
              "answers come, "
              "with -max-workers requests in flight."},
             {"duration", into(s.duration, pacing::kLongestSpan), "0",
              "How long to send; 0 = until interrupted."},
             {"phase", into_list(s.phases, "\"KIND key=value …\""), "",
              "A phase of load, repeatable, instead of -rate and -duration: constant, linear, steps, sine, "
              "spike, poisson, "
              "curve, replay, pause. See docs/traffic-models.md."},
             {"count", into(s.count), "0", "Stop after so many requests; 0 = no limit."},
             {"concurrency", into(s.concurrency), "0",
              "Closed model: keep so many requests in flight; the next is due when one completes."},
             {"max-workers", into(s.max_workers), "no cap",
              "At most so many requests in flight. Due work beyond it waits, and the wait counts."},
             {"workers", into(s.workers), "10", "Accepted for vegeta's sake; there are no workers to start."},
             {"threads", into(s.threads), "one a core", "Threads that send."},
             {"pace", into_choice(s.pace, {"sleep", "spin"}), "sleep",
              "How to wait for the next request: sleep, or spin on the clock for microseconds' precision."},
             {"wake-interval", into(s.wake_interval), "100us",
              "Requests due closer together than this share a wake-up: longer costs less CPU, shorter is "
              "more punctual."},
             {"segment", into(s.segment, "K/N"), "",
              "Send the K-th of N shares of the schedule; the other machines send the rest."},
             {"seed", into(s.seed), "random",
              "Seed of everything random; printed, so that a run can be repeated."},
             {"dry-run", into(s.dry_run), "false", "Print what would be sent and when; send nothing."},
             {"dry-run-limit", into(s.dry_run_limit), "1000", "Print at most so many requests."}}};
}

OptionGroup target_group(AttackSettings& s) {
    return {"Targets",
            {{"targets", into_file(s.targets), "stdin", "File with the targets."},
             {"format", into_choice(s.format, {"http", "json"}), "http",
              "Format of the targets (docs/targets.md)."},
             {"lazy", into(s.lazy), "false",
              "Read targets while running and end with the last, instead of cycling."},
             {"body", into_file(s.body_file), "", "File with the body of targets that have none."},
             {"header", into_list(s.headers, "\"Name: value\""), "", "Header for every target, repeatable."},
             {"method", into(s.method, "METHOD"), "GET", "Method of URLs given as arguments."},
             {"chunked", into(s.chunked), "false", "Send bodies with Transfer-Encoding: chunked."},
             {"sequence-header", into(s.sequence_header), "true", "Send X-Vegeta-Seq: the request's number."},
             {"traceparent", into(s.traceparent), "false",
              "Send a W3C traceparent with each request, of a trace of its own; one in the target stays."}}};
}

OptionGroup connection_group(AttackSettings& s) {
    return {
        "Connections",
        {{"connections", into(s.connections), "10000", "Idle connections kept per server at most."},
         {"max-connections", into(s.max_connections), "0",
          "Connections per server at most; 0 = as many as the load needs."},
         {"keepalive", into(s.keepalive), "true", "Reuse connections."},
         {"requests-per-connection", into(s.requests_per_connection), "0",
          "Then open a fresh one; 0 = no limit."},
         {"http2", into(s.http2), "true", "Offer HTTP/2 when TLS is used (ALPN)."},
         {"h2c", into(s.h2c), "false", "HTTP/2 without TLS, by prior knowledge."},
         {"streams", into(s.streams), "100", "Concurrent streams on one HTTP/2 connection at most."},
         {"timeout", into(s.timeout), "30s", "Per request, connecting included; 0 = none."},
         {"redirects", into(s.redirects), "10", "Follow so many; -1 = do not follow, a 3xx is a success."},
         {"connect-to", into_list(s.connect_to, "SRC:PORT:DST:PORT"), "",
          "Dial DST for SRC, repeatable; a repeated SRC takes its DSTs in turn."},
         {"laddr", into_list(s.local_addresses, "IP[,IP…]"), "",
          "Local addresses to send from, used in turn."},
         {"unix-socket", into_file(s.unix_socket), "", "Dial this socket whatever the host."},
         {"resolvers", into_list(s.resolvers, "IP[:PORT][,…]"), "", "DNS servers instead of the system's."},
         {"dns-ttl", into(s.dns_ttl, "DURATION"), "0", "Reuse an answer so long; 0 = for ever, -1 = never."},
         {"proxy", into(s.proxy, "URL"), "", "HTTP proxy; tunnels are made with CONNECT."},
         {"proxy-header", into_list(s.proxy_headers, "\"Name: value\""), "",
          "Header for CONNECT, repeatable."}}};
}

OptionGroup tls_group(AttackSettings& s) {
    return {"TLS",
            {{"insecure", into(s.insecure), "false", "Accept any certificate."},
             {"cert", into_file(s.certificate), "", "Client certificate (PEM)."},
             {"key", into_file(s.key), "", "Its key (PEM)."},
             {"root-certs", into_list(s.root_certificates, "FILE[,FILE…]"), "",
              "CA certificates instead of the system's."},
             {"session-tickets", into(s.session_tickets), "false", "Resume TLS sessions."}}};
}

OptionGroup result_group(AttackSettings& s) {
    return {
        "Results",
        {{"output", into_file(s.output), "stdout",
          "Where the result stream goes; none = no stream, only the report. A terminal gets the report."},
         {"encoding", into_choice(s.encoding, {"gob", "json", "csv"}), "gob",
          "Encoding of the result stream."},
         {"max-body", into_bytes(s.max_body), "0", "Bytes kept of each response body; -1 = 16 MiB."},
         {"keep-headers", into(s.keep_headers), "false", "Keep response headers in results (16 KiB each)."},
         {"name", into(s.name, "NAME"), "", "Name of the attack, in results and as X-Vegeta-Attack."},
         {"json", into_file(s.json_file), "", "Write verdict, statistics and histograms of the run as JSON."},
         {"prometheus-addr", into(s.prometheus_address, "HOST:PORT"), "",
          "Serve metrics for Prometheus at /metrics while running; port 0 takes a free one."},
         {"prometheus-linger", into(s.prometheus_linger), "0",
          "Afterwards wait so long for one more scrape, which sees the final figures."},
         {"quiet", into(s.quiet), "false", "No progress and no notes on stderr."},
         {"yes", into(s.yes), "false", "Yes, load this public address: it is mine to load."}}};
}

}  // namespace

CommandSpec attack_spec(AttackSettings& settings) {
    return {
        .name = "attack",
        .summary = "send load and record every request",
        .usage = "loadgen attack [flags] [URL...]",
        .description =
            "Sends requests on a schedule that does not wait for answers, and charges every answer from the\n"
            "instant its request was due. Takes vegeta's flags and target files. Ends with exit code 4 when\n"
            "the generator could not keep its schedule: such figures would be false.",
        .examples =
            "  loadgen attack -rate 100/s -duration 30s http://127.0.0.1:8080/     one URL, report on the "
            "terminal\n"
            "  loadgen attack -targets t.txt -rate 500 -duration 1m > results.bin   vegeta's way\n"
            "  loadgen attack -phase 'linear from=10/s to=500/s for=1m' -targets t.txt | loadgen report\n"
            "  loadgen attack -concurrency 64 -duration 10s -output none http://127.0.0.1:8080/   closed "
            "model\n"
            "  loadgen attack -dry-run -rate 5/s -duration 2s -targets t.txt        what would be sent, and "
            "when\n",
        .groups = {load_group(settings), target_group(settings), connection_group(settings),
                   tls_group(settings), result_group(settings)}};
}

}  // namespace loadgen::cli
