/** Draws on standard error if that is a terminal, at most ten times a second. */
export function progressBar(
  size: number,
  startedAt: number,
): (readTo: number, rows: number, done?: boolean) => void {
  const start = performance.now();
  let drawnAt = 0;
  let rowsBefore: number | undefined;
  return (readTo, rows, done = false) => {
    const now = performance.now();
    rowsBefore ??= startedAt > 0 ? rows : 0;
    if (!process.stderr.isTTY || (!done && now - drawnAt < 100)) return;
    drawnAt = now;
    const share = size > 0 ? Math.min(1, readTo / size) : 1;
    const seconds = (now - start) / 1000;
    const speed = seconds > 0 ? Math.round((rows - rowsBefore) / seconds) : 0;
    const read = Math.max(1, readTo - startedAt);
    const left = Math.ceil(((size - readTo) / read) * seconds);
    const bar = '█'.repeat(Math.round(share * width)).padEnd(width, '░');
    // Before the first rows there is nothing to estimate from.
    const estimate = rows > rowsBefore ? `${left} s left` : '';
    const rest = done ? `${seconds.toFixed(1)} s` : estimate;
    process.stderr.write(
      `\r${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${rows} rows  ${speed}/s  ${rest}   ${done ? '\n' : ''}`,
    );
  };
}

const width = 30;
