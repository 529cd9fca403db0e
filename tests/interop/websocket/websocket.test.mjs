// Scenarios over WebSocket against the npm package ws, and with server-sent events against Node's HTTP server: what the
// servers see, what the reports count, and how users end when servers misbehave. Run by ctest; WEBSOCKET_PEER is loadgen.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { WebSocketServer } from "ws";

const loadgen = process.env.WEBSOCKET_PEER;

// Runs a script in a folder of its own. Its phases are one user unless it has some.
function start(t, target, flow, config = {}, scenario = { engine: "ws" }) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadgen-ws-"));
    t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
    const script = {
        config: { target, phases: [{ duration: "50ms", arrivalCount: 1 }], ...config },
        scenarios: [{ ...scenario, flow }],
    };
    fs.writeFileSync(path.join(folder, "s.json"), JSON.stringify(script));
    const child = spawn(loadgen, ["run", "-o", "report.json", "s.json"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (data) => (output.stdout += data));
    child.stderr.on("data", (data) => (output.stderr += data));
    const ended = once(child, "close").then(([code]) => {
        const file = path.join(folder, "report.json");
        const report = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")).aggregate : { counters: {} };
        return { code, ...output, counters: report.counters, summaries: report.summaries ?? {} };
    });
    return { child, ended };
}

// What the program sent last may still be on its way to a server of ours when the program has ended.
const servers = new Set();
async function allGone() {
    for (const server of servers) {
        for (const socket of server.clients) if (!socket.isPaused) await once(socket, "close");
    }
}

async function run(...args) {
    const result = await start(...args).ended;
    await allGone();
    return result;
}

async function listen(t, server) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => {
        server.closeAllConnections?.();
        server.close();
    });
    return server.address().port;
}

// A server of ws; `talk(socket, request)` is told of each connection. Closed codes are in `codes`.
async function webSockets(t, talk, options = {}, server = http.createServer()) {
    const port = await listen(t, server);
    const sockets = new WebSocketServer({ server, ...options });
    servers.add(sockets);
    const seen = { port, url: `ws://127.0.0.1:${port}`, codes: [], messages: [], requests: [], errors: [] };
    sockets.on("connection", (socket, request) => {
        seen.requests.push(request);
        socket.on("message", (data) => seen.messages.push(data.toString()));
        socket.on("close", (code) => seen.codes.push(code));
        socket.on("error", (error) => seen.errors.push(error.message));
        talk(socket, request);
    });
    t.after(() => {
        servers.delete(sockets);
        for (const socket of sockets.clients) socket.terminate();
        sockets.close();
    });
    return seen;
}

const echo = (socket) => socket.on("message", (data, binary) => socket.send(data, { binary }));

