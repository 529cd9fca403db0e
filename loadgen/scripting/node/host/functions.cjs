// Calling functions of processors: which parameters, and when they are done.
'use strict';

/** Places of functions in a scenario; the numbers are those of the engine. */
const HOOK = { function: 0, beforeRequest: 1, afterResponse: 2, onError: 3, ifTrue: 4, whileTrue: 5, connect: 6 };
// Without `done`, by hook.
const PARAMETERS = [2, 3, 4, 4, 1, 1, 2];

const KIND = { plain: 0, async: 1, generator: 2 };

function kindOf(fn) {
  const name = fn.constructor?.name;
  if (name === 'AsyncFunction') return KIND.async;
  return name === 'GeneratorFunction' || name === 'AsyncGeneratorFunction' ? KIND.generator : KIND.plain;
}

/** It may look for `done` without declaring it: by a rest parameter, or in `arguments`. */
function isVariadic(fn) {
  const source = Function.prototype.toString.call(fn);
  return /^[^(]*\([^()]*\.\.\.\s*[\w$]+\s*\)/.test(source) || /[^.\w$]arguments\s*[[.,);]/.test(source);
}

/** A function that can be called as a hook. */
class Callable {
  constructor(name, fn) {
    this.name = name;
    this.fn = fn;
    this.kind = kindOf(fn);
    this.isVariadic = this.kind === KIND.plain && isVariadic(fn);
  }

  /** Whether a call ends with done(), as with Artillery's plain functions, and not with the function. */
  waitsForDone(hook) {
    return this.kind === KIND.plain && (this.fn.length > PARAMETERS[hook] || this.isVariadic);
  }

  /**
   * Calls settle(error, answer) once, possibly before it returns. `error` is undefined when all went well.
   * Artillery takes a plain function to be over when it calls `done`, and never otherwise. Here one that does not
   * declare `done` is over when it returns, or when the promise that it returns is settled.
   */
  call(hook, parameters, settle) {
    let settled = false;
    const end = (error, answer) => {
      if (settled) return;
      settled = true;
      settle(error, answer);
    };
    const asks = hook === HOOK.ifTrue || hook === HOOK.whileTrue;
    const fail = (error) => end({ thrown: error });
    const done = asks ? (answer) => end(undefined, answer) : (error) => (error ? fail(error) : end());
    if (this.kind === KIND.generator) return fail(new TypeError('it is a generator, which a hook cannot be'));
    let result;
    try {
      result = this.fn.call(undefined, ...parameters, done);
    } catch (error) {
      return fail(error);
    }
    const waits = this.waitsForDone(hook);
    if (result !== null && typeof result === 'object' && typeof result.then === 'function') {
      result.then(waits ? undefined : (answer) => end(undefined, answer), fail);
    } else if (!waits) {
      end(undefined, result);
    }
  }
}

function shortened(text, limit) {
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}

/** What is counted and what people read of something thrown, rejected with, or passed to done. */
function describeError(name, thrown) {
  const isObject = thrown !== null && typeof thrown === 'object';
  let code;
  let detail;
  try {
    code = isObject ? thrown.code || thrown.message || String(thrown) : String(thrown);
    detail = isObject && typeof thrown.stack === 'string' ? thrown.stack : code;
  } catch {
    code = 'an error that cannot be shown';
  }
  const lines = String(detail ?? code).split('\n');
  const own = lines.findIndex((line) => line.includes('loadgen:'));
  return {
    code: shortened(String(code), 200),
    detail: `${name}: ${shortened((own > 0 ? lines.slice(0, own) : lines).join('\n'), 2000)}`,
  };
}

module.exports = { HOOK, KIND, Callable, describeError };
