import assert from 'node:assert/strict';
import test from 'node:test';
import { fillTensor, standardised } from '../src/tensor.js';

const TWO_PIXELS = Uint8Array.from([0, 10, 20, 30, 40, 50]);

test('a pixel becomes (pixel - mean) / std of its channel', () => {
  const values = standardised([0, 127.5, 100], [1, 127.5, 50]);
  assert.deepEqual([values[0][7], values[1][0], values[1][255], values[2][50]], [7, -1, 1, -1]);
});

test('nchw puts the channels in planes', () => {
  const tensor = new Float32Array(12);
  fillTensor(tensor, 1, TWO_PIXELS, 'nchw', standardised([0, 0, 0], [1, 1, 10]));
  assert.deepEqual([...tensor], [0, 0, 0, 0, 0, 0, 0, 30, 10, 40, 2, 5]);
});

test('nhwc keeps the channels together', () => {
  const tensor = new Float32Array(12);
  fillTensor(tensor, 1, TWO_PIXELS, 'nhwc', standardised([0, 0, 0], [1, 1, 10]));
  assert.deepEqual([...tensor], [0, 0, 0, 0, 0, 0, 0, 10, 2, 30, 40, 5]);
});
