'use strict';
exports.throws = () => {
  throw new Error('it broke');
};
exports.throwsCode = () => {
  throw Object.assign(new Error('it broke'), { code: 'EBROKEN' });
};
exports.throwsText = () => {
  throw 'just a text';
};
exports.throwsNothing = () => {
  throw undefined;
};
exports.rejects = async () => {
  throw new TypeError('no such thing');
};
exports.callsBack = (context, events, done) => done(new Error('called back'));
exports.changesAndFails = (context) => {
  context.vars.step = 'half done';
  throw new Error('then failed');
};
exports.exits = () => process.exit(3);
exports.aborts = () => process.abort();
exports.throwsLater = (context, events, done) => {
  setTimeout(() => {
    throw new Error('out of nowhere');
  }, 1);
};
exports.neverEnds = () => {
  for (;;);
};
exports.neverCallsBack = (context, events, done) => {};
exports.afterTime = (context) => new Promise((resolve) => setTimeout(resolve, 50));
exports.works = (context) => {
  context.vars.count = (context.vars.count ?? 0) + 1;
};
exports.prints = () => {
  console.log('one line\nand another');
  process.stderr.write('an error without an end');
};
exports.lastWords = () => {
  process.on('exit', () => console.log('good bye'));
};
exports.exitsAtFirst = () => {
  const fs = require('node:fs');
  if (!fs.existsSync(process.env.LOADGEN_TEST_MARK)) {
    fs.writeFileSync(process.env.LOADGEN_TEST_MARK, '');
    process.exit(9);
  }
};