// A server that answers the handshake itself and then sends these bytes.
async function rawServer(t, bytes, then = () => {}) {
    const server = net.createServer((socket) => {
        socket.on("error", () => {});
        let head = "";
        const read = (data) => {
            head += data.toString("latin1");
            if (!head.includes("\r\n\r\n")) return;
            socket.off("data", read);
            const key = /sec-websocket-key: (.*)\r\n/i.exec(head)[1];
            const accept = createHash("sha1").update(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
            socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
            socket.write(bytes);
            socket.on("data", () => {});
            then(socket);
        };
        socket.on("data", read);
    });
    t.after(() => server.unref());
    return `ws://127.0.0.1:${await listen(t, server)}`;
}

test("messages, captures and what is counted", async (t) => {
    const server = await webSockets(t, (socket) => {
        socket.on("message", (data) => socket.send(JSON.stringify({ got: data.toString() })));
    });
    const result = await run(t, server.url, [
        { connect: { target: "{{ target }}/rooms/7?x=1", headers: { "x-token": "t-1" } } },
        { send: { payload: { ask: [1, null] }, capture: { json: "$.got", as: "first" } } },
        { send: { payload: "again {{ first }}", match: { json: "$.got", value: 'again {"ask":[1,null]}' } } },
        { send: { type: "plain", n: 5 } },
        { wait: { capture: { json: "$.got", as: "third" } } },
        { send: "{{ third }}", name: "last" },
    ]);
    assert.equal(result.code, 0, result.stderr);
    assert.deepEqual(server.messages, ['{"ask":[1,null]}', 'again {"ask":[1,null]}', '{"type":"plain","n":5}', '{"type":"plain","n":5}']);
    assert.deepEqual(server.codes, [1000]);
    assert.equal(server.requests[0].url, "/rooms/7?x=1");
    assert.equal(server.requests[0].headers["x-token"], "t-1");
    assert.equal(result.counters["websocket.messages_sent"], 4);
    assert.equal(result.counters["websocket.messages_received"], 3);
    assert.equal(result.counters["websocket.connections"], 1);
    assert.equal(result.counters["vusers.completed"], 1);
    assert.equal(result.summaries["websocket.response_time"].count, 2);
    assert.equal(result.summaries["websocket.wait_time"].count, 1);
    for (const row of [/^ {2}send and wait +2 +0 /m, /^ {2}wait +1 +0 /m, /^ {2}send +1 +0 /m, /^ {2}last +1 +0 /m, /^ {2}connect .*1 +0 /m])
        assert.match(result.stdout, row);
});

test("a match that fails, and a capture without a value", async (t) => {
    const server = await webSockets(t, echo);
    for (const look of [{ match: { json: "$.a", value: 2 } }, { capture: { json: "$.b", as: "b" } }]) {
        const result = await run(t, server.url, [{ send: { payload: { a: 1 }, ...look } }, { send: "never" }]);
        assert.equal(result.counters["errors.Failed capture or match"], 1);
        assert.equal(result.counters["vusers.failed"], 1);
    }
    assert.deepEqual(server.messages, ['{"a":1}', '{"a":1}']);
    assert.deepEqual(server.codes, [1000, 1000]);
});

test("subprotocols are offered and one is taken; a foreign one ends the user", async (t) => {
    const server = await webSockets(t, echo, { handleProtocols: (offered) => [...offered][1] });
    const ws = { subprotocols: ["json", "v2.json"], headers: { "Sec-WebSocket-Protocol": "xml" } };
    assert.equal((await run(t, server.url, [{ send: "a" }], { ws })).code, 0);
    assert.equal(server.requests[0].headers["sec-websocket-protocol"], "json, v2.json, xml");
    const foreign = http.createServer();
    foreign.on("upgrade", (request, socket) => {
        const accept = createHash("sha1").update(request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
        socket.end(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: other\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    });
    const port = await listen(t, foreign);
    const result = await run(t, `ws://127.0.0.1:${port}`, [{ send: "a" }], { ws });
    assert.equal(result.counters['errors.no WebSocket: the server chose the protocol "other", which was not offered'], 1, JSON.stringify(result.counters));
});

test("a refused handshake is an error that names the status", async (t) => {
    for (const status of [403, 200, 302]) {
        const server = http.createServer();
        server.on("upgrade", (request, socket) => socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 2\r\nLocation: /\r\n\r\nno`));
        const port = await listen(t, server);
        const result = await run(t, `ws://127.0.0.1:${port}`, [{ send: "a" }]);
        assert.equal(result.counters[`errors.Unexpected server response: ${status}`], 1, JSON.stringify(result.counters));
        assert.equal(result.code, 4, "nobody answered");
    }
});

test("nobody listens", async (t) => {
    const server = net.createServer();
    const port = await listen(t, server);
    server.close();
    const result = await run(t, `ws://127.0.0.1:${port}`, [{ send: "a" }]);
    assert.equal(result.counters["errors.ECONNREFUSED"], 1);
});

test("a server that closes while a message is awaited, and while a user thinks", async (t) => {
    const closing = await webSockets(t, (socket) => socket.on("message", () => socket.close(1001, "away")));
    const awaited = await run(t, closing.url, [{ send: { payload: "a", capture: { json: "$", as: "a" } } }]);
    assert.equal(awaited.counters["errors.WebSocket closed by the server: 1001"], 1, JSON.stringify(awaited.counters));
    const later = await run(t, closing.url, [{ send: "a" }, { think: "300ms" }, { send: "b" }]);
    assert.equal(later.counters["errors.WebSocket closed by the server: 1001"], 1, JSON.stringify(later.counters));
    assert.equal(later.counters["websocket.connections"], 1, "it is not opened again");
    const through = await run(t, closing.url, [{ send: "a" }, { think: "300ms" }]);
    assert.equal(through.counters["vusers.completed"], 1);
    const lost = await webSockets(t, (socket) => socket.on("message", () => socket.terminate()));
    const broken = await run(t, lost.url, [{ send: { payload: "a", capture: { json: "$", as: "a" } } }]);
    assert.equal(broken.counters["errors.WebSocket ended without a Close"], 1, JSON.stringify(broken.counters));
});

test("wrong frames and messages beyond the limit end the user with a cause", async (t) => {
    const big = Buffer.alloc(10);
    big[0] = 0x82;
    big[1] = 127;
    big.writeBigUInt64BE(1n << 40n, 2);
    const frames = {
        "a frame is masked": Buffer.from([0x81, 0x80, 0, 0, 0, 0]),
        "a frame has an unknown opcode": Buffer.from([0x83, 0]),
        "a text is not UTF-8": Buffer.from([0x81, 1, 0xff]),
        "a message is longer than the limit": big,
    };
    for (const [error, bytes] of Object.entries(frames)) {
        const url = await rawServer(t, bytes);
        const result = await run(t, url, [{ wait: { capture: { json: "$", as: "a" } } }]);
        assert.equal(result.counters[`errors.WebSocket error: ${error}`], 1, JSON.stringify(result.counters));
    }
});

test("a message without an end", async (t) => {
    const part = Buffer.concat([Buffer.from([0x00, 127, 0, 0, 0, 0, 0, 16, 0, 0]), Buffer.alloc(1 << 20, 97)]);
    const url = await rawServer(t, Buffer.from([0x01, 1, 97]), (socket) => {
        const more = (error) => error || socket.write(part, more);
        more();
    });
    const result = await run(t, url, [{ wait: { capture: { json: "$", as: "a" } } }]);
    assert.equal(result.counters["errors.WebSocket error: a message is longer than the limit"], 1, JSON.stringify(result.counters));
});

test("silence until the timeout", async (t) => {
    const server = await webSockets(t, () => {});
    const result = await run(t, server.url, [{ send: { payload: "a", capture: { json: "$", as: "a" } } }], { ws: { timeout: "200ms" } });
    assert.equal(result.counters["errors.response timeout"], 1, JSON.stringify(result.counters));
    assert.deepEqual(server.codes, [1000]);
});

test("messages that nobody waits for are dropped and counted", async (t) => {
    const server = await webSockets(t, (socket) => socket.on("message", (data) => {
        for (let i = 0; i < 50; ++i) socket.send(`noise ${i}`);
        if (data.toString() === "last") socket.send("end");
    }));
    const result = await run(t, server.url, [{ send: "first" }, { think: "200ms" }, { send: { payload: "last", capture: { regexp: "noise (\\d+)", group: 1, as: "n" } } }, { think: "200ms" }]);
    assert.equal(result.code, 0);
    assert.equal(result.counters["websocket.messages_received"] + result.counters["websocket.messages_dropped"], 101);
});

test("wss with an authority of its own, and without", async (t) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadgen-wss-"));
    t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
    const [key, cert] = [path.join(folder, "k.pem"), path.join(folder, "c.pem")];
    const made = spawnSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert]);
    assert.equal(made.status, 0, made.stderr?.toString());
    const secure = https.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(cert), ALPNProtocols: ["h2", "http/1.1"] });
    const server = await webSockets(t, echo, {}, secure);
    const flow = [{ send: { payload: { a: 1 }, match: { json: "$.a", value: 1 } } }];
    const trusted = await run(t, `wss://127.0.0.1:${server.port}`, flow, { tls: { ca: [cert] } });
    assert.equal(trusted.counters["vusers.completed"], 1, trusted.stderr);
    const refused = await run(t, `wss://127.0.0.1:${server.port}`, flow);
    assert.equal(refused.counters["vusers.failed"], 1);
    assert.equal(server.requests.length, 1);
});

