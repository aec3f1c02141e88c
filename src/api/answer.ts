/** What an operation answers: JSON, unless it says itself what is sent. */
export type Answer = JsonAnswer | Sent;

export interface JsonAnswer {
  status: number;
  body: unknown;
}

/** Names are written as usual (`Content-Type`), so that one header has one name. */
export type HeadersSent = Record<string, string>;

/** An answer as it goes out. */
export class Sent {
  readonly status: number;
  readonly headers: HeadersSent;
  readonly body: string | AsyncIterable<Uint8Array> | null;

  constructor(status: number, headers: HeadersSent, body: Sent['body']) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  with(headers: HeadersSent): Sent {
    return new Sent(this.status, { ...this.headers, ...headers }, this.body);
  }

  withoutBody(): Sent {
    return new Sent(this.status, this.headers, null);
  }
}

export function sentAsJson({ status, body }: JsonAnswer): Sent {
  return new Sent(status, { 'Content-Type': 'application/json' }, JSON.stringify(body));
}
