/// <reference types="astro/client" />

/** The hash of `/embed.js`, as astro.config.mjs built it. */
declare const EMBED_INTEGRITY: string;

declare namespace App {
  interface Locals {
    app: import('#src/app/app.ts').App;
    /** The pattern of the address, for the metrics. */
    route?: string;
    /** Set by a page that may be framed: the origins that may do so. */
    framedBy?: string[];
    /** Set by a page that shows pages of ours in a frame. */
    showsFrames?: boolean;
    /** Set by a page that runs scripts of ours. */
    runsScripts?: boolean;
    /** Who is signed in at a desk; always set behind the guard. */
    staff?: import('./staff/sessions.ts').OpenSession;
    /** `Set-Cookie` of the desks: the session's, when it was begun, prolonged or ended, and the known browser's. */
    staffCookies?: string[];
    /** What was sent to a desk after the session had ended. */
    entries?: import('./forms/fields.ts').FormFields;
    /** What an action left for the page that is to be shown; `actions/action.ts` reads it. */
    posted?: unknown;
    /** Why an action was refused. */
    refused?: import('./http/problem.ts').ProblemDetails;
    /** What the problem page tells; set by the middleware. */
    problem?: import('./http/problem.ts').ProblemDetails;
  }
}
