import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { readNpy } from './support/read-npy.js';
import { embedImages, temporaryFolder, writeFile } from './support/workplace.js';

const SHARED = fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const DATA = [process.env.CERTIFLIP_DATA, SHARED].find((folder) => folder && existsSync(join(folder, 'dogfish')));
const MODEL = DATA && join(DATA, 'models/mobilenetv2_inat_bird_features.onnx');
const EVERY = 40;

// The matrix was made by the network before its conversion to ONNX, with activations rounded to 8 bits: near, not equal.
// The conversion's own notes say how near: a cosine of 0.9947 in the median, 0.908 at least.
test('dogfish through the bird model are near the matrix of the network it was converted from', { skip: !DATA && 'no dogfish' }, (t) => {
  const folder = temporaryFolder(t);
  const [header, ...rows] = readFileSync(join(DATA, 'dogfish/manifest.csv'), 'utf8').trim().split('\n');
  const chosen = rows.filter((_, i) => i % EVERY === 0);
  writeFile(folder, 'order.csv', [header, ...chosen].join('\n'));

  const images = ['--images', join(DATA, 'dogfish/dogfish_images.tar'), '--order', 'order.csv'];
  const run = embedImages(folder, '--model', MODEL, ...images, '--out', 'o.npy', '--mean', '127.5', '--std', '127.5');
  assert.equal(run.stderr, '');

  const ours = readNpy(join(folder, 'o.npy'));
  const theirs = readNpy(join(DATA, 'dogfish/features_mnv2_inatbird_1280.f32.npy'));
  assert.deepEqual([ours.rows, ours.columns], [chosen.length, theirs.columns]);
  const row = (matrix, i) => matrix.values.subarray(i * matrix.columns, (i + 1) * matrix.columns);
  const cosines = chosen.map((_, i) => cosine(row(ours, i), row(theirs, EVERY * i))).sort((a, b) => a - b);
  assert.ok(cosines[0] > 0.9, `least cosine ${cosines[0]}`);
  assert.ok(cosines[chosen.length / 2] > 0.99, `median cosine ${cosines[chosen.length / 2]}`);
});

function cosine(a, b) {
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function dot(a, b) {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
