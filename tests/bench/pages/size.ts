import { readFileSync } from 'node:fs';
import { get } from 'node:http';

/** What a browser has to load for the form, compressed: the page and its style sheets. */
export async function formPageBytes(url: string): Promise<number> {
  const page = await load(`${url}/f/newsletter`);
  const plain = await (await fetch(`${url}/f/newsletter`)).text();
  const sheets = [...plain.matchAll(/<link[^>]+href="([^"]+\.css)"/g)].map((match) => match[1]);
  let bytes = page;
  for (const sheet of sheets) bytes += await load(`${url}${sheet}`);
  return bytes;
}

/** Bytes on the wire. */
function load(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'Accept-Encoding': 'gzip' } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.once('end', () => resolve(bytes));
    }).once('error', reject);
  });
}

/** Linux only; elsewhere unknown. */
export function residentMegabytes(pid: number): number | undefined {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
