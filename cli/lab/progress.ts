export interface Progress {
  (text: string): void;
  done(): void;
}

/** One line that changes on a terminal; elsewhere one plain line for each new step (the part before a colon or semicolon). */
export function progress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const started = Date.now();
  let lastStep = "";
  let shown = false;
  const show = (text: string): void => {
    const seconds = `${((Date.now() - started) / 1000).toFixed(0).padStart(3)} s  `;
    if (stream.isTTY) {
      stream.write(`\r\x1b[2K${`${seconds}${text}`.slice(0, (stream.columns || 80) - 1)}`);
      shown = true;
      return;
    }
    const step = text.split(/[:;]/)[0] ?? text;
    if (step !== lastStep) stream.write(`${seconds}${text}\n`);
    lastStep = step;
  };
  const done = (): void => {
    if (shown) stream.write("\r\x1b[2K");
  };
  return Object.assign(show, { done });
}
