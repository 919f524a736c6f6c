import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import tar from 'tar-stream';
import { listImages } from '../src/images.js';
import { temporaryFolder, writeFile } from './support/workplace.js';

const LONG = `${'deep/'.repeat(40)}z.jpg`; // Longer than a plain .tar header has room for.
const FILES = ['b.png', 'a/10.jpg', 'B.JPEG', 'a/9.webp', 'é.jpg', LONG, 'notes.txt', 'a.jpg'];
const SORTED = ['B.JPEG', 'a.jpg', 'a/10.jpg', 'a/9.webp', 'b.png', LONG, 'é.jpg'];

const read = async (location) => Promise.all((await listImages(location)).map(async ({ path, read }) => [path, `${await read()}`]));

test('a folder is read with those in it, sorted by path, images only', async (t) => {
  const folder = temporaryFolder(t);
  for (const file of FILES) writeFile(folder, file, `bytes of ${file}`);
  assert.deepEqual(await read(folder), SORTED.map((path) => [path, `bytes of ${path}`]));
});

test('a .tar is read as the folder would be, whatever its order; the last of two files with one name counts', async (t) => {
  const archive = join(temporaryFolder(t), 'images.tar');
  await writeTar(archive, [['./b.png', 'old'], ...FILES.map((file) => [`./${file}`, `bytes of ${file}`])]);
  assert.deepEqual(await read(archive), SORTED.map((path) => [path, `bytes of ${path}`]));
});

test('what is no folder, no .tar, or has no images is refused', async (t) => {
  const folder = temporaryFolder(t);
  await assert.rejects(listImages(join(folder, 'nowhere')), /cannot be read/);
  await assert.rejects(listImages(folder), /no images in it/);
  writeFile(folder, 'text.tar', 'no archive'.repeat(1000));
  await assert.rejects(listImages(join(folder, 'text.tar')), /expected a folder or a \.tar/);
});

async function writeTar(archive, files) {
  const pack = tar.pack();
  const file = pack.pipe(createWriteStream(archive));
  for (const [name, content] of files) pack.entry({ name }, content);
  pack.finalize();
  await once(file, 'close');
}
