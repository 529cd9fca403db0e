// What `node -e` is given: loads the host's files, which come as one JSON object through descriptor 4. Written
// for any Node, so that one that is too old can say so.
var fs = require('fs');
if (parseInt(process.versions.node, 10) < 18) {
  var text = JSON.stringify([[11, 'Node ' + process.versions.node + ' is too old: processors need Node 18 or later']]);
  var frame = Buffer.alloc(4 + Buffer.byteLength(text));
  frame.writeUInt32LE(frame.length - 4, 0);
  frame.write(text, 4);
  fs.writeSync(3, frame);
  process.exit(0);
}
var sources = JSON.parse(fs.readFileSync(4, 'utf8'));
fs.closeSync(4);
var loaded = {};
function load(name) {
  if (!loaded[name]) {
    var compile = require('vm').compileFunction;
    loaded[name] = { exports: {} };
    compile(sources[name], ['module', 'exports', 'require'], { filename: 'loadgen:' + name })(
      loaded[name], loaded[name].exports, function (id) { return id.slice(0, 2) === './' ? load(id.slice(2)) : require(id); });
  }
  return loaded[name].exports;
}
// Only here does import() have a loader behind it, on every version.
load('main.cjs').run(3, require, function (url) { return import(url); });
