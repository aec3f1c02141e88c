/** What an operation returns: a body for JSON, or a complete response. */
export type Answer = JsonAnswer | ApiResponse;

export interface JsonAnswer {
  status: number;
  body: unknown;
}

/** Names are written as usual (`Content-Type`), so each header has one spelling. */
export type ResponseHeaders = Record<string, string>;

/** A complete response. It costs less than a `Response` of the web. */
export class ApiResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: string | AsyncIterable<Uint8Array> | null;

  constructor(status: number, headers: ResponseHeaders, body: ApiResponse['body']) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  with(headers: ResponseHeaders): ApiResponse {
    return new ApiResponse(this.status, { ...this.headers, ...headers }, this.body);
  }

  withoutBody(): ApiResponse {
    return new ApiResponse(this.status, this.headers, null);
  }
}

export function jsonResponse({ status, body }: JsonAnswer): ApiResponse {
  return new ApiResponse(status, { 'Content-Type': 'application/json' }, JSON.stringify(body));
}
