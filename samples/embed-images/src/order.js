import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { DataError } from './errors.js';

/**
 * The images that the column "path" of a .csv names, in its order. Paths are those inside the folder or archive; its top
 * folder may be left out if there is only one.
 */
export async function orderImages(images, csv) {
  const byPath = new Map(images.map((image) => [image.path, image]));
  const top = onlyTopFolder(images);
  return (await readPaths(csv)).map((path, row) => {
    const image = byPath.get(path) ?? byPath.get(`${top}/${path}`);
    if (!image) throw new DataError(`${csv}: row ${row}: no image "${path}" among the ${images.length} found`);
    return image;
  });
}

async function readPaths(csv) {
  let rows;
  try {
    rows = parse(await readFile(csv), { bom: true, columns: true, skip_empty_lines: true });
  } catch (error) {
    throw new DataError(`${csv}: cannot be read as .csv: ${error.message}`);
  }
  if (rows.length === 0) throw new DataError(`${csv}: no rows in it`);
  if (!('path' in rows[0])) throw new DataError(`${csv}: no column "path"; its columns are ${Object.keys(rows[0]).join(', ')}`);
  return rows.map((row) => row.path);
}

function onlyTopFolder(images) {
  const tops = new Set(images.map((image) => image.path.slice(0, Math.max(0, image.path.indexOf('/')))));
  return tops.size === 1 ? [...tops][0] : '';
}
