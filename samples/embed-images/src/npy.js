/** The header of a .npy file, version 1.0, of a C-ordered little-endian float32 matrix. Data start at a multiple of 64 bytes. */
export function npyHeader(rows, columns) {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64;
  const header = Buffer.alloc(length, ' ');
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(length - 10, 8);
  header.write(text, 10, 'latin1');
  header.write('\n', length - 1);
  return header;
}

/** Float32 values as bytes, without a copy. */
export function npyBytes(values) {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
