/** What an action answers, at the desks and on the pages for people: `redirect`, or the page is shown again. */

/** Something to correct, named like its field, with a link to it. */
export interface Fault {
  field: string;
  href: string;
  message: string;
}

/** Somebody else saved since this form was opened. Nothing was written. */
export interface Conflict {
  /** The revision to send the next time, which overwrites what is saved. */
  revision: number;
  differs: { name: string; saved: string; typed: string }[];
}

/** The page once more. */
export interface Again<Shown = undefined> {
  status: 200 | 409 | 422 | 429;
  faults: Fault[];
  conflict?: Conflict;
  /** With status 429. */
  retryAfterSeconds?: number;
  /** What this answer shows beside the page, such as what was typed or a secret that was just made. */
  shown: Shown;
}

/** Done: leads to the page that says so. Loading that page again does nothing. */
export function redirect(path: string, query: Record<string, string> = {}): Response {
  const search = new URLSearchParams(query).toString();
  return new Response(null, { status: 303, headers: { Location: search ? `${path}?${search}` : path } });
}

/** Not done: the page once more, with what was typed and what has to be corrected. */
export function again(faults: Fault[]): Again {
  return { status: 422, faults, shown: undefined };
}

/** The same, with what the page shows besides. */
export function againWith<Shown>(faults: Fault[], shown: Shown): Again<Shown> {
  return { status: 422, faults, shown };
}

/** Not done, because there were too many of these: the page once more. */
export function tooMany<Shown>(faults: Fault[], retryAfterSeconds: number, shown: Shown): Again<Shown> {
  return { status: 429, faults, retryAfterSeconds, shown };
}

export function conflict(found: Conflict): Again {
  return { status: 409, faults: [], conflict: found, shown: undefined };
}

/** Done, and only this answer shows it: never at an address that could be opened again. */
export function show<Shown>(shown: Shown): Again<Shown> {
  return { status: 200, faults: [], shown };
}

export function messageAt(faults: Fault[], field: string): string | undefined {
  return faults.find((fault) => fault.field === field)?.message;
}

export function faultAt(field: string, message: string): Fault {
  return { field, href: `#${field}`, message };
}
