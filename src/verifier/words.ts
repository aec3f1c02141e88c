/** What is said of each check, in German and English. */
import type { Check, CheckCode, DossierVerdict } from './verdict.ts';

export interface Sentence {
  de: string;
  en: string;
}

/** `{about}` and `{detail}` are those of the check. */
const words: Record<CheckCode, { ok: Sentence; bad: Sentence }> = {
  file: {
    ok: { de: 'unverändert', en: 'unchanged' },
    bad: {
      de: 'verändert: passt nicht zu SHA256SUMS',
      en: 'changed: does not match SHA256SUMS',
    },
  },
  file_missing: always({ de: 'fehlt', en: 'missing' }),
  file_unlisted: always({
    de: 'gehört nicht dazu: steht nicht in SHA256SUMS',
    en: 'does not belong here: not listed in SHA256SUMS',
  }),
  list_unreadable: always({
    de: 'verändert: keine Liste von Prüfsummen',
    en: 'changed: not a list of hashes',
  }),
  list_logged: {
    ok: {
      de: 'Prüfsummen stehen im Protokoll (Eintrag {detail})',
      en: 'hashes are recorded in the log (entry {detail})',
    },
    bad: {
      de: 'verändert: Das Protokoll kennt diese Prüfsummen nicht',
      en: 'changed: the log does not know these hashes',
    },
  },
  list_or_leaves: always({
    de: 'dies oder leaves.json ist verändert',
    en: 'either this or leaves.json was changed',
  }),
  leaves_unreadable: always({ de: 'verändert: nicht lesbar', en: 'changed: not readable' }),
  key_unreadable: always({ de: 'verändert: kein Schlüssel', en: 'changed: not a key' }),
  key_trusted: {
    ok: { de: 'Kette der Schlüssel lückenlos', en: 'chain of keys complete' },
    bad: { de: 'kein bekannter Schlüssel hat unterschrieben', en: 'not signed by a known key' },
  },
  head_signed: {
    ok: { de: 'Stand {detail} des Protokolls: unterschrieben', en: 'log at size {detail}: signed' },
    bad: { de: 'Stand des Protokolls: Unterschrift falsch', en: 'head of the log: wrong signature' },
  },
  head_unreadable: always({ de: 'Stand des Protokolls nicht lesbar', en: 'head of the log not readable' }),
  head_continued: {
    ok: {
      de: 'Stand {detail} des Protokolls: seitdem nur ergänzt',
      en: 'log at size {detail}: only added to since',
    },
    bad: {
      de: 'früherer Stand {detail} passt nicht zum neuesten',
      en: 'earlier size {detail} does not match the newest',
    },
  },
  head_cosigned: {
    ok: { de: 'Zeuge hat Stand {detail} gesehen', en: 'witness has seen size {detail}' },
    bad: {
      de: 'Unterschrift eines Zeugen falsch: Stand {detail}',
      en: 'wrong signature of a witness: size {detail}',
    },
  },
  head_stamped: {
    ok: { de: 'Zeitstempel über Stand {detail}', en: 'time stamp of size {detail}' },
    bad: { de: 'Zeitstempel falsch: Stand {detail}', en: 'wrong time stamp: size {detail}' },
  },
  entry_included: {
    ok: { de: 'Eintrag im Protokoll: {detail}', en: 'entry in the log: {detail}' },
    bad: { de: 'Eintrag nicht im Protokoll: {detail}', en: 'entry not in the log: {detail}' },
  },
  evidence_logged: {
    ok: { de: 'im Protokoll festgelegt (Eintrag {detail})', en: 'fixed in the log (entry {detail})' },
    bad: { de: 'Das Protokoll kennt diesen Inhalt nicht', en: 'the log does not know this content' },
  },
  address_logged: {
    ok: { de: 'Adresse im Protokoll (Eintrag {detail})', en: 'address in the log (entry {detail})' },
    bad: { de: 'Das Protokoll kennt diese Adresse nicht', en: 'the log does not know this address' },
  },
  page_defined: {
    ok: { de: 'Formular, wie es gezeigt wurde', en: 'form as it was shown' },
    bad: { de: 'nicht das Formular, das gezeigt wurde', en: 'not the form that was shown' },
  },
  mail_as_kept: {
    ok: { de: 'Wortlaut wie in {detail}', en: 'words as in {detail}' },
    bad: { de: 'anderer Wortlaut als in {detail}', en: 'words differ from {detail}' },
  },
  mail_kept_only: {
    ok: { de: 'ältere Mail: nur aufbewahrt', en: 'older mail: kept only' },
    bad: { de: 'ältere Mail: nur aufbewahrt', en: 'older mail: kept only' },
  },
};

function always(sentence: Sentence) {
  return { ok: sentence, bad: sentence };
}

export function sentenceOf({ code, ok, about, detail = '' }: Check): Sentence {
  const { de, en } = words[code][ok ? 'ok' : 'bad'];
  const fill = (text: string) => text.replace('{about}', about).replace('{detail}', detail);
  return { de: fill(de), en: fill(en) };
}

/** The result as one sentence. */
export function resultOf(verdict: DossierVerdict): Sentence {
  if (verdict.outcome === 'unreadable') return unreadable[verdict.because];
  const { origin, size } = verdict;
  if (verdict.outcome === 'genuine') {
    return {
      de: `ECHT. Nichts wurde verändert; alles steht im Protokoll ${origin} (${size} Einträge).`,
      en: `GENUINE. Nothing was changed; all of it is in the log ${origin} (${size} entries).`,
    };
  }
  const names = [...new Set(verdict.checks.filter(({ ok }) => !ok).map(({ about }) => about))].join(', ');
  return {
    de: `NICHT ECHT. Zu beanstanden: ${names}`,
    en: `NOT GENUINE. At fault: ${names}`,
  };
}

const unreadable: Record<'no_dossier' | 'other_format', Sentence> = {
  no_dossier: {
    de: 'NICHT LESBAR: Hier liegt kein Dossier von Jawort.',
    en: 'UNREADABLE: This is no dossier of Jawort.',
  },
  other_format: {
    de: 'NICHT LESBAR: Dieses Dossier hat ein Format, das hier nicht gelesen wird.',
    en: 'UNREADABLE: This dossier has a format that is not read here.',
  },
};