test("many users: both sides count the same", async (t) => {
    const server = await webSockets(t, echo);
    const flow = [{ loop: [{ send: { payload: { n: "{{ $loopCount }}" }, match: { json: "$.n", value: "{{ $loopCount }}" } } }], count: 20 }];
    const result = await run(t, server.url, flow, { phases: [{ duration: 2, arrivalCount: 200 }] });
    assert.equal(result.counters["vusers.completed"], 200, JSON.stringify(result.counters));
    assert.equal(result.counters["websocket.messages_sent"], 4000);
    assert.equal(result.counters["websocket.messages_received"], 4000);
    assert.equal(server.messages.length, 4000);
    assert.equal(server.requests.length, 200);
    assert.deepEqual(server.codes, Array(200).fill(1000));
    assert.equal(result.summaries["websocket.response_time"].count, 4000);
});

test("a server that does not read holds its sender back", async (t) => {
    const server = await webSockets(t, (socket) => socket.pause());
    const flow = [{ loop: [{ send: "{{ block }}" }], count: 100000 }];
    const result = await run(t, server.url, flow, { variables: { block: "x".repeat(60000) }, ws: { timeout: "300ms" } });
    assert.equal(result.counters["errors.response timeout"], 1, JSON.stringify(result.counters));
    assert.ok(result.counters["websocket.messages_sent"] < 2000, "the socket and its buffers hold no more");
});

test("Ctrl-C while a message is awaited: the wait goes on to its end, no other step begins", async (t) => {
    let asked;
    const waits = new Promise((resolve) => (asked = resolve));
    const server = await webSockets(t, (socket) => socket.on("message", () => asked(socket)));
    const { child, ended } = start(t, server.url, [{ send: { payload: "a", capture: { regexp: ".+", as: "a" } } }, { send: "never" }]);
    const socket = await waits;
    child.kill("SIGINT");
    setTimeout(() => socket.send("late"), 1500);  // loadgen looks for signals ten times a second
    const result = await ended;
    assert.equal(result.code, 130, result.stderr);
    assert.deepEqual(server.messages, ["a"]);
    assert.equal(result.counters["websocket.messages_received"], 1, JSON.stringify(result.counters));
    assert.equal(result.counters["vusers.interrupted"], 1);
});

