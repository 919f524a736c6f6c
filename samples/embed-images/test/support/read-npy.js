import { readFileSync } from 'node:fs';

/** A float32 matrix in C order: { rows, columns, values }. */
export function readNpy(path) {
  const bytes = readFileSync(path);
  const start = 10 + bytes.readUInt16LE(8);
  const [, rows, columns] = /'descr': '<f4', 'fortran_order': False, 'shape': \((\d+), (\d+)\)/.exec(bytes.toString('latin1', 10, start));
  const values = new Float32Array(rows * columns).map((_, i) => bytes.readFloatLE(start + 4 * i));
  return { rows: Number(rows), columns: Number(columns), values };
}
