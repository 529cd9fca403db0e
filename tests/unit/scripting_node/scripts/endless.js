setInterval(() => {}, 1000); module.exports = new Promise(() => {}); for (;;);
