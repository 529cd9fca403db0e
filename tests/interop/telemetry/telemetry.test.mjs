// Our telemetry against implementations of others: the decoder of OpenTelemetry JS for what we send, its W3C propagator
// and dd-trace's own propagator for how contexts travel. Run by ctest; TELEMETRY_PEER is the program with our side.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import http from "node:http";
import { createRequire } from "node:module";
import { test } from "node:test";
import zlib from "node:zlib";
import { answerLines, output } from "./peer.mjs";

const require = createRequire(import.meta.url);
const { opentelemetry } = require("@opentelemetry/otlp-transformer/build/src/generated/root.js");
const { ROOT_CONTEXT, defaultTextMapGetter, trace } = require("@opentelemetry/api");
const { W3CTraceContextPropagator } = require("@opentelemetry/core");
const TextMapPropagator = require("dd-trace/packages/dd-trace/src/opentracing/propagation/text_map.js");

const peer = (command) => output(process.env.TELEMETRY_PEER, [command]);
const peerLines = (command, lines) => answerLines(process.env.TELEMETRY_PEER, [command], lines);

const TraceRequest = opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
const MetricsRequest = opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;

// Long integers as text, bytes as hex: nothing is rounded, everything compares.
function decode(type, bytes) {
    const hexed = (value) =>
        Buffer.isBuffer(value) || value instanceof Uint8Array
            ? Buffer.from(value).toString("hex")
            : Array.isArray(value)
              ? value.map(hexed)
              : value && typeof value === "object"
                ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hexed(inner)]))
                : value;
    return hexed(type.toObject(type.decode(bytes), { longs: String }));
}

const text = (key, value) => ({ key, value: { stringValue: value } });
const sdkAttributes = [
    text("telemetry.sdk.name", "loadgen"),
    text("telemetry.sdk.language", "cpp"),
    text("telemetry.sdk.version", "0.1.0"),
];
const scope = { name: "loadgen", version: "0.1.0" };
const bare = (name) => ({
    traceId: "55".repeat(16),
    spanId: "66".repeat(8),
    name,
    kind: 1,
    startTimeUnixNano: "5",
    endTimeUnixNano: "7",
    flags: 0x101,
});

test("every field of a span arrives", () => {
    assert.deepEqual(decode(TraceRequest, peer("traces")).resourceSpans, [
        {
            resource: {
                attributes: [
                    text("service.name", "orders"),
                    text("service.version", "1.2.3"),
                    text("service.namespace", "shop"),
                    text("service.instance.id", "id-1"),
                    text("deployment.environment.name", "dev"),
                    ...sdkAttributes,
                ],
            },
            scopeSpans: [{ scope, spans: [bare("first"), bare("second")] }],
        },
        {
            resource: { attributes: [text("service.name", "loyalty"), ...sdkAttributes, text("host.name", "h")] },
            scopeSpans: [
                {
                    scope,
                    spans: [
                        {
                            traceId: "0af7651916cd43dd8448eb211c80319c",
                            spanId: "b7ad6b7169203331",
                            traceState: "foo=1,bar=2",
                            parentSpanId: "00f067aa0ba902b7",
                            name: "POST /orders/{id}",
                            kind: 2,
                            startTimeUnixNano: "1735725600123456789",
                            endTimeUnixNano: "1735725601000000001",
                            attributes: [
                                text("text", "a €"),
                                text("empty", ""),
                                text("broken", "x\ufffdy"),
                                { key: "minimum", value: { intValue: "-9223372036854775808" } },
                                { key: "zero", value: { intValue: "0" } },
                                { key: "half", value: { doubleValue: 0.5 } },
                                { key: "yes", value: { boolValue: true } },
                                { key: "no", value: { boolValue: false } },
                                text("long", "l".repeat(300)),
                            ],
                            droppedAttributesCount: 1,
                            events: [
                                {
                                    timeUnixNano: "1735725600500000000",
                                    name: "exception",
                                    attributes: [text("exception.message", "why")],
                                    droppedAttributesCount: 5,
                                },
                            ],
                            droppedEventsCount: 300,
                            links: [
                                {
                                    traceId: "11".repeat(16),
                                    spanId: "22".repeat(8),
                                    traceState: "dd=s:1",
                                    attributes: [text("k", "v")],
                                    droppedAttributesCount: 4,
                                    flags: 0x301,
                                },
                                { traceId: "33".repeat(16), spanId: "44".repeat(8), flags: 0x100 },
                            ],
                            droppedLinksCount: 2,
                            status: { message: "why", code: 2 },
                            flags: 0x303,
                        },
                    ],
                },
            ],
        },
        { resource: {}, scopeSpans: [{ scope, spans: [bare("unknown scope")] }] },
    ]);
});

