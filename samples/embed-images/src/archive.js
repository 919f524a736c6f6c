import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import tar from 'tar-stream';
import { DataError } from './errors.js';

/** Every file in a .tar. Only headers are read here; the bytes later, from where the header says, in any order. */
export async function listArchive(archive) {
  const files = new Map(); // Of files with the same path the last one counts, as when unpacking.
  const extract = tar.extract();
  const source = createReadStream(archive);
  source.on('error', (error) => extract.destroy(error));
  source.pipe(extract);
  try {
    for await (const entry of extract) {
      const { name, type, size, byteOffset } = entry.header;
      const path = name.replace(/^(\.\/)+/, '');
      if (type === 'file') files.set(path, { path, read: () => readBytes(archive, byteOffset, size) });
      entry.resume();
    }
  } catch (error) {
    throw new DataError(`${archive}: expected a folder or a .tar: ${error.message}`);
  } finally {
    source.destroy();
  }
  return [...files.values()];
}

async function readBytes(archive, position, length) {
  const file = await open(archive);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(length), position });
    if (bytesRead < length) throw new Error('the archive ends in the middle of it');
    return buffer;
  } finally {
    await file.close();
  }
}
