#!/usr/bin/env node
// Runs one WebSocket script on Artillery itself and on loadgen against the same server, and compares what the server saw: URLs,
// subprotocols, fields, and the messages of each user in their order.
//
// usage: compare_websocket.mjs LOADGEN ARTILLERY FOLDER
//
// ARTILLERY is bin/run of npm's `artillery` package, FOLDER one whose node_modules has `ws`. As compare.py no test of the suite.
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";

const [loadgen, artillery, modules] = process.argv.slice(2);
if (!modules) {
    console.error("usage: compare_websocket.mjs LOADGEN ARTILLERY FOLDER");
    process.exit(2);
}
const { WebSocketServer } = createRequire(path.resolve(modules, "x.mjs"))("ws");

const flow = [
    { connect: "{{ target }}/rooms/{{ room }}" },
    { send: { hello: 1, list: [1, null, "{{ room }}"] } },
    { think: "200ms" },
    { send: { payload: { ask: "{{ room }}" }, capture: { json: "$.got.ask", as: "answer" } } },
    { loop: [{ send: "round {{ $loopCount }} of {{ answer }}" }, { think: "100ms" }], count: 3 },
    { send: 5 },
    { think: "100ms" },
    { send: { payload: "last", match: { json: "$.got", value: "last" } } },
];

async function run(command, args) {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: (offered) => [...offered][0] });
    await once(server, "listening");
    const users = [];
    server.on("connection", (socket, request) => {
        const user = { url: request.url, offered: request.headers["sec-websocket-protocol"], field: request.headers["x-a"], messages: [] };
        users.push(user);
        socket.on("message", (data) => {
            const text = data.toString();
            user.messages.push(text);
            let got = text;
            try {
                got = JSON.parse(text);
            } catch {
                // A text that is no JSON is echoed as it is.
            }
            socket.send(JSON.stringify({ got }));
        });
    });
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "compare-ws-"));
    const script = {
        config: {
            target: `ws://127.0.0.1:${server.address().port}`,
            phases: [{ duration: 1, arrivalCount: 2 }],
            ws: { subprotocols: ["json", "xml"], headers: { "x-a": "b" } },
            variables: { room: "seven" },
        },
        scenarios: [{ engine: "ws", flow }],
    };
    fs.writeFileSync(path.join(folder, "s.json"), JSON.stringify(script));
    const environment = { ...process.env, ARTILLERY_DISABLE_TELEMETRY: "true" };
    const child = spawn(command, [...args, "run", "s.json"], { cwd: folder, env: environment, stdio: "ignore" });
    const [code] = await once(child, "close");
    for (const socket of server.clients) socket.terminate();
    server.close();
    fs.rmSync(folder, { recursive: true });
    return { code, users };
}

const ours = await run(path.resolve(loadgen), []);
const theirs = await run(process.execPath, [path.resolve(artillery)]);
const same = JSON.stringify(ours) === JSON.stringify(theirs);
console.log(same ? "same" : `DIFFERENT\nours: ${JSON.stringify(ours, null, 2)}\ntheirs: ${JSON.stringify(theirs, null, 2)}`);
process.exit(same ? 0 : 1);
