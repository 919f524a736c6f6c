import assert from 'node:assert/strict';
import test from 'node:test';
import { inputShape } from '../src/input-shape.js';

const STRETCH = { resize: { kind: 'stretch' } };

test('what the model fixes is taken from it', () => {
  assert.deepEqual(inputShape(['N', 3, 224, 224], STRETCH), { batch: 16, size: 224, layout: 'nchw', dims: [16, 3, 224, 224] });
  assert.deepEqual(inputShape([1, 96, 96, 3], STRETCH), { batch: 1, size: 96, layout: 'nhwc', dims: [1, 96, 96, 3] });
});

test('what the model leaves open is taken from the options', () => {
  const options = { ...STRETCH, size: 8, batch: 2, layout: 'nhwc' };
  assert.deepEqual(inputShape(['N', 'H', 'W', 'C'], options), { batch: 2, size: 8, layout: 'nhwc', dims: [2, 8, 8, 3] });
  assert.throws(() => inputShape(['N', 3, 'H', 'W'], STRETCH), /--size is missing/);
});

test('options that contradict the model are refused', () => {
  const shape = [4, 3, 224, 224];
  assert.throws(() => inputShape(shape, { ...STRETCH, size: 96 }), /--size: the model's input has 224, not 96/);
  assert.throws(() => inputShape(shape, { ...STRETCH, batch: 8 }), /--batch: the model's input has 4, not 8/);
  assert.throws(() => inputShape(shape, { ...STRETCH, layout: 'nhwc' }), /--layout nhwc: the model's input is \[4,3,224,224\]/);
  assert.throws(() => inputShape(shape, { resize: { kind: 'crop', shorter: 200 } }), /crop:200: expected at least the model's 224/);
  assert.throws(() => inputShape(['N', 10], STRETCH), /expected images, of four dimensions/);
});
