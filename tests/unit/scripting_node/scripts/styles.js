'use strict';
// One function for each way of being written.
exports.synchronous = function (context, events) {
  context.vars.by = 'synchronous';
};
exports.arrow = (context) => {
  context.vars.by = 'arrow';
};
exports.callback = function (context, events, done) {
  setImmediate(() => {
    context.vars.by = 'callback';
    done();
  });
};
exports.callbackAtOnce = (context, events, done) => {
  context.vars.by = 'callbackAtOnce';
  return done();
};
exports.asynchronous = async function (context, events) {
  await new Promise((resolve) => setTimeout(resolve, 2));
  context.vars.by = 'asynchronous';
};
exports.promise = function (context) {
  return Promise.resolve().then(() => {
    context.vars.by = 'promise';
  });
};
exports.promiseAndCallback = function (context, events, done) {
  return Promise.resolve().then(() => setTimeout(() => {
    context.vars.by = 'promiseAndCallback';
    done();
  }, 2));
};
exports.rest = function (...parameters) {
  const [context, , done] = parameters;
  setImmediate(() => {
    context.vars.by = 'rest';
    done();
  });
};
exports.withArguments = function () {
  const [context, , done] = arguments;
  setImmediate(() => {
    context.vars.by = 'withArguments';
    done();
  });
};
exports.asyncWithDone = async function (context, events, done) {
  context.vars.by = 'asyncWithDone';
  done();
};
exports.generator = function* (context) {
  yield context;
};
exports.returnsSomething = async function (context) {
  context.vars.by = 'returnsSomething';
  return { this: 'is no error' };
};
exports.seesThis = function (context) {
  context.vars.isUndefined = this === undefined;
};
exports.doneTwice = function (context, events, done) {
  done();
  done(new Error('too late'));
};
class Methods {
  method(context) {
    context.vars.by = 'method';
  }
}
exports.notAFunction = 17;
Object.setPrototypeOf(exports, new Methods());