test("every field of a metric arrives", () => {
    const times = { startTimeUnixNano: "1000", timeUnixNano: "2000" };
    assert.deepEqual(decode(MetricsRequest, peer("metrics")).resourceMetrics, [
        {
            resource: { attributes: [text("service.name", "loyalty"), ...sdkAttributes, text("host.name", "h")] },
            scopeMetrics: [
                {
                    scope,
                    metrics: [
                        {
                            name: "orders.placed",
                            unit: "{order}",
                            sum: {
                                dataPoints: [
                                    { ...times, asInt: "9000000000000000000", attributes: [text("k", "v")] },
                                    { ...times, asInt: "0" },
                                ],
                                aggregationTemporality: 2,
                                isMonotonic: true,
                            },
                        },
                        {
                            name: "queue.size",
                            unit: "{span}",
                            sum: { dataPoints: [{ ...times, asDouble: -3.5 }], aggregationTemporality: 2 },
                        },
                        {
                            name: "queue.age",
                            unit: "s",
                            gauge: {
                                dataPoints: [
                                    {
                                        timeUnixNano: "2000",
                                        asDouble: 2.25,
                                        attributes: [{ key: "q", value: { intValue: "1" } }],
                                    },
                                ],
                            },
                        },
                        {
                            name: "http.server.request.duration",
                            unit: "s",
                            histogram: {
                                dataPoints: [
                                    {
                                        ...times,
                                        count: "3",
                                        sum: 1.5,
                                        bucketCounts: [1, 0, 2, ...Array(12).fill(0)].map(String),
                                        explicitBounds: [
                                            0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
                                        ],
                                        attributes: [text("http.route", "/")],
                                    },
                                ],
                                aggregationTemporality: 2,
                            },
                        },
                    ],
                },
            ],
        },
    ]);
});

// Refuses once in each retryable way, then takes everything.
function receiver() {
    const refusals = [503, 429, 502, 504];
    const received = { spans: [], metrics: [], problems: [] };
    const server = http.createServer(async (request, response) => {
        const chunks = [];
        for await (const chunk of request) chunks.push(chunk);
        if (request.headers["content-type"] !== "application/x-protobuf") received.problems.push("content-type");
        if (request.headers["content-encoding"] !== "gzip") received.problems.push("content-encoding");
        const refusal = request.url === "/v1/traces" && refusals.shift();
        if (refusal) return response.writeHead(refusal, { "Retry-After": "0" }).end();
        const body = zlib.gunzipSync(Buffer.concat(chunks));
        if (request.url === "/v1/traces") received.spans.push(...decode(TraceRequest, body).resourceSpans);
        else if (request.url === "/v1/metrics") received.metrics.push(...decode(MetricsRequest, body).resourceMetrics);
        else received.problems.push(request.url);
        response.writeHead(200, { "Content-Type": "application/x-protobuf" }).end();
    });
    return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve({ server, received })));
}

test("a receiver gets every span once, parents and links fit, and the figures agree", async () => {
    const { server, received } = await receiver();
    const child = spawn(process.env.TELEMETRY_PEER, ["export", `http://127.0.0.1:${server.address().port}`]);
    const status = await new Promise((resolve) => child.on("close", resolve));
    server.close();
    server.closeAllConnections();
    assert.equal(status, 0);
    assert.deepEqual(received.problems, []);

    const name = (block) => block.resource.attributes.find(({ key }) => key === "service.name").value.stringValue;
    const spans = received.spans.flatMap((block) =>
        block.scopeSpans.flatMap((inner) => inner.spans.map((span) => ({ ...span, service: name(block) }))),
    );
    assert.equal(spans.length, 3000);
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    assert.equal(byId.size, 3000);
    const kinds = { publish: 4, continue: 2, process: 5 };
    for (const span of spans) {
        assert.equal(span.service, span.name === "process" ? "loyalty" : "orders");
        assert.equal(span.kind, kinds[span.name]);
        assert.ok(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano));
        // 03: sampled and random; 0x100: remoteness is known; 0x200: the parent is remote
        assert.equal(span.flags, span.name === "continue" ? 0x303 : 0x103);
        const other = span.name === "continue" ? byId.get(span.parentSpanId) : span.links && byId.get(span.links[0].spanId);
        if (span.name === "publish") assert.equal(span.parentSpanId, undefined);
        else assert.equal(other.name, "publish");
        if (span.name === "continue") assert.equal(other.traceId, span.traceId);
        if (span.name === "process") assert.equal(span.links[0].flags, 0x303);
    }

    const points = (block, metric) =>
        block.scopeMetrics[0].metrics.filter((one) => one.name === metric).flatMap((one) => (one.sum ?? one.histogram).dataPoints);
    const last = (service) => received.metrics.filter((block) => name(block) === service).at(-1);
    const attribute = (point, key) => point.attributes?.find((one) => one.key === key)?.value.stringValue;
    const total = (list) => list.reduce((sum, point) => sum + Number(point.asInt ?? point.asDouble), 0);
    assert.equal(total(points(last("orders"), "orders.placed")), 1000);
    assert.equal(points(last("orders"), "http.server.request.duration")[0].bucketCounts[1], "1");
    const sdk = last("loadgen");
    assert.equal(total(points(sdk, "otel.sdk.span.started")), 3000);
    assert.equal(total(points(sdk, "otel.sdk.span.live")), 0);
    const processed = points(sdk, "otel.sdk.processor.span.processed");
    assert.equal(total(processed.filter((point) => !attribute(point, "error.type"))), 3000);
    assert.equal(total(processed.filter((point) => attribute(point, "error.type") === "queue_full")), 0);
    assert.equal(total(points(sdk, "otel.sdk.exporter.span.exported")), 3000);
    assert.equal(total(points(sdk, "otel.sdk.processor.span.queue.capacity")), 16384);
});

