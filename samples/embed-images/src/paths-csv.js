/** Which row of the features is which image. */
export function pathsCsv(paths) {
  return `row,path\n${paths.map((path, row) => `${row},${quoted(path)}\n`).join('')}`;
}

function quoted(field) {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
