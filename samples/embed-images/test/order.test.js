import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { orderImages } from '../src/order.js';
import { pathsCsv } from '../src/paths-csv.js';
import { temporaryFolder, writeFile } from './support/workplace.js';

const IMAGES = ['top/a.png', 'top/b, or "c".png', 'top/d/e.png'].map((path) => ({ path }));

async function ordered(t, csv, images = IMAGES) {
  const folder = temporaryFolder(t);
  writeFile(folder, 'order.csv', csv);
  return (await orderImages(images, join(folder, 'order.csv'))).map((image) => image.path);
}

test('rows come as the order says, and only those', async (t) => {
  assert.deepEqual(await ordered(t, 'label,path\n1,top/d/e.png\n0,top/a.png\n'), ['top/d/e.png', 'top/a.png']);
});

test('an only top folder may be left out', async (t) => {
  assert.deepEqual(await ordered(t, '\ufeffpath\r\nd/e.png\r\na.png\r\n'), ['top/d/e.png', 'top/a.png']);
  await assert.rejects(ordered(t, 'path\na.png\n', [...IMAGES, { path: 'other/f.png' }]), /row 0: no image "a\.png" among the 4 found/);
});

test('an order without paths is refused', async (t) => {
  await assert.rejects(ordered(t, 'file,label\na.png,1\n'), /no column "path"; its columns are file, label/);
  await assert.rejects(ordered(t, 'path\n'), /no rows/);
  await assert.rejects(ordered(t, 'path,label\na.png\n'), /cannot be read as \.csv/);
});

test('the paths that are written can be an order', async (t) => {
  const paths = IMAGES.map((image) => image.path).reverse();
  assert.deepEqual(await ordered(t, pathsCsv(paths)), paths);
});
