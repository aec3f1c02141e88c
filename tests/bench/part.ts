/** One part of `npm run bench`. A new one gets a file or folder beside these and a line in `run.ts`. */
export interface Part {
  title: string;
  /** Measures with whatever it needs in `folder`, which is taken away afterwards; `say` tells who waits. */
  measure: (folder: string, say: (what: string) => void) => Promise<PartReport>;
}

export interface PartReport {
  /** What was measured in detail, with a heading each; the first column is text, the others are numbers. */
  tables: string[][][];
  figures: Figure[];
}

/** A figure that somebody decides by. */
export interface Figure {
  what: string;
  measured: string;
  /** As it is to be read, e.g. `≥ 50 %`; left out where there is no aim. */
  aim?: string;
  met?: boolean;
}

export function aimed(what: string, measured: string, aim: string, met: boolean): Figure {
  return { what, measured, aim, met };
}
