// What with_processor.yml computes: customers, baskets, amounts. One object of variables belongs to each virtual user.
'use strict';

const { randomInt, randomUUID } = require('node:crypto');

const phrases = [
  'something warm to drink',
  'strong coffee',
  'a sweet treat',
  'milk and chocolate',
  'gifts for a friend',
];

const pick = (list) => (list && list.length > 0 ? list[randomInt(list.length)] : undefined);

exports.generateEmailAddress = (context) => {
  context.vars.Email = `${randomUUID()}@example.com`;
  context.vars.Password = 'Test!23';
};

exports.setOrderProducts = (context) => {
  context.vars.OrderProducts = [pick(context.vars.products).productId];
};

// An administrator picks any of the confirmed orders, so that few of them meet at the same one.
exports.setConfirmedOrder = (context) => {
  const order = pick(context.vars.confirmed);
  if (!order) return;
  context.vars.ConfirmedOrderId = order.orderId;
  context.vars.ConfirmedOrderUserId = order.userId;
};

exports.hasConfirmedOrder = (vars) => vars.ConfirmedOrderId !== undefined;

exports.setOutOfStockProductId = (context) => {
  const product = pick(context.vars.products.filter((each) => each.stockLevel === 0));
  if (product) context.vars.ProductId = product.productId;
};

exports.hasProduct = (vars) => vars.ProductId !== undefined;

// The service refuses a level of 0.
exports.generateRestockAmount = (context) => {
  const level = context.vars.currentStockLevel;
  context.vars.NewStockLevel = level > 0 ? level : randomInt(1, 11);
};

exports.generateProduct = (context) => {
  context.vars.ProductName = randomUUID().slice(0, 10);
  context.vars.Price = randomInt(1, 11);
};

exports.generateSearchQuery = (context) => {
  context.vars.SearchQuery = pick(phrases);
};

exports.countOrder = (requestParams, response, context, events) => {
  if (response.statusCode === 201) events.emit('counter', 'shop.orders', 1);
};