// -- Server-sent events

async function eventServer(t, answer) {
    const requests = [];
    const server = http.createServer((request, response) => {
        requests.push(request);
        answer(response, request);
    });
    return { url: `http://127.0.0.1:${await listen(t, server)}`, requests };
}

const head = (response) => response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
const events = (t, url, sse, rest = [], config = {}) => run(t, url, [{ sse: { url: "/events", ...sse } }, ...rest], config, {});

test("events: so many, those that match, and what they hold", async (t) => {
    const closed = [];
    const server = await eventServer(t, (response, request) => {
        if (request.url !== "/events") return response.end("ok");
        head(response);
        let n = 0;
        const timer = setInterval(() => response.write(`event: tick\r\nid: ${n}\ndata: {"n":${n},\ndata: "kind":"${n % 2 ? "odd" : "even"}"}\n\n: comment\n\n`) && ++n, 5);
        response.on("close", () => (clearInterval(timer), closed.push(n)));
    });
    const result = await events(t, server.url, { events: 3, match: { json: "$.kind", value: "odd" }, capture: { json: "$.n", as: "n" } }, [{ get: { url: "/n/{{ n }}" } }]);
    assert.equal(result.code, 0, result.stderr);
    assert.deepEqual(server.requests.map((request) => request.url), ["/events", "/n/5"]);
    assert.equal(server.requests[0].headers.accept, "text/event-stream");
    assert.equal(server.requests[0].headers["accept-encoding"], undefined);
    assert.equal(result.counters["sse.events"], 3);
    assert.equal(result.counters["sse.events_passed_over"], 3);
    assert.equal(result.counters["http.responses"], 2);
    assert.equal(result.summaries["sse.first_event"].count, 1);
    assert.equal(result.summaries["http.response_time"].count, 1, "a stream's length is no response time");
    assert.equal(closed.length, 1);
});

test("events: as many as come in a time", async (t) => {
    const server = await eventServer(t, (response) => {
        head(response);
        response.write("data: 1\n\ndata: 2\n\n");
    });
    const result = await events(t, server.url, { events: 0, timeout: "300ms" });
    assert.equal(result.counters["sse.events"], 2, JSON.stringify(result.counters));
    assert.equal(result.counters["vusers.completed"], 1);
});

test("events: too few in the time, too few in the stream, a capture without a value", async (t) => {
    const server = await eventServer(t, (response, request) => {
        head(response);
        response.write("data: {\"a\":1}\n\n");
        if (request.headers["x-end"]) response.end();
    });
    const late = await events(t, server.url, { events: 2, timeout: "300ms" });
    assert.equal(late.counters["errors.ETIMEDOUT"], 1, JSON.stringify(late.counters));
    const early = await events(t, server.url, { events: 2, headers: { "x-end": "1" } });
    assert.equal(early.counters["errors.event stream ended early"], 1, JSON.stringify(early.counters));
    const empty = await events(t, server.url, { capture: { json: "$.b", as: "b" } });
    assert.equal(empty.counters["errors.Failed capture or match"], 1, JSON.stringify(empty.counters));
});

test("events: another status, another type, a line without an end", async (t) => {
    const server = await eventServer(t, (response, request) => {
        const kind = request.headers["x-kind"];
        if (kind === "status") return response.writeHead(503).end("data: 1\n\n");
        if (kind === "type") return response.writeHead(200, { "content-type": "text/plain" }).end("data: 1\n\n");
        head(response);
        response.on("error", () => {});
        const more = (error) => error || response.write("data: ".padEnd(1 << 16, "x"), more);
        more();
    });
    for (const kind of ["status", "type", "line"]) {
        const result = await events(t, server.url, { headers: { "x-kind": kind } });
        assert.equal(result.counters["errors.no event stream"], 1, JSON.stringify(result.counters));
        assert.equal(result.counters["sse.events"], undefined);
    }
});

test("events: many users, exact counts", async (t) => {
    const server = await eventServer(t, (response) => {
        head(response);
        for (let n = 0; n < 5; ++n) response.write(`data: ${n}\n\n`);
    });
    const result = await events(t, server.url, { events: 5, timeout: "30s" }, [], { phases: [{ duration: 2, arrivalCount: 100 }] });
    assert.equal(result.counters["sse.events"], 500, JSON.stringify(result.counters));
    assert.equal(result.counters["vusers.completed"], 100);
    assert.equal(server.requests.length, 100);
});
