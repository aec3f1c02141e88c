import type { APIContext } from 'astro';
import { openDesk } from '#src/desk/open-desk.ts';
import { type FormFields, first } from '#src/forms/fields.ts';
import { addKiosk, endKiosk, type KioskFault, maxKioskDays } from '#src/forms/kiosks.ts';
import { addShortLink, maxSourceLength } from '#src/forms/short-links.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import type { Translate } from '#src/i18n/translate.ts';
import { paths } from '#src/routes.ts';

/** The page once more, with what was typed. */
export interface FairAnswer {
  fields: FormFields;
  faults: { field: string; href: string; message: string }[];
}

/** A short link for posters, or a pass for a device at the stand. */
export async function answerFair(context: APIContext, key: string): Promise<Response | FairAnswer> {
  const { app, actor, t } = openDesk(context);
  const fields = await readForm(context.request);
  const typed = (name: string) => first(fields, name) ?? '';
  const done = (what: string, hash = '') =>
    context.redirect(paths.staffFormFair(key, { done: what }) + hash, 303);
  const again = (faults: Omit<FairAnswer['faults'][number], 'href'>[]) => ({
    fields,
    faults: faults.map((fault) => ({ ...fault, href: `#${fault.field}` })),
  });
  switch (typed('action')) {
    case 'kiosk': {
      const entry = { source: typed('stand'), from: typed('from'), to: typed('to') };
      const result = await addKiosk(app, actor, key, entry);
      if (result.outcome === 'unknown') throw new Problem(404);
      if (result.outcome !== 'faulty') return done('kiosk', '#kiosk');
      return again(
        result.faults.map(({ field, code }) => ({
          field: field === 'source' ? 'stand' : field,
          message: faultText(t, code),
        })),
      );
    }
    case 'end': {
      const { outcome } = await endKiosk(app, actor, key, typed('kiosk'));
      if (outcome === 'unknown') throw new Problem(404);
      return done('kiosk_ended', '#kiosk');
    }
    default: {
      const { outcome } = await addShortLink(app, actor, key, typed('source'));
      if (outcome === 'unknown') throw new Problem(404);
      if (outcome === 'added') return done('added');
      return again([{ field: 'source', message: t('running.links.fault', { most: maxSourceLength }) }]);
    }
  }
}

function faultText(t: Translate, code: KioskFault['code']): string {
  return t(`running.kiosk.fault.${code}`, { most: code === 'source' ? maxSourceLength : maxKioskDays });
}
