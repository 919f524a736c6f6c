import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { readNpy } from './support/read-npy.js';
import { flattenModel } from './support/tiny-model.js';
import { embedImages, png, temporaryFolder, writeFile } from './support/workplace.js';

// Images of 2×2 pixels that differ in every channel: with a model that changes nothing, each feature says where it is from.
const image = (index) => [0, 1, 2, 3].map((pixel) => [1, 2, 3].map((channel) => 40 * index + 10 * pixel + channel));
const ARGUMENTS = ['--model', 'm.onnx', '--images', 'images', '--out', 'o.npy', '--mean', '1', '--std', '2'];

async function workplace(t, model) {
  const folder = temporaryFolder(t);
  writeFile(folder, 'm.onnx', model);
  for (let i = 0; i < 5; i++) writeFile(folder, `images/${i % 2}/${i}.png`, await png(2, 2, image(i)));
  return folder;
}

const planes = (pixels) => [0, 1, 2].flatMap((channel) => pixels.map((pixel) => (pixel[channel] - 1) / 2));

test('features are those of the images, row by row, in order of path', async (t) => {
  const folder = await workplace(t, flattenModel(['N', 3, 2, 2]));
  const { status, stdout, stderr } = embedImages(folder, ...ARGUMENTS, '--batch', '2');
  assert.deepEqual([status, stdout, stderr], [0, '5 images, 12 features: o.npy, o.paths.csv\n', '']);
  assert.equal(readFileSync(join(folder, 'o.paths.csv'), 'utf8'), 'row,path\n0,0/0.png\n1,0/2.png\n2,0/4.png\n3,1/1.png\n4,1/3.png\n');
  const { rows, columns, values } = readNpy(join(folder, 'o.npy'));
  assert.deepEqual([rows, columns, [...values]], [5, 12, [0, 2, 4, 1, 3].flatMap((i) => planes(image(i)))]);
});

test('a model with a fixed batch gets its last batch filled up', async (t) => {
  const folder = await workplace(t, flattenModel([4, 2, 2, 3]));
  writeFile(folder, 'order.csv', 'path\n1/3.png\n0/0.png\n1/1.png\n0/2.png\n0/4.png\n');
  assert.equal(embedImages(folder, ...ARGUMENTS, '--order', 'order.csv').status, 0);
  assert.deepEqual([...readNpy(join(folder, 'o.npy')).values], [3, 0, 1, 2, 4].flatMap((i) => image(i).flat().map((value) => (value - 1) / 2)));
});

test('the number of threads and the size of a batch change no byte', async (t) => {
  const folder = await workplace(t, flattenModel(['N', 3, 2, 2]));
  const bytes = [['1', '1'], ['3', '2'], ['2', '16']].map(([threads, batch]) => {
    assert.equal(embedImages(folder, ...ARGUMENTS, '--threads', threads, '--batch', batch).status, 0);
    return readFileSync(join(folder, 'o.npy'), 'hex');
  });
  assert.equal(new Set(bytes).size, 1);
});

test('of several outputs one must be named', async (t) => {
  const folder = await workplace(t, flattenModel(['N', 3, 2, 2], ['first', 'second']));
  assert.match(embedImages(folder, ...ARGUMENTS).stderr, /^error: --output is missing: m\.onnx has first, second; --help says more\n$/);
  assert.match(embedImages(folder, ...ARGUMENTS, '--output', 'third').stderr, /has no "third" but first, second/);
  assert.equal(embedImages(folder, ...ARGUMENTS, '--output', 'second').status, 0);
});

test('a run that fails says why in a line and leaves what was there', async (t) => {
  const folder = await workplace(t, flattenModel(['N', 3, 2, 2]));
  writeFile(folder, 'o.npy', 'from before');
  writeFile(folder, 'images/z.png', 'no image');
  const { status, stdout, stderr } = embedImages(folder, ...ARGUMENTS, '--batch', '1');
  assert.deepEqual([status, stdout], [1, '']);
  assert.match(stderr, /^error: z\.png: cannot be read as an image: .*\n$/);
  assert.deepEqual(readdirSync(folder), ['images', 'm.onnx', 'o.npy']);
  assert.equal(readFileSync(join(folder, 'o.npy'), 'utf8'), 'from before');
});

test('what is no model, and features that are not finite, are data errors; wrong options are not', async (t) => {
  const folder = await workplace(t, flattenModel(['N', 3, 2, 2]));
  writeFile(folder, 'text.onnx', 'no model');
  const runs = [['--model', 'text.onnx'], ['--std', '1e-300'], ['--batch', 'x']].map((extra) => embedImages(folder, ...ARGUMENTS, ...extra));
  assert.deepEqual(runs.map((run) => run.status), [1, 1, 2]);
  assert.match(runs[0].stderr, /^error: text\.onnx: cannot be loaded as an ONNX model: .*\n$/);
  assert.match(runs[1].stderr, /^error: 0\/0\.png: feature 1 is Infinity; expected a finite number\n$/);
});
