// Loading a processor's module: CommonJS, ES modules, and TypeScript where this Node runs it.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

function refuseTypeScript(file) {
  throw new Error(
    `${file} is TypeScript, which Node ${process.versions.node} does not run: compile it to JavaScript, or use Node 22.18 or later`,
  );
}

const IS_ES_MODULE = new Set(['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE']);

/** Gives what the module at `file` exports. Packages are looked up from its own folder. */
async function loadModule(file, require, importModule) {
  const absolute = path.resolve(file);
  if (!fs.statSync(absolute, { throwIfNoEntry: false })?.isFile()) throw new Error(`there is no file ${absolute}`);
  const isTypeScript = /\.[cm]?ts$/.test(absolute);
  if (isTypeScript && !process.features.typescript) refuseTypeScript(file);
  if (isTypeScript || absolute.endsWith('.mjs')) return importModule(pathToFileURL(absolute).href);
  try {
    return require(absolute);
  } catch (error) {
    if (!IS_ES_MODULE.has(error?.code)) throw error;
    return importModule(pathToFileURL(absolute).href);
  }
}

/** The function with this name: a named export, or a member of the default export. */
function findFunction(exported, name) {
  const found = exported?.[name];
  if (typeof found === 'function') return found;
  const member = exported?.default?.[name];
  return typeof member === 'function' ? member : undefined;
}

function* namesOf(object) {
  for (let at = object; at && at !== Object.prototype && at !== Function.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) if (name !== 'constructor') yield name;
  }
}

/** Names of all functions that findFunction finds. */
function listFunctions(exported) {
  const names = new Set();
  const inside = typeof exported?.default === 'object' ? exported.default : undefined;
  for (const holder of [exported, inside]) {
    for (const name of namesOf(holder)) if (findFunction(exported, name)) names.add(name);
  }
  return [...names];
}

module.exports = { loadModule, findFunction, listFunctions };
