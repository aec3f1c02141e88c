import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';

/** The normalised address of an account; `undefined` if it is invalid. */
export function staffEmail(typed: string): string | undefined {
  const email = normaliseContactPoint('email', typed);
  return email.ok ? email.value : undefined;
}
