'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const path = require('node:path');
const { loadModule, findFunction, listFunctions } = require('../../../../loadgen/scripting/node/host/module.cjs');
const { render } = require('../../../../loadgen/scripting/node/host/user.cjs');

const load = (name) => loadModule(path.join(__dirname, '../scripts', name), require, (url) => import(url));

test('modules of every kind', async () => {
  assert.deepEqual(listFunctions(await load('package.cjs')), ['useIt']);
  const module = await load('module.mjs');
  assert.deepEqual(listFunctions(module), ['named', 'inDefault']);
  assert.equal(findFunction(module, 'inDefault'), module.default.inDefault);
  assert.equal(findFunction(module, 'nobody'), undefined);
  assert.deepEqual(listFunctions(await load('module_type/processor.js')), ['asyncArrow', 'plain']);
  assert.deepEqual(listFunctions(undefined), []);
  assert.deepEqual(listFunctions(null), []);
});

test('templates', () => {
  const vars = { a: 1, list: [{ name: 'x' }], flag: false };
  assert.equal(render('{{ a }}', vars), 1);
  assert.equal(render('{{flag}}', vars), false);
  assert.equal(render('a={{ a }}, {{{ list[0].name }}} {{ none }} {{ list }}', vars), 'a=1, x undefined [{"name":"x"}]');
  assert.deepEqual(render({ 'k{{ a }}': ['{{ a }}'] }, vars), { k1: [1] });
  assert.equal(render(null, vars), null);
});
