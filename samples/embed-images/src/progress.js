/** A line on standard error that is written over, if it is a terminal. */
export function terminalProgress(stream = process.stderr, now = () => performance.now()) {
  if (!stream.isTTY) return () => {};
  const start = now();
  return (done, all) => {
    const rate = (1000 * done) / (now() - start);
    stream.write(`\r${done} of ${all} images, ${rate.toFixed(1)} a second\x1b[K${done === all ? '\n' : ''}`);
  };
}
