'use strict';
exports.look = (context) => {
  const { vars, funcs, scenario, _uid } = context;
  vars.seen = JSON.stringify({ scenario, uid: _uid, testId: vars.$testId, target: vars.target });
  vars.sameEnvironment = vars.$processEnvironment.PATH === process.env.PATH && vars.$env.PATH === process.env.PATH;
  vars.number = funcs.$randomNumber(7, 7);
  vars.text = funcs.$randomString(12);
  vars.rendered = funcs.$template('{{ target }}/{{ list[1].name }}');
  vars.typed = funcs.$template('{{ list }}');
  vars.runId = global.artillery.testRunId;
};
exports.change = (request, context, events) => {
  request.url = `${request.url}?page=${context.vars.page}`;
  request.headers['x-signed'] = 'yes';
  request.json = { ...request.json, added: [1, 2] };
  request.method = 'PUT';
  request.cookie = { session: 'abc' };
  delete request.form;
  context.vars.uuid = request.uuid;
};
exports.sendBytes = (request) => {
  request.body = Buffer.from([0, 255, 254, 10]);
};
exports.leaveAlone = (request) => request.headers['x-a'];
exports.read = (request, response, context, events, done) => {
  context.vars.line = [
    request.url,
    response.statusCode,
    response.headers['content-type'],
    JSON.parse(response.body).id,
    response.timings.phases.firstByte,
    response.url,
  ].join(' ');
  done();
};
exports.onError = (error, request, context, events, done) => {
  context.vars.lastError = `${error.message} at ${request.url}`;
  done();
};
exports.isBig = (vars) => vars.size > 10;
exports.isBigLater = async (vars) => vars.size > 10;
exports.isBigDone = (vars, done) => setImmediate(() => done(vars.size > 10));
exports.more = (context, done) => done(context.vars.$loopCount < 3);
exports.moreReturned = (context) => context.vars.$loopCount < 3;
exports.count = (context, events) => {
  events.emit('counter', 'orders', 2);
  events.emit('counter', 'orders.one');
  events.emit('histogram', 'basket.size', 3.5);
  events.emit('summary', 'basket.weight', 12);
  events.emit('customStat', { stat: 'old', value: 4 });
  events.emit('rate', 'order.rate');
  events.emit('error', 'out_of_stock');
  events.emit('counter', 'broken', 'not a number');
  events.emit('something.else', 1);
};
exports.countLater = (context, events) => {
  setTimeout(() => events.emit('counter', 'late', 1), 5);
};
exports.listen = (context, events) => {
  events.on('wish', (what) => {
    context.vars.wish = what;
  });
  events.emit('wish', 'granted');
};
