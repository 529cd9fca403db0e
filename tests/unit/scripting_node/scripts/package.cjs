const { greet } = require('greeting-words');
exports.useIt = (context) => {
  context.vars.greeting = greet(context.vars.name);
};
