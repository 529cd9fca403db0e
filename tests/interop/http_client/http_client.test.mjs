// What virtual users need beside HTTP itself, against implementations of others: tough-cookie (which Artillery uses), the
// forms, codings and form parser of Node, eventsource-parser, ws. Run by ctest; HTTP_CLIENT_PEER is the program with our
// side.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import zlib from "node:zlib";
import { createParser } from "eventsource-parser";
import { CookieJar, parseDate } from "tough-cookie";
import { WebSocketServer } from "ws";
import { answerLines, output, random } from "./peer.mjs";

const program = process.env.HTTP_CLIENT_PEER;

const peer = (args, input) => output(program, args, input);
const peerLines = (command, lines) => answerLines(program, [command], lines);
const hex = (text) => Buffer.from(text).toString("hex");
const fromHex = (text) => Buffer.from(text, "hex").toString();

test("cookies: what tough-cookie keeps and sends", () => {
    const next = random(1);
    const hosts = ["a.shop.com", "shop.com", "b.a.shop.com", "xshop.com", "other.org", "127.0.0.1"];
    const paths = ["/", "/a", "/a/", "/a/b", "/ab", "/a/b/c?x=/y"];
    const names = ["a", "b", "c", "A", "__Secure-x", "__Hostile"];
    const url = () => `${next.of(["http", "https"])}://${next.of(hosts)}${next.of(["", ":8080"])}${next.of(paths)}`;
    // Left out, because tough-cookie differs from RFC 6265 there: a Domain that is an address (it refuses its own
    // host's), tabs, a name without '=' and dates that do not exist.
    const attributes = [
        "Path=/", "Path=/a", "path = /a/b ", "Path=", "Path=a", "PATH=/a/", "Domain=shop.com", "Domain=.SHOP.com", "domain=a.shop.com",
        "Domain=com", "Domain=other.org", "Domain=", "Secure", "secure=no", "HttpOnly", "SameSite=None", "SameSite=x",
        "Max-Age=1000", "Max-Age=0", "max-age=-1", "Max-Age=1e3", "Max-Age=", "Expires=Wed, 09 Jun 2021 10:18:14 GMT",
        "Expires=Fri, 01 Jan 2100 00:00:00 GMT", "expires=Thursday, 1-jan-70 0:00:01", "Expires=never", "", " ", "unknown=1",
    ];
    const lines = [];
    const expected = [];
    for (let round = 0; round < 400; ++round) {
        lines.push("new");
        const jar = new CookieJar();
        for (let step = 0; step < 12; ++step) {
            const from = url();
            let cookie = `${next.of(["", " "])}${next.of(names)}${next.of(["=", " = "])}${next.of(["1", "two words", "", "x=y", '"q"', "é"])}`;
            for (let n = next(4); n > 0; --n) cookie += `${next.of([";", "; "])}${next.of(attributes)}`;
            lines.push(`set ${hex(from)} ${hex(cookie)}`);
            jar.setCookieSync(cookie, from, { ignoreError: true });
            const to = url();
            lines.push(`get ${hex(to)}`);
            expected.push(`${to} after ${cookie} from ${from}: ${jar.getCookieStringSync(to)}`);
        }
    }
    const got = peerLines("cookies", lines).map(fromHex);
    assert.equal(got.length, expected.length);
    expected.forEach((line, i) => assert.equal(`${line.slice(0, line.lastIndexOf(": "))}: ${got[i]}`, line));
});

test("cookies: the dates that tough-cookie reads", () => {
    const next = random(2);
    const words = ["Wed", "Wed,", "09", "9", "28th", "Jun", "june", "JAN", "xJan", "2021", "21", "99", "70", "69", "1601", "10:18:14",
        "1:2:3", "24:00:00", "10:18", "10:18:60", "10:18:14.5", "GMT", "+0100", "123", "1", "002", "7pm"];
    const texts = [];
    for (let i = 0; i < 5000; ++i) {
        let text = "";
        for (let n = next(8); n >= 0; --n) text += next.of(words) + next.of([" ", " ", "-", ", ", "/", ";"]);
        texts.push(text);
    }
    const got = peerLines("dates", texts.map(hex));
    let dates = 0;
    texts.forEach((text, i) => {
        const date = parseDate(text);
        dates += date ? 1 : 0;
        // Years before 1678 are beyond what our clock holds.
        if (date && date.getUTCFullYear() < 1678) return assert.notEqual(got[i], "none", text);
        assert.equal(got[i], date ? String(date.getTime() / 1000) : "none", text);
    });
    assert.ok(dates > 200, `${dates} dates`);
});

