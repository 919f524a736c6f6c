// A model of one Flatten node, as protocol buffer bytes (onnx.proto): its features are its input, unchanged.

/** Dimensions are numbers, or names where the model leaves them free. */
export function flattenModel(inputDims, outputs = ['features']) {
  const graph = message(
    ...outputs.map((output) => field(1, message(field(1, 'input'), field(2, output), field(4, 'Flatten')))),
    field(2, 'flatten'),
    field(11, floats('input', inputDims)),
    ...outputs.map((output) => field(12, floats(output, ['rows', 'columns']))),
  );
  return message(field(1, 7), field(7, graph), field(8, message(field(1, ''), field(2, 13)))); // IR version 7, operators 13.
}

function floats(name, dims) {
  const shape = message(...dims.map((dim) => field(1, message(typeof dim === 'number' ? field(1, dim) : field(2, dim)))));
  return message(field(1, name), field(2, message(field(1, message(field(1, 1), field(2, shape))))));
}

function message(...fields) {
  return Buffer.concat(fields);
}

function field(number, value) {
  if (typeof value === 'number') return Buffer.from([number << 3, ...varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes]);
}

function varint(value) {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];
}
