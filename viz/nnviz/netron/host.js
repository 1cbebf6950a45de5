// Starts Netron in the page: served by nnviz, or self-contained, opened from a file. Whatever
// Netron would ask another host for is left out: cookies, country, telemetry, updates.

import * as base from './base.js';
import * as browser from './browser.js';
import * as view from './view.js';

const MODEL = 'model.netron';
const embedded = document.getElementById('graph.json') !== null;

const Host = class extends browser.Host {

    constructor() {
        super();
        this._environment.type = 'nnviz';
        // A worker does not see the page's import map, so that the layout runs in the page.
        this._environment.serial = embedded;
        if (embedded) {
            this.save = null;
        }
    }

    // Netron's own looks up the country, asks for cookies, starts telemetry and, 180 days after
    // it was built, refuses to go on.
    async view(view) {
        this._view = view;
    }

    async start() {
        // The page shows one network: nothing to open, and no way to another host.
        for (const group of this._view._menu.items) {
            group.items = group.items.filter((item) => !/^&Open|Issue$/.test(item.label));
        }
        await this._openModel(MODEL, MODEL, this._meta.model[0]);
    }

    async require() {
        return import('./message.js');
    }

    async execute(name) {
        if (name === 'about') {
            this._view.about();
        }
    }

    openURL() {
    }

    _url(file) {
        return embedded ? file : super._url(file);
    }

    async _fetch(url, ...options) {
        if (url === MODEL) {
            // Netron looks for a file first; the graph itself is fetched by message.js.
            return new base.BinaryStream(new TextEncoder().encode('{"signature": "netron:wnnx"}'));
        }
        if (!embedded) {
            return super._fetch(url, ...options);
        }
        const element = document.getElementById(url);
        if (!element) {
            throw new Error('This page holds the shapes of the weights, not their values.');
        }
        const response = await fetch(`data:application/octet-stream;base64,${element.textContent}`);
        return new base.BinaryStream(new Uint8Array(await response.arrayBuffer()));
    }
};

window.__view__ = new view.View(new Host());
window.__view__.start();