const datadog = (styles) =>
    new TextMapPropagator({
        tracePropagationStyle: { inject: styles, extract: styles },
        tagsHeaderMaxLength: 512,
        legacyBaggageEnabled: false,
    });
const hex = (bytes) => randomBytes(bytes).toString("hex");

test("dd-trace reads the carriers that we write", () => {
    const contexts = Array.from({ length: 500 }, (_, i) => ({
        traceId: i % 5 === 0 ? "0".repeat(16) + hex(8) : hex(16),
        spanId: hex(8),
        flags: i % 2 === 0 ? "01" : "00",
    }));
    const lines = peerLines(
        "write-carriers",
        contexts.map(({ traceId, spanId, flags }) => `00-${traceId}-${spanId}-${flags}\tfoo=1`),
    );
    assert.equal(lines.length, contexts.length);
    lines.forEach((line, i) => {
        const carrier = Object.fromEntries(
            line.split("\t").filter(Boolean).map((field) => [field.slice(0, field.indexOf("=")), field.slice(field.indexOf("=") + 1)]),
        );
        const { traceId, spanId, flags } = contexts[i];
        for (const styles of [["datadog"], ["tracecontext"], ["datadog", "tracecontext"]]) {
            const read = datadog(styles).extract({ ...carrier });
            assert.equal(read.toTraceId(true), traceId, styles.join());
            assert.equal(read.toSpanId(true), spanId, styles.join());
            assert.equal(read._sampling.priority, Number(flags), styles.join());
            assert.deepEqual(read._links, []); // the styles agree
        }
    });
});

test("we read the carriers that dd-trace writes", () => {
    const SpanContext = require("dd-trace/packages/dd-trace/src/opentracing/span_context.js");
    const id = require("dd-trace/packages/dd-trace/src/id.js");
    const lines = [];
    const expected = [];
    for (let i = 0; i < 500; ++i) {
        const [high, low, spanId] = [hex(8), hex(8), hex(8)];
        const priority = [2, 1, 0, -1][i % 4];
        const context = new SpanContext({
            traceId: id(low),
            spanId: id(spanId),
            isRemote: false,
            sampling: { priority },
            trace: { started: [], finished: [], tags: i % 3 === 0 ? {} : { "_dd.p.dm": "-4", "_dd.p.tid": high } },
        });
        for (const styles of [["datadog"], ["datadog", "tracecontext"]]) {
            const carrier = {};
            datadog(styles).inject(context, carrier);
            lines.push(Object.entries(carrier).map(([key, value]) => `${key}=${value}`).join("\t"));
            const traceId = (i % 3 === 0 ? "0".repeat(16) : high) + low;
            expected.push(`00-${traceId}-${spanId}-${priority > 0 ? "01" : "00"}\t${carrier.tracestate ?? ""}`);
        }
    }
    assert.deepEqual(peerLines("read-carriers", lines), expected);
});

test("traceparent and tracestate are read as OpenTelemetry JS reads them", () => {
    const ids = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331";
    const cases = [
        [`00-${ids}-00`, ""],
        [`00-${ids}-01`, "foo=1"],
        [`00-${ids}-01`, "foo=1,bar=2"],
        [`00-${ids}-01`, " foo=1 , bar=2 "],
        [`00-${ids}-01`, "foo=1,,bar=2"],
        [`00-${ids}-01`, "fw529a3039@dt=FfIBAAAA"],
        [`00-${ids}-01`, "dd=s:1;o:rum;p:b7ad6b7169203331;t.dm:-4;t.tid:0af7651916cd43dd"],
        [`cc-${ids}-01`, ""],
        [`cc-${ids}-01-more`, ""],
        [`00-${ids}-01-more`, ""],
        [`ff-${ids}-01`, ""],
        [`00-${ids}`, "foo=1"],
        [`00-${ids}-1`, ""],
        [`00-00000000000000000000000000000000-b7ad6b7169203331-01`, ""],
        [`00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01`, ""],
        [`00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01`, ""],
        ["", "foo=1"],
    ];
    for (let i = 0; i < 200; ++i) cases.push([`00-${hex(16)}-${hex(8)}-0${i % 2}`, `k${i}=${hex(4)}`]);
    const propagator = new W3CTraceContextPropagator();
    const expected = cases.map(([traceparent, tracestate]) => {
        const read = propagator.extract(ROOT_CONTEXT, { traceparent, tracestate }, defaultTextMapGetter);
        const context = trace.getSpanContext(read);
        if (!context) return "";
        const flags = context.traceFlags.toString(16).padStart(2, "0");
        return `00-${context.traceId}-${context.spanId}-${flags}\t${context.traceState?.serialize() ?? ""}`;
    });
    assert.deepEqual(peerLines("extract", cases.map((fields) => fields.join("\t"))), expected);
});
