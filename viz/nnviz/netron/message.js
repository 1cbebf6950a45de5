// Reads what nnviz says of a network (model.py) into the objects that Netron shows. Stands in for
// Netron's own message.js, which knows no weight values and no metadata of nodes.

const SIGNATURE = 'netron:wnnx';

const argument = (data, values) => new Argument(data.name, data.value.map((index) => values[index]));

// Netron tells values from other things by the names of these classes.

class Argument {

    constructor(name, value, type = null) {
        this.name = name;
        this.value = value;
        this.type = type;
    }
}

class TensorShape {

    constructor(data) {
        this.dimensions = data.dimensions;
    }

    toString() {
        return `[${this.dimensions.join(', ')}]`;
    }
}

class TensorType {

    constructor(data) {
        this.dataType = data.dataType;
        this.shape = new TensorShape(data.shape);
    }

    toString() {
        return `${this.dataType}${this.shape}`;
    }
}

class Tensor {

    constructor(data, name, context) {
        this.name = name;
        this.type = new TensorType(data.type);
        this.encoding = '<';
        this.values = null;
        this.metrics = [];
        this._path = `tensor/${data.tensor}`;
        this._context = context;
    }

    // Whether the values are here already; Netron calls read() where they are not.
    peek() {
        return this.values !== null;
    }

    async read() {
        this._reading = this._reading || Promise.all([
            fetchBytes(this._context, this._path),
            fetchJson(this._context, `${this._path}/statistics`)
        ]);
        const [values, metrics] = await this._reading;
        this.values = values;
        this.metrics = metrics;
    }
}

class Value {

    constructor(data, context) {
        this.name = data.name;
        this.initializer = data.initializer ? new Tensor(data.initializer, data.name, context) : null;
        this.type = this.initializer ? this.initializer.type : new TensorType(data.type);
    }
}

class Node {

    constructor(data, values) {
        this.name = data.name;
        this.type = data.type;
        this.inputs = data.inputs.map((item) => argument(item, values));
        this.outputs = data.outputs.map((item) => argument(item, values));
        this.attributes = data.attributes.map((item) => new Argument(item.name, item.value, item.type));
        this.metadata = data.metadata.map((item) => new Argument(item.name, item.value));
    }
}

class Module {

    constructor(data, context) {
        const values = data.values.map((item) => new Value(item, context));
        this.name = data.name;
        this.inputs = data.inputs.map((item) => argument(item, values));
        this.outputs = data.outputs.map((item) => argument(item, values));
        this.nodes = data.nodes.map((item) => new Node(item, values));
    }
}

class Model {

    constructor(data, context) {
        this.format = data.format;
        this.producer = data.producer;
        this.name = data.name;
        this.metadata = data.metadata.map((item) => new Argument(item.name, item.value));
        this.modules = data.modules.map((item) => new Module(item, context));
    }
}

const fetchBytes = async (context, name) => (await context.fetch(name)).stream.peek();

const fetchJson = async (context, name) => JSON.parse(new TextDecoder().decode(await fetchBytes(context, name)));

export const ModelFactory = class {

    async match(context) {
        return context.set('wnnx', SIGNATURE);
    }

    async open(context) {
        return new Model(await fetchJson(context, 'graph.json'), context);
    }
};
