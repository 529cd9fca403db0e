module.exports = {
  makeOrder: async (context) => { context.vars.orderId = 7; },
  isMember: () => true,
  addHeader: async () => {},
};
