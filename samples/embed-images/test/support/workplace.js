import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const PROGRAM = fileURLToPath(new URL('../../embed-images.js', import.meta.url));

/** A folder of a test's own, gone after it. */
export function temporaryFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'embed-images-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

export function writeFile(folder, path, bytes) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), bytes);
}

/** A lossless image of the pixels [[r, g, b], …], row by row. */
export function png(width, height, pixels) {
  return sharp(Uint8Array.from(pixels.flat()), { raw: { width, height, channels: 3 } }).png().toBuffer();
}

/** Runs the program in a folder: { status, stdout, stderr }. */
export function embedImages(folder, ...args) {
  return spawnSync(process.execPath, [PROGRAM, ...args], { cwd: folder, encoding: 'utf8' });
}
