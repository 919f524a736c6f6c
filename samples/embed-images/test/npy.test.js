import assert from 'node:assert/strict';
import test from 'node:test';
import { npyBytes, npyHeader } from '../src/npy.js';

test('the header is what NumPy writes', () => {
  const expected = `\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2400, 1280), }${' '.repeat(59)}`;
  assert.equal(npyHeader(2400, 1280).toString('latin1'), `${expected.slice(0, 127)}\n`);
});

test('data start at a multiple of 64 bytes, whatever the shape', () => {
  for (const rows of [1, 99999, 10 ** 15]) {
    const header = npyHeader(rows, 10 ** 15);
    assert.equal(header.length % 64, 0);
    assert.equal(header.readUInt16LE(8), header.length - 10);
    assert.equal(header.at(-1), 10);
  }
});

test('values are little-endian float32, of a part of an array only that part', () => {
  const values = Float32Array.from([9, 1, -2]).subarray(1);
  assert.deepEqual([...npyBytes(values)], [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
});
