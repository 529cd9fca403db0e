// The peer in a script language: answers one path with the bytes that it was started with, from memory.
//   node peer.js PORT PATH RESPONSE.json      RESPONSE.json: {"headers": {...}, "body": "..."}
"use strict";
const http = require("http");
const fs = require("fs");

const [port, path, file] = process.argv.slice(2);
const answer = JSON.parse(fs.readFileSync(file, "utf8"));
const body = Buffer.from(answer.body);
const headers = { ...answer.headers, "content-length": body.length };

http.createServer((request, response) => {
    if (request.url !== path) {
        response.writeHead(404).end();
        return;
    }
    response.writeHead(200, headers).end(body);
}).listen(Number(port), "127.0.0.1");