test("forms: what URLSearchParams writes", () => {
    const next = random(3);
    const characters = ["a", "Z", "9", " ", "&", "=", "+", "%", "*", "-", ".", "_", "~", "!", "'", "(", ")", "\r", "\n", "\0", "é", "€", "😀", "[", "]", "/", "?"];
    const word = () => Array.from({ length: next(6) }, () => next.of(characters)).join("");
    const forms = Array.from({ length: 500 }, () => Array.from({ length: 1 + next(4) }, () => [word(), word()]));
    const got = peerLines("forms", forms.map((pairs) => pairs.flat().map(hex).join(" ")));
    assert.deepEqual(got, forms.map((pairs) => new URLSearchParams(pairs).toString()));
});

test("multipart: what Node's form parser reads", async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const lines = [
        ["field", "plain", "value"],
        ["field", 'na"me\r\n', "two\r\nlines\n--"],
        ["field", "", ""],
        ["field", "é😀", "é😀"],
        ["file", "photo", 'ü".png', "", bytes],
        ["file", "own", "x", "text/x-own", "text"],
    ].map(([kind, ...fields]) => [kind, ...fields.map((field) => Buffer.from(field).toString("hex"))].join(" "));
    const out = peer(["multipart"], lines.join("\n") + "\n");
    const end = out.indexOf("\n");
    const form = await new Response(out.subarray(end + 1), { headers: { "content-type": out.subarray(0, end).toString() } }).formData();
    const entries = [...form.entries()];
    assert.deepEqual(entries.slice(0, 4), [["plain", "value"], ['na"me\r\n', "two\r\nlines\n--"], ["", ""], ["é😀", "é😀"]]);
    const [photo, own] = entries.slice(4).map(([, file]) => file);
    assert.deepEqual([photo.name, photo.type, own.name, own.type], ['ü".png', "image/png", "x", "text/x-own"]);
    assert.deepEqual(Buffer.from(await photo.arrayBuffer()), bytes);
    assert.equal(await own.text(), "text");
});

test("codings: what Node's zlib writes", () => {
    const body = Buffer.from(JSON.stringify(Array.from({ length: 20000 }, (_, i) => ({ id: i, name: `item ${i * 7919}` }))));
    const writers = {
        gzip: (bytes) => zlib.gzipSync(bytes),
        deflate: (bytes) => zlib.deflateSync(bytes),
        br: (bytes) => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } }),
    };
    for (const [coding, write] of Object.entries(writers)) {
        assert.ok(peer(["decode", coding], write(body)).equals(body), coding);
        assert.ok(peer(["decode", coding], write(Buffer.alloc(0))).equals(Buffer.alloc(0)), coding);
        const cut = write(body).subarray(0, -1);
        assert.equal(peer(["decode", coding], cut).toString(), `${coding}: the data end in the middle, after ${cut.length} bytes`);
    }
    assert.ok(peer(["decode", "deflate"], zlib.deflateRawSync(body)).equals(body), "bare deflate");
    assert.ok(peer(["decode", "deflate, br, gzip"], writers.gzip(writers.br(writers.deflate(body)))).equals(body), "a list");
});

