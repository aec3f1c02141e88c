import type { App as Application } from '#src/app/app.ts';
import type { PublishedForm } from '#src/forms/form-definition.ts';

/** Allows the sites of a form to show this page in a frame, and the page to run the script that talks to them. */
export function allowFraming(locals: App.Locals, form: PublishedForm): void {
  locals.framedBy = framersOf(locals.app, form);
  locals.runsScripts = true;
}

// Outside production our own page /demo/embed shows the frame as well.
function framersOf(app: Application, form: PublishedForm): string[] {
  return app.config.production ? form.allowedOrigins : [...form.allowedOrigins, "'self'"];
}
