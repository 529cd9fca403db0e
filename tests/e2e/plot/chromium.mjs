// Just enough of the Chrome DevTools Protocol, spoken over a pair of pipes (--remote-debugging-pipe).
import { spawn } from 'node:child_process';

const kFlags = [
    '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync', '--window-size=1280,1000',
    '--remote-debugging-pipe',
];

/** One browser process; messages are JSON ended by a NUL byte. */
class Connection {
    constructor(child) {
        this.child = child;
        this.next = 1;
        this.waiting = new Map();
        this.listeners = new Set();
        let rest = '';
        child.stdio[4].setEncoding('utf8').on('data', (text) => {
            const parts = (rest + text).split('\0');
            rest = parts.pop();
            for (const part of parts) this.receive(JSON.parse(part));
        });
        child.on('exit', (code) => {
            for (const { reject } of this.waiting.values()) reject(new Error(`Chromium ended with ${code}`));
            this.waiting.clear();
        });
    }

    receive(message) {
        const waiter = this.waiting.get(message.id);
        if (!waiter) return this.listeners.forEach((listener) => listener(message));
        this.waiting.delete(message.id);
        if (message.error) waiter.reject(new Error(`${waiter.method}: ${message.error.message}`));
        else waiter.resolve(message.result);
    }

    send(method, params = {}, sessionId = undefined) {
        const id = this.next++;
        this.child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
        return new Promise((resolve, reject) => this.waiting.set(id, { method, resolve, reject }));
    }
}

class Page {
    constructor(connection, targetId, sessionId) {
        Object.assign(this, { connection, targetId, sessionId, complaints: [], requests: [] });
        this.listener = (message) => message.sessionId === sessionId && this.hear(message);
        connection.listeners.add(this.listener);
    }

    send(method, params) {
        return this.connection.send(method, params, this.sessionId);
    }

    hear({ method, params }) {
        if (method === 'Network.requestWillBeSent') this.requests.push(params.request.url);
        if (method === 'Runtime.exceptionThrown') this.complaints.push(params.exceptionDetails.exception?.description);
        if (method === 'Runtime.consoleAPICalled') this.complaints.push(params.args.map((a) => a.value).join(' '));
        if (method === 'Log.entryAdded') this.complaints.push(params.entry.text);
        if (method === 'Page.loadEventFired') this.loaded?.();
    }

    async evaluate(expression) {
        const { result, exceptionDetails } = await this.send('Runtime.evaluate', {
            expression, returnByValue: true, awaitPromise: true,
        });
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        return result.value;
    }

    /** Waits, inside the page and frame by frame, until an expression is true. */
    until(expression) {
        return this.evaluate(`new Promise((done) => {
            const look = () => (${expression}) ? done(true) : requestAnimationFrame(look);
            look();
        })`);
    }

    /** Two frames later everything asked for so far is drawn. */
    settled() {
        return this.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    }

    /** The document as DevTools sees it, also where scripts are off. */
    async html() {
        const { root } = await this.send('DOM.getDocument', { depth: 0 });
        return (await this.send('DOM.getOuterHTML', { nodeId: root.nodeId })).outerHTML;
    }

    mouse(type, x, y, more = {}) {
        return this.send('Input.dispatchMouseEvent', { type, x, y, ...more });
    }

    move(x, y) {
        return this.mouse('mouseMoved', x, y);
    }

    async drag(from, to, y) {
        await this.move(from, y);
        await this.mouse('mousePressed', from, y, { button: 'left', clickCount: 1 });
        await this.mouse('mouseMoved', (from + to) / 2, y, { button: 'left', buttons: 1 });
        await this.mouse('mouseMoved', to, y, { button: 'left', buttons: 1 });
        await this.mouse('mouseReleased', to, y, { button: 'left', clickCount: 1 });
    }

    async click(x, y, times) {
        for (let clickCount = 1; clickCount <= times; clickCount++) {
            await this.mouse('mousePressed', x, y, { button: 'left', clickCount });
            await this.mouse('mouseReleased', x, y, { button: 'left', clickCount });
        }
    }

    async key(key) {
        const text = { Enter: '\r', ' ': ' ' }[key];
        const windowsVirtualKeyCode = { Enter: 13, ' ': 32, ArrowRight: 39 }[key];
        await this.send('Input.dispatchKeyEvent', { type: 'keyDown', key, text, windowsVirtualKeyCode });
        await this.send('Input.dispatchKeyEvent', { type: 'keyUp', key, windowsVirtualKeyCode });
    }

    async close() {
        this.connection.listeners.delete(this.listener);
        await this.connection.send('Target.closeTarget', { targetId: this.targetId });
    }
}

export class Browser {
    static async launch(program, profile) {
        const child = spawn(program, [...kFlags, `--user-data-dir=${profile}`], {
            stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
        });
        const browser = new Browser();
        browser.connection = new Connection(child);
        await browser.connection.send('Browser.getVersion');
        return browser;
    }

    /** Opens a page and waits for its load event. `script: false` turns JavaScript off. */
    async open(url, { script = true } = {}) {
        const { targetId } = await this.connection.send('Target.createTarget', { url: 'about:blank' });
        const { sessionId } = await this.connection.send('Target.attachToTarget', { targetId, flatten: true });
        const page = new Page(this.connection, targetId, sessionId);
        for (const domain of ['Page', 'Runtime', 'Network', 'Log']) await page.send(`${domain}.enable`);
        if (!script) await page.send('Emulation.setScriptExecutionDisabled', { value: true });
        const loaded = new Promise((resolve) => (page.loaded = resolve));
        await page.send('Page.navigate', { url });
        await loaded;
        return page;
    }

    async close() {
        const { child } = this.connection;
        const ended = new Promise((resolve) => child.once('exit', resolve));
        await this.connection.send('Browser.close').catch(() => child.kill());
        await ended;
    }
}
