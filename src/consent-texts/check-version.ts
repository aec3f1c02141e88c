import { createHash } from 'node:crypto';
import type { Db, Tx } from '#db/connect.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import { checkInputOf, currentNames, type FrozenNames, readNames } from './frozen-names.ts';
import { ruleLanguage } from './rule-language.ts';
import { openStates, type TextVersion } from './text-version.ts';
import type { OtherLocale, RuleLanguage } from './wording-check/check-input.ts';
import { checkWording } from './wording-check/check-wording.ts';
import type { Finding } from './wording-check/finding.ts';

/** An error that a person overrode, with a written reason. Stored permanently with the version. */
export interface Override {
  key: string;
  rule: string;
  excerpt: string;
  reason: string;
  by: string;
  by_name: string;
  at: string;
}

export interface Acknowledgement {
  key: string;
  rule: string;
  excerpt: string;
  by: string;
  by_name: string;
  at: string;
}

export interface ReviewedFinding extends Finding {
  /** Stays the same while rule and excerpt stay the same, even if the rest of the text changes. */
  key: string;
  excerpt: string;
  override?: Override;
  acknowledgement?: Acknowledgement;
}

export interface Check {
  findings: ReviewedFinding[];
  /** Errors without override, which block. */
  errors: ReviewedFinding[];
  /** Warnings without acknowledgement. */
  warnings: ReviewedFinding[];
}

type Checked = Pick<
  TextVersion,
  | 'id'
  | 'purpose_id'
  | 'purpose'
  | 'channel'
  | 'locale'
  | 'wording'
  | 'names'
  | 'approved_at'
  | 'overrides'
  | 'acknowledged'
>;

/** Checks a version with all rules: before approval with the current names, afterwards with its frozen names. */
export async function checkVersion(db: Db | Tx, version: Checked, reader?: Locale): Promise<Check> {
  const names = version.approved_at ? readNames(version) : await currentNames(db, version);
  const otherLocales = version.approved_at ? [] : await sameTextElsewhere(db, version);
  return judge(names, version, {
    otherLocales,
    reader: reader === undefined ? undefined : ruleLanguage(reader),
  });
}

export function judge(
  names: FrozenNames,
  version: Pick<Checked, 'wording' | 'locale' | 'channel' | 'overrides' | 'acknowledged'>,
  more: { otherLocales?: OtherLocale[]; reader?: RuleLanguage } = {},
): Check {
  const found = checkWording(checkInputOf(names, version, more));
  const overrides = JSON.parse(version.overrides) as Override[];
  const acknowledged = JSON.parse(version.acknowledged) as Acknowledgement[];
  const findings = keyed(found, version.wording).map((finding) => ({
    ...finding,
    override: overrides.find(({ key }) => key === finding.key),
    acknowledgement: acknowledged.find(({ key }) => key === finding.key),
  }));
  return {
    findings,
    errors: findings.filter(({ severity, override }) => severity === 'error' && !override),
    warnings: findings.filter(({ severity, acknowledgement }) => severity === 'warn' && !acknowledgement),
  };
}

function keyed(findings: Finding[], wording: string): ReviewedFinding[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const excerpt = finding.field === 'wording' ? wording.slice(finding.start, finding.end) : '';
    const place = JSON.stringify([finding.rule, finding.field, excerpt]);
    const nth = seen.get(place) ?? 0;
    seen.set(place, nth + 1);
    const key = createHash('sha256').update(`${place} ${nth}`).digest('hex').slice(0, 16);
    return { ...finding, key, excerpt };
  });
}

/** The same text in the other languages: the open version, else the live one. */
async function sameTextElsewhere(
  db: Db | Tx,
  version: Pick<Checked, 'purpose_id' | 'channel' | 'locale'>,
): Promise<OtherLocale[]> {
  const rows = await db
    .selectFrom('consent_texts')
    .innerJoin('consent_text_versions', 'consent_text_versions.text_id', 'consent_texts.id')
    .select(['consent_texts.locale', 'consent_text_versions.wording', 'consent_text_versions.state'])
    .where('consent_texts.purpose_id', '=', version.purpose_id)
    .where('consent_texts.channel', '=', version.channel)
    .where('consent_texts.locale', '!=', version.locale)
    .where('consent_text_versions.state', 'in', [...openStates, 'live'])
    .execute();
  const locales = [...new Set(rows.map((row) => row.locale))];
  return locales.flatMap((locale) => {
    const here = rows.filter((row) => row.locale === locale);
    const row = here.find(({ state }) => state !== 'live') ?? here[0];
    return row ? [{ locale: ruleLanguage(locale), wording: row.wording }] : [];
  });
}
