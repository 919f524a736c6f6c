import assert from 'node:assert/strict';
import test from 'node:test';
import sharp from 'sharp';
import { decodePixels, scaledSize } from '../src/pixels.js';
import { png } from './support/workplace.js';

const RED = [200, 10, 10];
const GREEN = [10, 200, 10];
const STRETCH = { kind: 'stretch' };

const decode = async (bytes, size, resize = STRETCH) => [...(await decodePixels({ path: 'a.png', read: async () => bytes }, size, resize))];

test('an image of the right size is not touched', async () => {
  const pixels = [RED, GREEN, [1, 2, 3], [255, 0, 128]];
  assert.deepEqual(await decode(await png(2, 2, pixels), 2), pixels.flat());
});

test('stretching takes the whole image', async () => {
  const halves = Array.from({ length: 8 * 64 }, (_, i) => (i % 64 < 32 ? RED : GREEN));
  const pixels = await decode(await png(64, 8, halves), 8);
  assert.deepEqual([pixels.slice(0, 3), pixels.slice(-3)], [RED, GREEN]);
});

test('cropping takes the centre alone', async () => {
  const thirds = Array.from({ length: 8 * 24 }, (_, i) => (Math.floor((i % 24) / 8) === 1 ? RED : GREEN));
  const pixels = await decode(await png(24, 8, thirds), 4, { kind: 'crop', shorter: 8 });
  assert.deepEqual(pixels, Array(16).fill(RED).flat());
});

test('the longer side of a crop is rounded down', () => {
  assert.deepEqual(scaledSize(500, 375, 224, { kind: 'crop', shorter: 256 }), { width: 341, height: 256 });
  assert.deepEqual(scaledSize(375, 500, 224, { kind: 'crop', shorter: 256 }), { width: 256, height: 341 });
});

test('grey becomes three channels, transparency goes, sixteen bits become eight', async () => {
  const grey = sharp(Uint8Array.of(77), { raw: { width: 1, height: 1, channels: 1 } }).toColourspace('b-w').png().toBuffer();
  const clear = sharp(Uint8Array.of(9, 8, 7, 0), { raw: { width: 1, height: 1, channels: 4 } }).png().toBuffer();
  const deep = sharp(Uint16Array.of(257 * 9, 257 * 8, 257 * 7), { raw: { width: 1, height: 1, channels: 3 } }).toColourspace('rgb16').png().toBuffer();
  assert.deepEqual(await decode(await grey, 1), [77, 77, 77]);
  assert.deepEqual(await decode(await clear, 1), [9, 8, 7]);
  assert.deepEqual(await decode(await deep, 1), [9, 8, 7]);
});

test('a JPEG that ends too early is refused by name', async () => {
  const whole = await sharp(await png(64, 64, Array.from({ length: 4096 }, (_, i) => [i % 251, i % 241, i % 239]))).jpeg().toBuffer();
  await assert.rejects(decode(whole.subarray(0, whole.length / 2), 64), /^Error: a\.png: cannot be read as an image/);
});
