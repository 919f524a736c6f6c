import { stat } from 'node:fs/promises';
import { listArchive } from './archive.js';
import { DataError } from './errors.js';
import { listFolder } from './folder.js';

const IMAGE = /\.(jpe?g|png|webp)$/i;

/**
 * The images of a folder or .tar as { path, read }: the path inside it, with '/', and a function to the image's bytes.
 * Sorted by path, by UTF-16 code unit: the same on every system.
 */
export async function listImages(location) {
  const files = (await isFolder(location)) ? await listFolder(location) : await listArchive(location);
  const images = files.filter((file) => IMAGE.test(file.path)).sort((a, b) => (a.path < b.path ? -1 : 1));
  if (images.length === 0) throw new DataError(`${location}: no images in it; expected .jpg, .jpeg, .png or .webp`);
  return images;
}

async function isFolder(location) {
  try {
    return (await stat(location)).isDirectory();
  } catch (error) {
    throw new DataError(`${location}: cannot be read: ${error.message}`);
  }
}
