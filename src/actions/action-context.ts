import type { AskedWithBody } from '#src/http/asked.ts';

/** What an act knows of the request that asks for it. */
export interface ActContext {
  request: AskedWithBody;
  url: URL;
  clientAddress: string;
  locals: App.Locals;
}