test("event streams: what eventsource-parser reads", () => {
    const next = random(4);
    const parts = ["data: x", "data:y", "data", "data:  z: 1", "event: add", "event:", "id: 7", "id", "id: a b", "retry: 10", "retry: x",
        ": comment", "other: x", "Data: x", ""];
    // With CR LF or LF throughout: eventsource-parser has its own idea of a CR alone.
    for (const end of ["\n", "\r\n"]) {
        let stream = "";
        for (let i = 0; i < 5000; ++i) stream += next.of(parts) + end + (next(4) === 0 ? end : "");
        const expected = [];
        let lastId = "";
        // It gives an event only the id that came with it; the standard keeps the last.
        const parser = createParser({
            onEvent: ({ event, data, id }) => expected.push(["event", hex(event || "message"), hex(data), id]),
            onRetry: (milliseconds) => expected.push(["retry", milliseconds]),
        });
        parser.feed(stream);
        const got = peer(["events"], stream).toString().split("\n").slice(0, -1).map((line) => line.split(" "));
        assert.equal(got.length, expected.length);
        got.forEach((line, i) => {
            const [kind, first, data, id] = expected[i];
            assert.deepEqual(line.slice(0, kind === "retry" ? 2 : 3), kind === "retry" ? [kind, String(first)] : [kind, first, data]);
            if (kind === "event" && id !== undefined) lastId = id;
            if (kind === "event" && id !== undefined) assert.equal(fromHex(line[3]), lastId);
        });
    }
});

// A server of ws; `serve` gets each connection. What our client printed.
async function withServer(serve, path, script, options = {}) {
    const http = createServer((_, answer) => answer.writeHead(404).end());
    const server = new WebSocketServer({ noServer: true, ...options });
    server.on("connection", serve);
    http.on("upgrade", (request, socket, head) => {
        if (request.url !== "/echo?x=1") return socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        server.handleUpgrade(request, socket, head, (connection) => server.emit("connection", connection));
    });
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    const client = spawn(program, ["websocket", String(http.address().port), path]);
    let out = "";
    client.stdout.on("data", (bytes) => (out += bytes));
    client.stdin.on("error", () => {});
    client.stdin.end(script.map((line) => line + "\n").join(""));
    const [status] = await once(client, "close");
    http.close();
    assert.equal(status, 0);
    return out.split("\n").slice(0, -1);
}

test("WebSocket: ws echoes what we send, and hears how we close", async () => {
    const payloads = ["", "é😀", "x".repeat(125), "x".repeat(126), "x".repeat(65535), "x".repeat(65536), "y".repeat(1 << 20)];
    let end;
    const echo = (connection) => {
        connection.on("message", (data, binary) => connection.send(data, { binary }));
        end = once(connection, "close");
    };
    const script = payloads.flatMap((payload, i) => [`text ${hex(payload)}`, `binary ${hex(payload)}`, `wait ${3 + 2 * i}`]);
    const got = await withServer(echo, "/echo?x=1", [...script, `ping ${hex("p")}`, "wait 16", `close 3001 ${hex("enough")}`]);
    const echoes = payloads.flatMap((payload) => [`text ${hex(payload)}`, `binary ${hex(payload)}`]);
    assert.deepEqual(got, ["open echo", ...echoes, `pong ${hex("p")}`, `closed 3001 ${hex("enough")}`]);
    const [code, reason] = await end;
    assert.deepEqual([code, reason.toString()], [3001, "enough"]);
});

test("WebSocket: fragments, pings and a Close of ws", async () => {
    let pong;
    const serve = (connection) => {
        pong = once(connection, "pong");
        connection.send("first, with the answer to the handshake");
        connection.send("frag", { fin: false });
        connection.ping("between");
        connection.send("men", { fin: false });
        connection.send("ted", { fin: true });
        connection.close(1001, "going");
    };
    const got = await withServer(serve, "/echo?x=1", []);
    assert.deepEqual(got, ["open echo", `text ${hex("first, with the answer to the handshake")}`, `ping ${hex("between")}`,
        `text ${hex("fragmented")}`, `closed 1001 ${hex("going")}`]);
    assert.equal((await pong)[0].toString(), "between");
});

test("WebSocket: a server that refuses, and one that hangs up", async () => {
    assert.deepEqual(await withServer(() => {}, "/other", []), ["no WebSocket: the answer is 403, not 101"]);
    const hangUp = (connection) => connection.terminate();
    assert.deepEqual(await withServer(hangUp, "/echo?x=1", []), ["open echo", "closed 1006 "]);
    const compressing = { perMessageDeflate: true };
    const got = await withServer((connection) => connection.close(), "/echo?x=1", [], compressing);
    assert.deepEqual(got, ["open echo", "closed 1005 "]);
});
