/** What is posted in the search over everything. */
import { z } from 'zod';
import { deskAction, redirect, show } from '#src/desk/desk-action.ts';
import { searchDesk, searchPeople } from '#src/desk/search.ts';
import { text } from '#src/http/form-schema.ts';
import { namedIn } from '#src/http/frame.ts';
import { paths } from '#src/routes.ts';

const longest = 254;

/** Leads to the one person at an address, and else shows what was found. */
export const search = deskAction('search.read', z.object({ q: text }), async (desk, { q }) => {
  const { app, actor, t, url } = desk;
  const typed = q.slice(0, longest).trim();
  const people = await searchPeople(app, actor, typed);
  const [only, ...others] = people.outcome === 'found' ? people.contactPointIds : [];
  if (only && others.length === 0) return redirect(paths.staffPoint(only, { lang: namedIn(url) }));
  return show({ typed, people, hits: await searchDesk(app, actor, t, typed) });
});
