module.exports = {
  setUp: async (context) => { context.vars.product = 'chair'; },
  tearDown: async () => {},
  sign: async () => {},
  check: async () => {},
  complain: async () => {},
  isMember: () => true,
};
