// The host of a processor: takes calls from the engine, runs the functions, sends back what they changed.
//
// From the engine: [0, start], [1, id, user, function, hook, scenario, variables, request, response, error],
// [2, user] (is gone), [3, number] (are you there?).
// To the engine: [10, version, functions] or [11, problem] once; [1, id, error, detail, answer, variables,
// request], [2, kind, name, value] (a metric), [3, number] (I am).
'use strict';

const net = require('node:net');
const crypto = require('node:crypto');
const { FrameReader, FrameWriter, frameOf } = require('./frames.cjs');
const { HOOK, Callable, describeError } = require('./functions.cjs');
const { Events } = require('./events.cjs');
const { loadModule, findFunction, listFunctions } = require('./module.cjs');
const { Tracked, nameText } = require('./values.cjs');
const { User } = require('./user.cjs');

// Replies that the engine has not taken yet; beyond that no more calls are read.
const MAX_UNSENT_BYTES = 16 << 20;

class Host {
  constructor(writer) {
    this.writer = writer;
    this.users = new Map();
    this.functions = [];
    this.events = new Events((kind, name, value) => writer.push(`[2,${kind},${nameText(name)},${value}]`));
  }

  async start(settings, require, importModule) {
    process.argv = [process.argv[0], settings.script];
    globalThis.artillery = { testRunId: settings.testId };
    const shared = { $processEnvironment: process.env, $env: process.env, ...settings.shared };
    if (settings.testId) shared.$testId = settings.testId;
    this.shared = Object.entries(shared);
    this.settings = settings;
    const exported = await loadModule(settings.script, require, importModule);
    this.functions = settings.functions.map((name) => {
      const fn = findFunction(exported, name);
      return fn ? new Callable(name, fn) : undefined;
    });
    const list = listFunctions(exported).map((name) => {
      const fn = findFunction(exported, name);
      return [name, new Callable(name, fn).kind, fn.length];
    });
    this.writer.push(JSON.stringify([10, process.versions.node, list]));
  }

  handle(message) {
    switch (message[0]) {
      case 1:
        return this.call(message);
      case 2:
        return this.users.delete(message[1]);
      case 3:
        return this.writer.push(`[3,${message[1]}]`);
      default:
        throw new RangeError(`a message of kind ${message[0]}`);
    }
  }

  userOf(number, scenario) {
    let user = this.users.get(number);
    if (!user) {
      user = new User(this.shared, this.settings.scenarios[scenario]);
      this.users.set(number, user);
    }
    return user;
  }

  call([, id, number, place, hook, scenario, variables, request, response, error]) {
    const user = this.userOf(number, scenario);
    const name = this.settings.functions[place];
    let parameters;
    const settle = (failure, answer) => this.reply({ id, name, user, failure, answer, parameters });
    try {
      if (variables) user.apply(variables);
      if (request) {
        parameters = new Tracked();
        parameters.apply(request);
        if (hook === HOOK.beforeRequest) parameters.object.uuid ??= crypto.randomUUID();
      }
      const callable = this.functions[place];
      if (!callable) throw new Error(`${this.settings.script} exports no function "${name}"`);
      callable.call(hook, this.parametersOf(hook, user.context, parameters?.object, response, error), settle);
    } catch (thrown) {
      settle({ thrown });
    }
  }

  parametersOf(hook, context, request, response, error) {
    switch (hook) {
      case HOOK.beforeRequest:
        return [request, context, this.events];
      case HOOK.afterResponse:
        return [request, response, context, this.events];
      case HOOK.onError:
        return [new Error(error), request, context, this.events];
      case HOOK.ifTrue:
        return [context.vars];
      case HOOK.whileTrue:
        return [context];
      case HOOK.connect:
        return [request, context];
      default:
        return [context, this.events];
    }
  }

  reply({ id, name, user, failure, answer, parameters }) {
    let failed = failure && describeError(name, failure.thrown);
    let changes = '0,0';
    try {
      changes = `${user.takeChanges().text()},${parameters ? parameters.takeChanges().text() : '0'}`;
      if (Buffer.byteLength(changes) > this.settings.maxBytes) {
        changes = '0,0';
        throw new RangeError(`it changed more than fits into a message of ${this.settings.maxBytes} bytes`);
      }
    } catch (thrown) {
      failed ??= describeError(name, thrown);
    }
    const texts = failed ? `${JSON.stringify(failed.code)},${JSON.stringify(failed.detail)}` : '0,0';
    this.writer.push(`[1,${id},${texts},${answer ? 1 : 0},${changes}]`);
  }
}

/** Serves the engine on descriptor `fd` until it goes away. */
function run(fd, require, importModule) {
  const socket = new net.Socket({ fd, readable: true, writable: true });
  const writer = new FrameWriter((frame) => {
    if (!socket.write(frame) && socket.writableLength > MAX_UNSENT_BYTES) socket.pause();
  });
  socket.on('drain', () => socket.resume());
  const host = new Host(writer);
  const leave = () => process.exit(0);
  const start = (settings) =>
    host.start(settings, require, importModule).catch((error) => {
      const { detail } = describeError(settings.script, error);
      socket.end(frameOf([JSON.stringify([11, detail])]), leave);
    });
  const reader = new FrameReader(2 ** 31);
  const take = (text) => {
    for (const message of JSON.parse(text)) {
      if (message[0] === 0) start(message[1]);
      else host.handle(message);
    }
  };
  socket.on('data', (chunk) => reader.push(chunk, take));
  socket.on('end', leave);
  socket.on('error', leave);
}

module.exports = { Host, run };
