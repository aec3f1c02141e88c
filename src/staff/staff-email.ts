import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';

/** The one form of an address under which somebody works here; `undefined` for what is none. */
export function staffEmail(typed: string): string | undefined {
  const email = normaliseContactPoint('email', typed);
  return email.ok ? email.value : undefined;
}
