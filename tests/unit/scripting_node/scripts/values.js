'use strict';
const util = require('node:util');
exports.set = (context) => {
  const circular = { name: 'circle' };
  circular.self = circular;
  Object.assign(context.vars, {
    text: 'grün "€" \u{1F600}\n',
    empty: '',
    number: 1.5,
    huge: 123456789012345680000,
    inside: { huge: 123456789012345680000, digits: '1234567890123456789012' },
    negative: -0,
    notANumber: NaN,
    infinite: -Infinity,
    yes: true,
    nothing: null,
    notThere: undefined,
    list: [1, undefined, () => 1],
    object: { a: { b: [null] } },
    date: new Date(Date.UTC(2026, 0, 2)),
    big: 42n,
    veryBig: 123456789012345678901234567890n,
    withBig: { id: 9007199254740993n },
    bytes: Buffer.from([0, 128, 255]),
    map: new Map([[1, 2]]),
    circular,
    fn: () => 1,
    symbol: Symbol('s'),
    surrogate: 'a\ud800b\\ud800',
    deep: JSON.parse('['.repeat(800) + ']'.repeat(800)),
    ['quo"te']: 1,
  });
};
exports.keep = (context) => {
  context.vars.session = { id: 1, close: () => 'closed' };
  context.vars.tags = new Set(['a']);
};
exports.useKept = (context) => {
  context.vars.result = `${context.vars.session.close()} ${context.vars.tags.has('a')}`;
};
exports.remove = (context) => {
  delete context.vars.gone;
  context.vars.emptied = undefined;
};
exports.replace = (context) => {
  context.vars = { only: 1 };
};
exports.afterReplace = (context) => {
  context.vars.later = context.vars.only + context.vars.sent;
};
exports.nothing = () => {};
exports.mutate = (context) => {
  context.vars.small.list.push(4);
  context.vars.big.list.push('end');
};
exports.show = (context) => {
  context.vars.shown = util.inspect(context.vars.big).length > 100 && util.inspect(context.vars).includes('marker');
  context.vars.names = Object.keys(context.vars).join();
};
exports.mutateShared = (context) => {
  context.vars.rows[0].name = 'changed';
  context.vars.first = context.vars.rows[0].name;
};
exports.readShared = (context) => {
  context.vars.first = context.vars.rows[0].name;
};
exports.reassignShared = (context) => {
  context.vars.rows = [{ name: 'new' }];
};
exports.makeGiant = (context) => {
  context.vars.giant = 'x'.repeat(context.vars.size);
};
exports.measureGiant = (context) => {
  context.vars.length = context.vars.giant.length;
};
exports.changeInBackground = (context) => {
  setTimeout(() => {
    context.vars.background = 'done';
  }, 1);
};
exports.waitABit = () => new Promise((resolve) => setTimeout(resolve, 20));
