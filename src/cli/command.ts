/** A command gets what follows its name and returns the exit code: 0 done, 1 found something, 2 called wrongly. */
export type Command = (args: string[]) => Promise<number>;

export interface CommandEntry {
  /** What follows `npm run jawort --`. */
  usage: string;
  about: string;
  load: () => Promise<Command>;
}
